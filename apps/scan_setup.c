/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>
#include <sys/random.h>

#include "apps/memory_plan.h"
#include "apps/scan_folder.h"
#include "apps/scan_keep.h"
#include "apps/scan_run.h"
#include "apps/watch_signals.h"
#include "dataplane/eal.h"
#include "dataplane/poll.h"
#include "dataplane/scan_sizes.h"

/* A connection that has not ended after this long is ended by us, whatever its dialog still hopes
 * for. */
#define CONN_LIMIT_US 120000000
/* Answers remembered for duplicates, within these bounds: what can come while a host still repeats
 * its SYN-ACK, 63 s with Linux's five repetitions, and in a cooldown. */
#define SEEN_MIN    65536
#define SEEN_MAX    (UINT64_C(1) << 24)
#define SYN_TRAIN_S 64
/* A SYN with its preamble and gap. */
#define SYN_WIRE_BITS (84 * 8)
/* Size of the lab's server side. */
#define LAB_CONNS    16384
#define LAB_SESSIONS 1024
#define MAX_CPUS     256

static int fail(struct scan_run *run, enum sw_exit code)
{
	run->exit_code = code;
	return -1;
}

/* What is wrong with an option's value, found only now: begin the sentence with its place in a file. */
static int blame(struct scan_run *run, const char *option, enum sw_exit code)
{
	char why[RUN_ERR_LEN], place[RUN_ERR_LEN / 2];

	snprintf(why, sizeof(why), "%s", run->err);
	sw_options_place(run->options, option, place, sizeof(place));
	snprintf(run->err, sizeof(run->err), "%s%.*s", place,
		(int)(sizeof(run->err) - strlen(place) - 1), why);
	return fail(run, code);
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

/* The lab's wire is known: what the user did not say follows from it. */
static void lab_defaults(struct sw_options *options)
{
	if (!options->has_source_v4) {
		ts_addr_parse(LAB_SCANNER_V4, &options->source_v4);
		options->has_source_v4 = true;
		options->prefix_v4_len = 24;
	}
	if (!options->has_gateway_v4) {
		ts_addr_parse(LAB_GATEWAY_V4, &options->gateway_v4);
		options->has_gateway_v4 = true;
	}
	if (!options->has_source_v6) {
		ts_addr_parse(LAB_SCANNER_V6, &options->source_v6);
		options->has_source_v6 = true;
		options->prefix_v6_len = 64;
	}
	if (!options->has_gateway_v6) {
		ts_addr_parse(LAB_GATEWAY_V6, &options->gateway_v6);
		options->has_gateway_v6 = true;
	}
}

static struct dp_route make_route(const struct sw_options *options)
{
	struct dp_route route = {
		.source_v4 = options->source_v4,
		.source_v6 = options->source_v6,
		.has_v4 = options->has_source_v4,
		.has_v6 = options->has_source_v6,
		.prefix_v4_len = options->prefix_v4_len != 0 ? options->prefix_v4_len : 32,
		.prefix_v6_len = options->prefix_v6_len != 0 ? options->prefix_v6_len : 128,
		.gateway_v4 = options->gateway_v4,
		.gateway_v6 = options->gateway_v6,
		.has_gateway_v4 = options->has_gateway_v4,
		.has_gateway_v6 = options->has_gateway_v6,
		.has_fixed_mac = options->has_gateway_mac,
	};

	memcpy(route.fixed_mac, options->gateway_mac, sizeof(route.fixed_mac));
	return route;
}

/* What is remembered of a target that answers everything: the answer, two of a sample, one of a
 * canary, and those of decoys. */
static double entries_per_answer(const struct dp_scan_config *c)
{
	double n = 1;

	if (c->loss_sample.every > 0)
		n += 2.0 / c->loss_sample.every;
	if (c->canary_sample.every > 0)
		n += 1.0 / c->canary_sample.every;
	if (c->n_decoys > 0)
		n += (1.0 + c->n_decoys) / c->decoy_sample;
	return n;
}

/* How long a target may be remembered before its last probe: a gap after each probe. Where hosts of our
 * own network are scanned, each pass also waits for those of the one before whose link-layer address
 * is still being asked for (prober_hop.c). */
static double passes_s(const struct dp_scan_config *c)
{
	const struct dp_route *route = &c->route;
	bool on_link = !route->has_fixed_mac &&
		       (route->prefix_v4_len < 32 || route->prefix_v6_len < 128);
	uint64_t asking_us = on_link ? (DP_NEIGH_TRIES + 1) * (uint64_t)DP_NEIGH_GAP_US : 0;

	return c->n_probes * (double)(c->probe_gap_us + asking_us) / 1e6;
}

/* Every probe may be answered; each core remembers the answers to its own. */
uint64_t scan_seen_entries(const struct scan_run *run, double rate_pps, double bandwidth_bps)
{
	const struct sw_options *o = run->options;
	const struct dp_scan_config *c = &run->config;
	double pps = rate_pps > 0 ? rate_pps : 1e9;
	/* The last probe of a target is not sent when its first one was answered. */
	double seconds = o->cooldown_s + SYN_TRAIN_S + passes_s(c), answers;

	if (bandwidth_bps > 0)
		pps = RTE_MIN(pps, bandwidth_bps / SYN_WIRE_BITS);
	answers = RTE_MIN(pps * seconds, (double)c->n_indices) * entries_per_answer(c) / c->n_poll;
	return RTE_MIN(RTE_MAX((uint64_t)answers, (uint64_t)SEEN_MIN), SEEN_MAX);
}

static void make_config(struct scan_run *run)
{
	const struct sw_options *o = run->options;
	struct dp_index_range part;

	run->config = (struct dp_scan_config){
		.services = o->services,
		.n_services = (uint32_t)o->n_services,
		.route = make_route(o),
		.vlan = o->vlan,
		.source_port_first = o->source_port_first,
		.source_port_last = o->source_port_last,
		.rate_pps = o->rate_pps,
		.n_probes = o->n_probes,
		.probe_gap_us = o->probe_gap_ms * 1000,
		.bandwidth_bps = o->bandwidth_bps,
		.loss_sample = {.every = o->loss_sample, .salt = 0},
		.canary_sample = {.every = o->canary_sample, .salt = 1},
		.n_decoys = o->n_decoys,
		.decoy_sample = o->decoy_sample,
		.seed = o->seed,
		.dialog = o->dialog,
		.tls = o->tls,
		.sni = o->sni,
		.max_conns = o->max_connections,
		.max_sessions = o->max_sessions,
		.conn_limit_us = CONN_LIMIT_US,
		.n_poll = run->roles.n_poll,
		.n_tls = run->roles.n_tls,
		.shared_cpus = run->roles.shared_cpus,
		.lab = run->roles.lab,
		.snapshots = strcmp(o->output, "-") != 0,
		.cooldown_us = o->cooldown_s * UINT64_C(1000000),
	};
	part = sw_options_share(o, run->targets);
	run->config.index_first = part.first;
	run->config.n_indices = part.n;
	run->config.n_seen = scan_seen_entries(
		run, run->config.rate_pps, run->config.bandwidth_bps);
	run->config.tls.share_seed = o->seed;
	memcpy(run->config.emit, o->emit, sizeof(run->config.emit));
}

static void make_lab(struct scan_run *run)
{
	const struct lab_spec *spec = &run->options->lab;
	/* Only services keep connections. */
	bool stateful = spec->world.population == LAB_MIXED;

	run->lab.config = (struct lab_config){
		.world = spec->world,
		.n_conns = stateful ? LAB_CONNS : 1,
		.n_sessions = stateful ? LAB_SESSIONS : 1,
		.drop_ppm = spec->drop_ppm,
		.duplicate_ppm = spec->duplicate_ppm,
		.reorder_ppm = spec->reorder_ppm,
	};
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

static int make_roles(struct scan_run *run)
{
	const struct sw_options *options = run->options;
	uint16_t cpus[MAX_CPUS];
	uint32_t n_cpus = dp_roles_cpus(cpus, MAX_CPUS);

	if (options->lcores == NULL) {
		dp_roles_default(&run->roles, cpus, n_cpus, options->is_lab);
		return 0;
	}
	if (dp_roles_parse(&run->roles, options->lcores, cpus, n_cpus, options->is_lab, run->err,
		    sizeof(run->err)) != 0)
		return blame(run, "lcores", SW_EXIT_USAGE);
	if ((uint32_t)(options->source_port_last - options->source_port_first) + 1 <
		run->roles.n_poll) {
		snprintf(run->err, sizeof(run->err),
			"--source-port: %u poll cores need a port each; give a wider range",
			run->roles.n_poll);
		return blame(run, "source-port", SW_EXIT_USAGE);
	}
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
	struct dp_eal_config eal = {
		.port = &run->port_spec,
		.roles = &run->roles,
		.no_huge = run->options->no_huge,
		.memory_mb = (dp_scan_memory(&run->config) >> 20) + 1,
		.heap_mb = memory_plan_heap(run) >> 20,
		.extra = run->options->eal_args,
		.verbosity = run->options->verbosity,
	};

	if (dp_port_check(&run->port_spec, run->err, sizeof(run->err)) != 0)
		return blame(run, "interface", SW_EXIT_SETUP);
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

/* What is to be done follows from the options and the set; how much memory that takes is said first. */
static int make_plan(struct scan_run *run)
{
	make_config(run);
	make_lab(run);
	if (scan_keep_part(run) != 0)
		return -1;
	if (run->options->print_memory_plan)
		print_plan(run);
	return 0;
}

static int start_tls(struct scan_run *run)
{
	if (tl_global_init() == 0)
		return 0;
	snprintf(run->err, sizeof(run->err), "wolfSSL could not be initialised");
	return fail(run, SW_EXIT_SETUP);
}

bool scan_setup_stopped(struct scan_run *run)
{
	if (watch_signals_seen().n_stop == 0)
		return false;
	snprintf(run->err, sizeof(run->err), "interrupted before the scan began: nothing was sent");
	fail(run, SW_EXIT_INTERRUPTED);
	return true;
}

int scan_setup(struct scan_run *run)
{
	static int (*const steps[])(struct scan_run * run) = {
		scan_folder_look,
		scan_keep_load,
		draw_seed,
		make_targets,
		scan_keep_targets,
		make_roles,
		make_plan,
		start_eal,
		open_port,
		start_tls,
		scan_folder_open,
		scan_folder_save_config,
		scan_keep_open,
		scan_folder_control,
	};

	run->port_spec = dp_port_spec(run->options->interface);
	if (run->options->is_lab)
		lab_defaults(run->options);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		int rc = steps[i](run);

		/* First: a read that the signal broke off has failed, but not by itself. */
		if (scan_setup_stopped(run) || rc != 0)
			return -1;
	}
	return 0;
}

void scan_teardown(struct scan_run *run)
{
	control_socket_close(&run->control);
	exclusions_free(&run->exclusions);
	if (run->writer != NULL)
		wr_close(run->writer);
	scan_folder_leave(run);
	if (run->scan != NULL)
		dp_scan_free(run->scan);
	if (run->port_open)
		dp_port_close(&run->port, run->options->is_lab ? &run->lab.rings : NULL);
	dp_targets_free(run->targets);
	scan_keep_free(run);
	if (run->eal_started)
		dp_eal_stop();
}
