/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>
#include <sys/random.h>

#include "apps/config_file.h"
#include "apps/memory_plan.h"
#include "apps/scan_keep.h"
#include "apps/scan_plan.h"
#include "dataplane/poll.h"
#include "dataplane/scan_sizes.h"

static int fail(struct scan_run *run, enum sw_exit code)
{
	run->exit_code = code;
	return -1;
}

static int draw_seed(struct scan_run *run)
{
	struct sw_options *options = run->options;

	if (options->seed_given || options->resume)
		return 0;
	if (getrandom(&options->seed, sizeof(options->seed), 0) != sizeof(options->seed)) {
		snprintf(run->err, sizeof(run->err),
			"the kernel gave no random bytes for the seed; give --seed");
		return fail(run, SW_EXIT_SETUP);
	}
	return 0;
}

static int make_targets(struct scan_run *run)
{
	struct sw_options *options = run->options;

	if (sw_options_targets(options, &run->targets, run->err, sizeof(run->err)) != 0)
		return fail(run, SW_EXIT_SETUP);
	if (sw_options_check(options, run->targets, run->err, sizeof(run->err)) != 0)
		return fail(run, SW_EXIT_USAGE);
	return 0;
}

/* Another scan's folder is not ours to write to, whatever --overwrite says. */
static int refuse_shared_folder(struct scan_run *run)
{
	run->control.fd = -1;
	if (strcmp(run->options->output, "-") == 0 || !control_socket_in_use(run->options->output))
		return 0;
	snprintf(run->err, sizeof(run->err), "a scan is running in %s; give another --output-dir",
		run->options->output);
	return fail(run, SW_EXIT_SETUP);
}

/* A scan can do without. */
static void open_control(struct scan_run *run)
{
	char err[RUN_ERR_LEN];

	if (strcmp(run->options->output, "-") != 0 &&
		control_socket_open(&run->control, run->options->output, err, sizeof(err)) != 0)
		fprintf(stderr, "tlsweep: %s\n", err);
}

static int open_writer(struct scan_run *run)
{
	struct wr_config config = {
		.dir = run->options->output,
		.certs = run->options->certs,
		.overwrite = run->options->overwrite,
		.resume = run->options->resume,
	};

	if (scan_keep_lock(run) != 0)
		return -1;
	run->writer = wr_open(&config, run->err, sizeof(run->err));
	return run->writer != NULL ? 0 : fail(run, SW_EXIT_SETUP);
}

/* What --resume will begin with. Only now: a run that was refused leaves the earlier one's as it is. */
static int save_config(struct scan_run *run)
{
	if (strcmp(run->options->output, "-") == 0)
		return 0;
	if (sw_config_save(run->options, run->options->output, run->err, sizeof(run->err)) != 0)
		return fail(run, SW_EXIT_SETUP);
	return 0;
}

static void print_plan(const struct scan_run *run)
{
	memory_plan_print(run, stderr);
	for (uint32_t i = 0; i < run->roles.n; i++)
		fprintf(stderr, "lcore %u: %s on CPU %u\n", i,
			dp_role_name(run->roles.place[i].role), run->roles.place[i].cpu);
}

static int start_eal(struct scan_run *run)
{
	struct dp_eal_config eal = scan_plan_eal(run);

	if (dp_port_check(&run->port_spec, run->err, sizeof(run->err)) != 0)
		return fail(run, SW_EXIT_SETUP);
	if (dp_eal_start(&eal, run->err, sizeof(run->err)) != 0)
		return fail(run, SW_EXIT_SETUP);
	run->eal_started = true;
	return 0;
}

static int open_port(struct scan_run *run)
{
	const struct sw_options *options = run->options;
	struct dp_sizes sizes = dp_scan_sizes(&run->config);

	if (dp_port_open(&run->port_spec, run->roles.n_poll, sizes.n_mbufs, &run->lab.rings,
		    &run->port, run->err, sizeof(run->err)) != 0)
		return fail(run, SW_EXIT_SETUP);
	run->port_open = true;
	if (options->has_source_mac)
		memcpy(run->port.mac, options->source_mac, sizeof(run->port.mac));
	run->scan = dp_scan_new(&run->config, run->targets, run->port.id, run->port.mbufs,
		run->port.mac, run->err, sizeof(run->err));
	if (run->scan == NULL)
		return fail(run, SW_EXIT_SETUP);
	run->lab.mbufs = run->port.mbufs;
	run->lab.n_queues = run->roles.n_poll;
	run->lab.shared_cpus = run->roles.shared_cpus;
	return 0;
}

int scan_setup(struct scan_run *run)
{
	scan_plan_port(run);
	if (refuse_shared_folder(run) != 0 || scan_keep_load(run) != 0 || draw_seed(run) != 0 ||
		make_targets(run) != 0 || scan_keep_targets(run) != 0)
		return -1;
	if (scan_plan(run) != 0)
		return fail(run, SW_EXIT_USAGE);
	if (scan_keep_part(run) != 0)
		return -1;
	if (run->options->print_memory_plan)
		print_plan(run);
	if (start_eal(run) != 0 || open_port(run) != 0)
		return -1;
	if (tl_global_init() != 0) {
		snprintf(run->err, sizeof(run->err), "wolfSSL could not be initialised");
		return fail(run, SW_EXIT_SETUP);
	}
	if (open_writer(run) != 0 || save_config(run) != 0 || scan_keep_open(run) != 0)
		return -1;
	open_control(run);
	return 0;
}

void scan_teardown(struct scan_run *run)
{
	control_socket_close(&run->control);
	exclusions_free(&run->exclusions);
	if (run->writer != NULL)
		wr_close(run->writer);
	if (run->scan != NULL)
		dp_scan_free(run->scan);
	if (run->port_open)
		dp_port_close(&run->port, run->options->is_lab ? &run->lab.rings : NULL);
	dp_targets_free(run->targets);
	scan_keep_free(run);
	if (run->eal_started)
		dp_eal_stop();
}
