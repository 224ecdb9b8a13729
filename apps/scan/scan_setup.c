/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "memory_plan.h"
#include "apps/options/options_targets.h"
#include "apps/options/parse.h"
#include "scan_run.h"
#include "watch_signals.h"
#include "dataplane/scan/scan.h"
#include "dataplane/scan/scan_sizes.h"

/* An option's value turns out to be wrong: begin the sentence with its place in a file. */
static int blame(
	struct sc_end *end, const struct op_options *options, const char *option, enum ut_exit code)
{
	char why[SC_ERR_LEN], place[SC_ERR_LEN / 2];

	snprintf(why, sizeof(why), "%s", end->err);
	op_options_place(options, option, place, sizeof(place));
	snprintf(end->err, sizeof(end->err), "%s%.*s", place,
		(int)(sizeof(end->err) - strlen(place) - 1), why);
	return sc_end_fail(end, code);
}

static int look_at_folder(struct sc_run *run)
{
	return sc_folder_look(&run->output, &run->plan, &run->end);
}

static int load_checkpoint(struct sc_run *run)
{
	return sc_keep_load(&run->keep, &run->plan, &run->output, &run->end);
}

static int draw_seed(struct sc_run *run)
{
	struct op_options *options = run->plan.options;

	if (options->seed_given || options->resume)
		return 0;
	if (getrandom(&options->seed, sizeof(options->seed), 0) != sizeof(options->seed)) {
		snprintf(run->end.err, sizeof(run->end.err),
			"the kernel gave no random bytes for the seed; give --seed");
		return sc_end_fail(&run->end, UT_EXIT_SETUP);
	}
	return 0;
}

static int make_targets(struct sc_run *run)
{
	struct sc_plan *plan = &run->plan;
	struct sc_end *end = &run->end;

	if (op_options_targets(plan->options, &plan->targets, end->err, sizeof(end->err)) != 0)
		return sc_end_fail(end, UT_EXIT_SETUP);
	if (op_options_check(plan->options, plan->targets, end->err, sizeof(end->err)) != 0)
		return sc_end_fail(end, UT_EXIT_USAGE);
	return 0;
}

static int resume_targets(struct sc_run *run)
{
	return sc_keep_targets(&run->keep, &run->plan, &run->end);
}

static void print_plan(const struct sc_plan *plan)
{
	sc_memory_plan_print(plan, stderr);
	for (uint32_t i = 0; i < plan->roles.n; i++)
		fprintf(stderr, "lcore %u: %s on CPU %u\n", i,
			dp_role_name(plan->roles.place[i].role), plan->roles.place[i].cpu);
}

/* Make the plan from options and targets, and print it if it is asked for. */
static int make_plan(struct sc_run *run)
{
	struct sc_plan *plan = &run->plan;
	struct sc_end *end = &run->end;
	const char *option;

	if (sc_plan_make(plan, &option, end->err, sizeof(end->err)) != 0)
		return blame(end, plan->options, option, UT_EXIT_USAGE);
	if (sc_keep_part(&run->keep, plan, end) != 0)
		return -1;
	if (plan->options->print_memory_plan)
		print_plan(plan);
	return 0;
}

static int start_eal(struct sc_run *run)
{
	const struct sc_plan *plan = &run->plan;
	struct dp_eal_config eal = sc_plan_eal(plan);
	struct sc_end *end = &run->end;

	if (dp_port_check(&plan->port_spec, end->err, sizeof(end->err)) != 0)
		return blame(end, plan->options, "interface", UT_EXIT_SETUP);
	if (dp_eal_start(&eal, end->err, sizeof(end->err)) != 0)
		return sc_end_fail(end, UT_EXIT_SETUP);
	run->engine.eal_started = true;
	return 0;
}

static int open_port(struct sc_run *run)
{
	const struct op_options *options = run->plan.options;
	struct hp_plan_counts sizes = dp_scan_sizes(&run->plan.config);
	struct sc_engine *engine = &run->engine;
	struct dp_port *port = &engine->port;

	if (dp_port_open(&run->plan.port_spec, run->plan.roles.n_poll, sizes.n_mbufs,
		    &engine->lab.rings, port, run->end.err, sizeof(run->end.err)) != 0)
		return sc_end_fail(&run->end, UT_EXIT_SETUP);
	engine->port_open = true;
	if (port->note[0] != '\0' &&
		(run->plan.port_spec.kind == DP_PORT_AF_XDP || options->verbosity >= 0))
		fprintf(stderr, "tlsweep: %s\n", port->note);
	/* If the kernel's driver removes VLAN tags, a socket of AF_XDP never sees them. */
	run->plan.config.tags_lost = strcmp(port->driver, "net_af_xdp") == 0;
	if (options->has_source_mac)
		memcpy(port->mac, options->source_mac, sizeof(port->mac));
	return 0;
}

static int build_scan(struct sc_run *run)
{
	const struct sc_plan *plan = &run->plan;
	struct sc_engine *engine = &run->engine;
	const struct dp_port *port = &engine->port;

	engine->scan = dp_scan_new(&plan->config, plan->targets, port->id, port->mbufs, port->mac,
		run->end.err, sizeof(run->end.err));
	if (engine->scan == NULL)
		return sc_end_fail(&run->end, UT_EXIT_SETUP);
	engine->lab.config = plan->lab;
	engine->lab.mbufs = port->mbufs;
	engine->lab.n_queues = plan->roles.n_poll;
	engine->lab.shared_cpus = plan->roles.shared_cpus;
	return 0;
}

static int start_tls(struct sc_run *run)
{
	if (tl_global_init() == 0)
		return 0;
	snprintf(run->end.err, sizeof(run->end.err), "wolfSSL could not be initialised");
	return sc_end_fail(&run->end, UT_EXIT_SETUP);
}

static int open_output(struct sc_run *run)
{
	return sc_folder_open(&run->output, &run->plan, &run->end);
}

static int save_config(struct sc_run *run)
{
	return sc_folder_save_config(&run->output, &run->plan, &run->end);
}

static int begin_checkpoint(struct sc_run *run)
{
	return sc_keep_open(&run->keep, &run->plan, &run->output, run->engine.scan,
		&run->account.exclusions, &run->end);
}

static int open_control(struct sc_run *run)
{
	sc_folder_control(&run->output, &run->plan, &run->control);
	return 0;
}

bool sc_setup_stopped(struct sc_end *end)
{
	if (sc_watch_signals_seen().n_stop == 0)
		return false;
	snprintf(end->err, sizeof(end->err), "interrupted before the scan began: nothing was sent");
	end->code = UT_EXIT_INTERRUPTED;
	return true;
}

int sc_setup(struct sc_run *run)
{
	static int (*const steps[])(struct sc_run * run) = {
		look_at_folder,
		load_checkpoint,
		draw_seed,
		make_targets,
		resume_targets,
		make_plan,
		start_eal,
		open_port,
		build_scan,
		start_tls,
		open_output,
		save_config,
		begin_checkpoint,
		open_control,
	};

	run->control.fd = -1;
	sc_plan_port(&run->plan);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		int rc = steps[i](run);

		/* If a signal interrupted a read, the stop is reported, not the failed read. */
		if (sc_setup_stopped(&run->end) || rc != 0)
			return -1;
	}
	return 0;
}

void sc_teardown(struct sc_run *run)
{
	struct sc_engine *engine = &run->engine;

	ctl_socket_close(&run->control);
	su_exclusions_free(&run->account.exclusions);
	sc_folder_close_writer(&run->output);
	sc_folder_leave(&run->output, run->begun);
	if (engine->scan != NULL)
		dp_scan_leave(engine->scan);
	if (engine->port_open)
		dp_port_close(&engine->port, run->plan.options->is_lab ? &engine->lab.rings : NULL);
	dp_targets_free(run->plan.targets);
	sc_keep_free(&run->keep);
	sc_folder_close(&run->output);
	if (engine->eal_started)
		dp_eal_stop();
}
