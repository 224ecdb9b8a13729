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

#define MAX_WORDS 64

struct words {
	int n;
	char *argv[MAX_WORDS + 1];
};

static bool push(struct words *words, const char *word)
{
	if (words->n == MAX_WORDS)
		return false;
	words->argv[words->n] = strdup(word);
	if (words->argv[words->n] == NULL)
		return false;
	words->n++;
	return true;
}

static bool push_extra(struct words *words, const char *extra)
{
	char *copy = strdup(extra);
	char *save = NULL;
	bool ok = copy != NULL;

	for (char *w = ok ? strtok_r(copy, " \t", &save) : NULL; w != NULL && ok;
		w = strtok_r(NULL, " \t", &save))
		ok = push(words, w);
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

static bool build_words(const struct dp_eal_config *config, struct words *words)
{
	char text[1024];
	bool ok = push(words, "tlsweep");

	ok = ok && push(words, "--lcores") && push(words, config->lcores);
	snprintf(text, sizeof(text), "--file-prefix=%s", runtime.name);
	ok = ok && push(words, text) && push(words, "--no-shconf");
	if (config->no_huge) {
		snprintf(text, sizeof(text), "%zu", config->memory_mb + DP_EAL_SLACK_MB);
		ok = ok && push(words, "--no-huge") && push(words, "-m") && push(words, text);
	} else {
		ok = ok && push(words, "--huge-unlink");
	}
	if (config->port->kind == DP_PORT_PCI)
		ok = ok && push(words, "-a") && push(words, config->port->name);
	else
		ok = ok && push(words, "--no-pci");
	if (config->verbosity < 2)
		ok = ok && push(words, "--log-level=*:error");
	return ok && (config->extra == NULL || push_extra(words, config->extra));
}

/* EAL looks nowhere else when this is set, and finds its folders there. */
static int take_runtime_dir(char *err, size_t err_len)
{
	char base[DP_RUNTIME_PATH_LEN];
	int rc = dp_runtime_dir_base(base, err, err_len);

	if (rc == 0)
		rc = dp_runtime_dir_take(&runtime, base, err, err_len);
	if (rc == 0 && setenv("RUNTIME_DIRECTORY", base, 1) != 0)
		rc = -ENOMEM;
	return rc;
}

int dp_eal_start(const struct dp_eal_config *config, char *err, size_t err_len)
{
	/* EAL keeps pointers into its arguments: they live as long as the process. It also moves
	 * and overwrites them, so it gets an array of its own. */
	static struct words words;
	static char *argv[MAX_WORDS + 1];
	int ret = check_memory(config, err, err_len);

	if (ret == 0)
		ret = take_runtime_dir(err, err_len);
	if (ret != 0)
		return ret;
	if (!build_words(config, &words)) {
		snprintf(err, err_len, "too many words for DPDK's EAL (--eal, --lcores)");
		dp_runtime_dir_leave(&runtime);
		return -E2BIG;
	}
	memcpy(argv, words.argv, sizeof(argv));
	if (rte_eal_init(words.n, argv) < 0) {
		snprintf(err, err_len,
			"DPDK could not start: %s; its words were: --lcores %s ... (add -v -v for "
			"its log)",
			rte_strerror(rte_errno), words.argv[2]);
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
	/* EAL leaves its folder, one per process, behind, and the socket in it until exit(). With a
	 * --file-prefix in --eal it is another than the one we made, and what is not empty then is
	 * not ours to remove. */
	unlink(socket);
	dp_runtime_dir_leave(&runtime);
	rmdir(dir);
}
