/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>

#include "eal.h"
#include "hugepages/memory.h"
#include "hugepages/pages.h"
#include "runtime_dir.h"

#define MAX_ARGUMENTS 64

struct arguments {
	int n;
	char *v[MAX_ARGUMENTS + 1];
};

static bool push(struct arguments *arguments, const char *argument)
{
	if (arguments->n == MAX_ARGUMENTS)
		return false;
	arguments->v[arguments->n] = strdup(argument);
	if (arguments->v[arguments->n] == NULL)
		return false;
	arguments->n++;
	return true;
}

static bool push_extra(struct arguments *arguments, const char *extra)
{
	char *copy = strdup(extra);
	char *save = NULL;
	bool ok = copy != NULL;

	for (char *w = ok ? strtok_r(copy, " \t", &save) : NULL; w != NULL && ok;
		w = strtok_r(NULL, " \t", &save))
		ok = push(arguments, w);
	free(copy);
	return ok;
}

/* Before anything starts: is there memory for the plan? */
static int check_memory(const struct dp_eal_config *config, char *err, size_t err_len)
{
	size_t dpdk_mb = config->memory_mb + DP_EAL_SLACK_MB;
	size_t plain_mb = config->heap_mb + (config->no_huge ? dpdk_mb : 0);
	size_t free_mb = config->no_huge ? 0 : hp_pages_free_mb("");
	size_t available_mb;

	if (!config->no_huge && free_mb < dpdk_mb) {
		char command[HP_PAGES_COMMAND_LEN];

		hp_pages_reserve_command(dpdk_mb, command, sizeof(command));
		snprintf(err, err_len,
			"this scan needs %zu MB of huge pages and %zu MB are free; reserve them "
			"with `%s`, or run with --no-huge",
			dpdk_mb, free_mb, command);
		return -ENOMEM;
	}
	/* If the machine does not tell, the scan tries. */
	if (hp_memory_available("", &available_mb) && available_mb < plain_mb) {
		snprintf(err, err_len,
			"this scan needs %zu MB of memory and the machine has %zu MB available; "
			"lower "
			"--max-connections or --max-sessions",
			plain_mb, available_mb);
		return -ENOMEM;
	}
	return 0;
}

/* Once per process, as EAL is. */
static struct dp_runtime_dir runtime = {.parent_fd = -1, .lock_fd = -1};

static bool make_arguments(const struct dp_eal_config *config, struct arguments *arguments)
{
	char text[1024];
	bool ok = push(arguments, "tlsweep");

	ok = ok && push(arguments, "--lcores") && push(arguments, config->lcores);
	snprintf(text, sizeof(text), "--file-prefix=%s", runtime.name);
	ok = ok && push(arguments, text) && push(arguments, "--no-shconf");
	if (config->no_huge) {
		snprintf(text, sizeof(text), "%zu", config->memory_mb + DP_EAL_SLACK_MB);
		ok = ok && push(arguments, "--no-huge") && push(arguments, "-m") &&
		     push(arguments, text);
	} else {
		ok = ok && push(arguments, "--huge-unlink");
	}
	if (config->port->kind == DP_PORT_PCI)
		ok = ok && push(arguments, "-a") && push(arguments, config->port->name);
	else
		ok = ok && push(arguments, "--no-pci");
	if (config->verbosity < 2)
		ok = ok && push(arguments, "--log-level=*:error");
	return ok && (config->extra == NULL || push_extra(arguments, config->extra));
}

/* If RUNTIME_DIRECTORY is set, EAL looks nowhere else for its folders. */
static int take_runtime_dir(char *err, size_t err_len)
{
	char base[DP_RUNTIME_PATH_LEN];
	int rc = dp_runtime_dir_base(base, err, err_len);

	if (rc == 0)
		rc = dp_runtime_dir_take(&runtime, base, err, err_len);
	if (rc == 0 && setenv("RUNTIME_DIRECTORY", base, 1) != 0) {
		snprintf(err, err_len, "memory is short for the environment");
		dp_runtime_dir_leave(&runtime);
		rc = -ENOMEM;
	}
	return rc;
}

int dp_eal_start(const struct dp_eal_config *config, char *err, size_t err_len)
{
	/* EAL keeps pointers to its arguments, so they live as long as the process. It also moves
	 * and overwrites the pointers, so it gets an array of its own. */
	static struct arguments arguments;
	static char *argv[MAX_ARGUMENTS + 1];
	int ret = check_memory(config, err, err_len);

	if (ret == 0)
		ret = take_runtime_dir(err, err_len);
	if (ret != 0)
		return ret;
	if (!make_arguments(config, &arguments)) {
		snprintf(err, err_len, "too many arguments for DPDK's EAL (--eal, --lcores)");
		dp_runtime_dir_leave(&runtime);
		return -E2BIG;
	}
	memcpy(argv, arguments.v, sizeof(argv));
	if (rte_eal_init(arguments.n, argv) < 0) {
		snprintf(err, err_len,
			"DPDK could not start: %s; its arguments were: --lcores %s ... (add -v -v "
			"for its log)",
			rte_strerror(rte_errno), arguments.v[2]);
		dp_runtime_dir_leave(&runtime);
		return -rte_errno;
	}
	return 0;
}

void dp_eal_telemetry_path(char *path, size_t size)
{
	snprintf(path, size, "%s/dpdk_telemetry.v2", rte_eal_get_runtime_dir());
}

void dp_eal_stop(void)
{
	char dir[PATH_MAX], socket[PATH_MAX + 32];

	snprintf(dir, sizeof(dir), "%s", rte_eal_get_runtime_dir());
	dp_eal_telemetry_path(socket, sizeof(socket));
	rte_eal_cleanup();
	/* EAL does not remove its folder, and leaves the socket in it until exit(). If --eal has a
	 * --file-prefix, this is another folder than the one we made, and it is removed only if it
	 * is empty. */
	unlink(socket);
	dp_runtime_dir_leave(&runtime);
	rmdir(dir);
}
