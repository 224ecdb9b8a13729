/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "memory_plan.h"
#include "apps/options/options_targets.h"
#include "apps/options/parse.h"
#include "scan_folder.h"
#include "scan_keep.h"
#include "scan_plan.h"
#include "watch_signals.h"
#include "dataplane/port/port_kernel.h"
#include "dataplane/scan/scan.h"
#include "dataplane/scan/scan_sizes.h"

static int fail(struct sc_run *run, enum ut_exit code)
{
	run->exit_code = code;
	return -1;
}

/* What is wrong with an option's value, found only now: begin the sentence with its place in a
 * file. */
static int blame(struct sc_run *run, const char *option, enum ut_exit code)
{
	char why[SC_ERR_LEN], place[SC_ERR_LEN / 2];

	snprintf(why, sizeof(why), "%s", run->err);
	op_options_place(run->options, option, place, sizeof(place));
	snprintf(run->err, sizeof(run->err), "%s%.*s", place,
		(int)(sizeof(run->err) - strlen(place) - 1), why);
	return fail(run, code);
}

static int draw_seed(struct sc_run *run)
{
	struct op_options *options = run->options;

	if (options->seed_given || options->resume)
		return 0;
	if (getrandom(&options->seed, sizeof(options->seed), 0) != sizeof(options->seed)) {
		snprintf(run->err, sizeof(run->err),
			"the kernel gave no random bytes for the seed; give --seed");
		return fail(run, UT_EXIT_SETUP);
	}
	return 0;
}

static int make_targets(struct sc_run *run)
{
	struct op_options *options = run->options;

	if (op_options_targets(options, &run->targets, run->err, sizeof(run->err)) != 0)
		return fail(run, UT_EXIT_SETUP);
	if (op_options_check(options, run->targets, run->err, sizeof(run->err)) != 0)
		return fail(run, UT_EXIT_USAGE);
	return 0;
}

static void print_plan(const struct sc_run *run)
{
	sc_memory_plan_print(run, stderr);
	for (uint32_t i = 0; i < run->roles.n; i++)
		fprintf(stderr, "lcore %u: %s on CPU %u\n", i,
			dp_role_name(run->roles.place[i].role), run->roles.place[i].cpu);
}

static int start_eal(struct sc_run *run)
{
	struct dp_eal_config eal = sc_plan_eal(run);

	if (dp_port_check(&run->port_spec, run->err, sizeof(run->err)) != 0)
		return blame(run, "interface", UT_EXIT_SETUP);
	if (dp_eal_start(&eal, run->err, sizeof(run->err)) != 0)
		return fail(run, UT_EXIT_SETUP);
	run->eal_started = true;
	return 0;
}

static int take_own(struct sc_run *run)
{
	const struct dp_route *route = &run->config.route;
	struct dp_port_own own = {.port_first = run->config.source_port_first,
		.port_last = run->config.source_port_last,
		.vlan = run->config.vlan};

	if (route->has_v4)
		own.addrs[own.n_addrs++] = route->source_v4;
	if (route->has_v6)
		own.addrs[own.n_addrs++] = route->source_v6;
	return dp_port_take_own(&run->port, &own, run->err, sizeof(run->err));
}

static int open_port(struct sc_run *run)
{
	const struct op_options *options = run->options;
	struct hp_plan_counts sizes = dp_scan_sizes(&run->config);

	if (dp_port_open(&run->port_spec, run->roles.n_poll, sizes.n_mbufs, &run->lab.rings,
		    &run->port, run->err, sizeof(run->err)) != 0)
		return fail(run, UT_EXIT_SETUP);
	run->port_open = true;
	if (run->port.found[0] != '\0' && options->verbosity >= 0)
		fprintf(stderr, "tlsweep: %s\n", run->port.found);
	if (run->port.note[0] != '\0' && options->verbosity >= 0)
		fprintf(stderr, "tlsweep: %s\n", run->port.note);
	if (take_own(run) != 0)
		return fail(run, UT_EXIT_SETUP);
	/* Where the kernel's driver takes VLAN tags off, a socket of AF_XDP never sees them. */
	run->config.tags_lost = strcmp(run->port.driver, "net_af_xdp") == 0;
	if (options->has_source_mac)
		memcpy(run->port.mac, options->source_mac, sizeof(run->port.mac));
	run->scan = dp_scan_new(&run->config, run->targets, run->port.id, run->port.mbufs,
		run->port.mac, run->err, sizeof(run->err));
	if (run->scan == NULL)
		return fail(run, UT_EXIT_SETUP);
	run->lab.mbufs = run->port.mbufs;
	run->lab.n_queues = run->roles.n_poll;
	run->lab.shared_cpus = run->roles.shared_cpus;
	return 0;
}

/* What is to be done follows from the options and the set; how much memory that takes is said
 * first. */
static int make_plan(struct sc_run *run)
{
	const char *option;

	if (sc_plan(run, &option) != 0)
		return blame(run, option, UT_EXIT_USAGE);
	if (sc_keep_part(run) != 0)
		return -1;
	if (run->options->print_memory_plan)
		print_plan(run);
	return 0;
}

static int start_tls(struct sc_run *run)
{
	if (tl_global_init() == 0)
		return 0;
	snprintf(run->err, sizeof(run->err), "wolfSSL could not be initialised");
	return fail(run, UT_EXIT_SETUP);
}

bool sc_setup_stopped(struct sc_run *run)
{
	if (sc_watch_signals_seen().n_stop == 0)
		return false;
	snprintf(run->err, sizeof(run->err), "interrupted before the scan began: nothing was sent");
	fail(run, UT_EXIT_INTERRUPTED);
	return true;
}

int sc_setup(struct sc_run *run)
{
	static int (*const steps[])(struct sc_run * run) = {
		sc_folder_look,
		sc_keep_load,
		draw_seed,
		make_targets,
		sc_keep_targets,
		make_plan,
		start_eal,
		open_port,
		start_tls,
		sc_folder_open,
		sc_folder_save_config,
		sc_keep_open,
		sc_folder_control,
	};

	sc_plan_port(run);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		int rc = steps[i](run);

		/* First: a read that the signal broke off has failed, but not by itself. */
		if (sc_setup_stopped(run) || rc != 0)
			return -1;
	}
	return 0;
}

void sc_teardown(struct sc_run *run)
{
	ctl_socket_close(&run->control);
	su_exclusions_free(&run->exclusions);
	if (run->writer != NULL)
		out_writer_close(run->writer);
	su_prefix_table_free(run->prefixes);
	sc_folder_leave(run);
	if (run->scan != NULL)
		dp_scan_leave(run->scan);
	if (run->port_open)
		dp_port_close(&run->port, run->options->is_lab ? &run->lab.rings : NULL);
	dp_targets_free(run->targets);
	sc_keep_free(run);
	/* To stop it would close the port after all. */
	if (run->eal_started && !run->port.left_open)
		dp_eal_stop();
}
