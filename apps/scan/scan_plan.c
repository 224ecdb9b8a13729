/* SPDX-License-Identifier: BSD-3-Clause */
#include "scan_plan.h"

#include "memory_plan.h"
#include "apps/options/options_targets.h"
#include "dataplane/core/decoy.h"
#include "dataplane/probe/prober.h"
#include "dataplane/scan/scan_sizes.h"

/* A connection that has not ended after so long is reset. */
#define CONN_LIMIT_US 120000000
/* Bounds for the entries of a dedup table. It holds the answers that come while a host may repeat
 * its SYN-ACK, 63 s with Linux's five repetitions, and in a cooldown. */
#define SEEN_MIN    65536
#define SEEN_MAX    (UINT64_C(1) << 24)
#define SYN_TRAIN_S 64
/* The size of the lab. */
#define LAB_CONNS    16384
#define LAB_SESSIONS 1024
#define MAX_CPUS     256

/* Set the addresses of the lab's wire, unless the user has given others. */
static void lab_defaults(struct op_options *options)
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

static struct dp_route make_route(const struct op_options *options)
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

/* Entries for a target that answers everything: its answer, two of a sample, one of a canary, and
 * those of decoys. */
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

/* Seconds from the first probe of a target to its last one: a gap after each probe. If hosts on the
 * link are scanned, each pass also waits for those whose link-layer address is still being resolved
 * (prober_hop.c). */
static double passes_s(const struct dp_scan_config *c)
{
	const struct dp_route *route = &c->route;
	bool on_link = !route->has_fixed_mac &&
		       (route->prefix_v4_len < 32 || route->prefix_v6_len < 128);
	uint64_t asking_us = on_link ? (DP_NEIGH_TRIES + 1) * (uint64_t)DP_NEIGH_GAP_US : 0;

	return c->n_probes * (double)(c->probe_gap_us + asking_us) / 1e6;
}

/* Every probe may be answered; each core remembers the answers to its own. */
uint64_t sc_plan_dedup_entries(const struct sc_plan *plan, double rate_pps, double bandwidth_bps)
{
	const struct op_options *o = plan->options;
	const struct dp_scan_config *c = &plan->config;
	double pps = rate_pps > 0 ? rate_pps : 1e9;
	/* A target that has answered its first probe gets no further ones. */
	double seconds = o->cooldown_s + SYN_TRAIN_S + passes_s(c), answers;

	if (bandwidth_bps > 0)
		pps = RTE_MIN(pps, bandwidth_bps / (8.0 * dp_wire_len(dp_prober_syn_len(c))));
	answers = RTE_MIN(pps * seconds, (double)c->n_indices) * entries_per_answer(c) / c->n_poll;
	return RTE_MIN(RTE_MAX((uint64_t)answers, (uint64_t)SEEN_MIN), SEEN_MAX);
}

static void make_config(struct sc_plan *plan)
{
	const struct op_options *o = plan->options;
	struct dp_index_range part = op_options_share(o, plan->targets);
	struct dp_scan_config *c = &plan->config;

	*c = (struct dp_scan_config){
		.services = o->services,
		.n_services = (uint32_t)o->n_services,
		.route = make_route(o),
		.vlan = o->vlan,
		.source_port_first = o->source_port_first,
		.source_port_last = o->source_port_last,
		.rate_pps = o->rate_pps,
		.n_probes = o->n_probes,
		.syn_offer = o->minimal_syn ? 0 : TS_OPT_ALL,
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
		.n_poll = plan->roles.n_poll,
		.n_tls = plan->roles.n_tls,
		.shared_cpus = plan->roles.shared_cpus,
		.lab = plan->roles.lab,
		.snapshots = sc_plan_has_folder(plan),
		.index_first = part.first,
		.n_indices = part.n,
		.cooldown_us = o->cooldown_s * UINT64_C(1000000),
	};
	c->n_seen = sc_plan_dedup_entries(plan, c->rate_pps, c->bandwidth_bps);
	c->tls.share_seed = o->seed;
	if (o->tls.dear_percent == 0)
		c->tls.dear_percent = TL_DEAR_NEVER;
	memcpy(c->emit, o->emit, sizeof(c->emit));
}

static void make_lab(struct sc_plan *plan)
{
	const struct lab_spec *spec = &plan->options->lab;
	/* Only services keep connections. */
	bool stateful = spec->world.population == LAB_MIXED;

	plan->lab = (struct lab_config){
		.world = spec->world,
		.n_conns = stateful ? LAB_CONNS : 1,
		.n_sessions = stateful ? LAB_SESSIONS : 1,
		.drop_ppm = spec->drop_ppm,
		.duplicate_ppm = spec->duplicate_ppm,
		.reorder_ppm = spec->reorder_ppm,
	};
}

static int make_roles(struct sc_plan *plan, const char **option, char *err, size_t err_len)
{
	const struct op_options *options = plan->options;
	struct dp_roles *roles = &plan->roles;
	uint16_t cpus[MAX_CPUS];
	uint32_t n_cpus = dp_roles_cpus(cpus, MAX_CPUS);

	if (options->lcores == NULL) {
		dp_roles_default(roles, cpus, n_cpus, options->is_lab);
		return 0;
	}
	*option = "lcores";
	if (dp_roles_parse(roles, options->lcores, cpus, n_cpus, options->is_lab, err, err_len) !=
		0)
		return -1;
	if ((uint32_t)(options->source_port_last - options->source_port_first) + 1 <
		roles->n_poll) {
		snprintf(err, err_len,
			"--source-port: %u poll cores need a port each; give a wider range",
			roles->n_poll);
		*option = "source-port";
		return -1;
	}
	return 0;
}

void sc_plan_port(struct sc_plan *plan)
{
	plan->port_spec = dp_port_spec(plan->options->interface);
	if (plan->options->is_lab)
		lab_defaults(plan->options);
}

int sc_plan_make(struct sc_plan *plan, const char **option, char *err, size_t err_len)
{
	if (make_roles(plan, option, err, err_len) != 0)
		return -1;
	dp_roles_eal(&plan->roles, plan->lcores, sizeof(plan->lcores));
	make_config(plan);
	make_lab(plan);
	return 0;
}

struct dp_eal_config sc_plan_eal(const struct sc_plan *plan)
{
	return (struct dp_eal_config){
		.port = &plan->port_spec,
		.lcores = plan->lcores,
		.no_huge = plan->options->no_huge,
		.memory_mb = (dp_scan_memory(&plan->config) >> 20) + 1,
		.heap_mb = sc_memory_plan_heap(plan) >> 20,
		.extra = plan->options->eal_args,
		.verbosity = plan->options->verbosity,
	};
}
