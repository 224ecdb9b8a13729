/* SPDX-License-Identifier: BSD-3-Clause */
#include <rte_cycles.h>

#include "decoy_send.h"
#include "prober_internal.h"

/* The window of all probes, which is in the template: a real client's first one. */
#define PROBE_WND 64240
/* Frames that a call may send beyond its budget: a request for each family's gateway. */
#define N_GATEWAYS 2

size_t dp_prober_memory(void)
{
	return DP_DEFER_SLOTS * sizeof(struct dp_deferred);
}

static void init_template(
	const struct dp_scan *scan, const struct ts_addr *src, struct ts_syn_template *tpl)
{
	struct ts_link link = {.vlan = scan->config.vlan, .ttl = DP_TTL};

	memcpy(link.src_mac, scan->mac, sizeof(link.src_mac));
	ts_syn_template_init(tpl, &link, src, PROBE_WND, ts_addr_is_v4(src) ? DP_MSS : DP_MSS - 20);
}

/* Frames a second of one core: the reply budget is a share of this. */
static double core_pps(const struct dp_prober *prober)
{
	return dp_budget_pps(&prober->budget, prober->rate_pps, prober->bandwidth_bps) /
	       prober->config->n_poll;
}

/* If bytes are limited, a long reply costs as much as the probes that it replaces. */
static uint32_t reply_unit(const struct dp_prober *prober)
{
	return prober->bandwidth_bps > 0 ? prober->budget.probe_wire_len : 0;
}

void dp_prober_init(
	struct dp_prober *prober, struct dp_poll *poll, struct dp_work *work, void *memory)
{
	const struct dp_scan *scan = poll->scan;

	prober->poll = poll;
	prober->work = work;
	prober->config = &scan->config;
	prober->deferred = memory;
	prober->defer_floor = prober->defer_floor_next = UINT64_MAX;
	if (scan->config.route.has_v4)
		init_template(scan, &scan->config.route.source_v4, &prober->tpl_v4);
	if (scan->config.route.has_v6)
		init_template(scan, &scan->config.route.source_v6, &prober->tpl_v6);
	prober->rate_pps = scan->config.rate_pps;
	prober->bandwidth_bps = scan->config.bandwidth_bps;
	dp_budget_init(&prober->budget, scan->config.rate_pps / scan->config.n_poll,
		scan->config.bandwidth_bps / scan->config.n_poll,
		RTE_MAX(prober->tpl_v4.len, prober->tpl_v6.len), rte_get_tsc_hz(), rte_rdtsc());
	dp_replies_init(
		&poll->replies, scan->config.n_poll, core_pps(prober), reply_unit(prober), 0);
	dp_pass_init(prober);
}

static bool all_probed(const struct dp_prober *prober)
{
	return dp_pass_all_done(prober) && dp_queue_is_empty(&prober->work->retries.queue) &&
	       dp_queue_is_empty(&prober->defer_queue) && dp_decoy_none(&prober->work->decoys);
}

/* Follow the limits if they have changed. */
static void follow_rate(struct dp_prober *prober)
{
	const struct dp_live *live = prober->poll->live;
	uint32_t n_poll = prober->config->n_poll;

	if (live->rate_pps == prober->rate_pps && live->bandwidth_bps == prober->bandwidth_bps)
		return;
	prober->rate_pps = live->rate_pps;
	prober->bandwidth_bps = live->bandwidth_bps;
	dp_budget_set(&prober->budget, live->rate_pps / n_poll, live->bandwidth_bps / n_poll,
		rte_rdtsc());
	dp_replies_set(
		&prober->poll->replies, core_pps(prober), reply_unit(prober), prober->poll->now_us);
}

/* Frames queued so far that are charged, and their bytes on the wire. */
static uint64_t charged_frames(const struct dp_prober *prober)
{
	return prober->poll->tx->n_frames - prober->poll->replies.n_frames;
}

static uint64_t charged_bytes(const struct dp_prober *prober)
{
	return prober->poll->tx->wire_bytes - prober->poll->replies.n_bytes;
}

/* Charge what has been queued since the last turn, and see what is left for probes. */
static uint32_t allowance(struct dp_prober *prober, enum dp_stall stall)
{
	struct dp_budget *budget = &prober->budget;
	uint64_t n_frames = charged_frames(prober), n_bytes = charged_bytes(prober);

	if (!budget->limited)
		return stall == DP_STALL_NONE ? DP_PROBE_BURST : 0;
	if (stall == DP_STALL_DONE) {
		dp_budget_rest(budget, rte_rdtsc(), n_frames, n_bytes);
		return 0;
	}
	return dp_budget_probes(budget, rte_rdtsc(), n_frames, n_bytes);
}

/* Send at most budget frames. @return how much was done */
static uint32_t run_burst(struct dp_prober *prober, uint32_t budget)
{
	uint32_t n_frames = dp_txq_reserve(prober->poll->tx, budget + N_GATEWAYS);
	struct dp_burst burst;

	budget = RTE_MIN(budget, n_frames - RTE_MIN(n_frames, (uint32_t)N_GATEWAYS));
	dp_burst_begin(&burst, prober, budget);
	/* Decoys go first, because a record of their host may soon be made. */
	dp_decoy_send(&burst, prober);
	dp_prober_retry_run(&burst, prober);
	dp_hop_run(&burst, prober);
	dp_pass_run(&burst, prober);
	dp_burst_send(&burst, prober);
	dp_budget_sent(&prober->budget, charged_frames(prober), charged_bytes(prober));
	return budget - dp_burst_left(&burst) + burst.n_passed_over;
}

/* Why nothing could be done although it was allowed. */
static enum dp_stall what_blocks(const struct dp_prober *prober)
{
	if (prober->poll->tx->n_spare <= N_GATEWAYS)
		return DP_STALL_TX;
	/* A first probe waits only for its next hop, and repetitions do not overtake deferred
	 * probes. */
	if (prober->pass[0].pos < prober->n_positions || !dp_queue_is_empty(&prober->defer_queue))
		return DP_STALL_NEIGHBOUR;
	return dp_pass_all_done(prober) ? DP_STALL_RETRY : DP_STALL_GAP;
}

uint32_t dp_prober_run(struct dp_prober *prober, enum dp_stall busy)
{
	enum dp_stall stall = all_probed(prober) ? DP_STALL_DONE : busy;
	uint32_t budget, n_done = 0;

	follow_rate(prober);
	budget = allowance(prober, stall);
	if (stall == DP_STALL_NONE && budget == 0)
		stall = DP_STALL_RATE;
	if (stall == DP_STALL_NONE) {
		n_done = run_burst(prober, budget);
		if (n_done == 0)
			stall = what_blocks(prober);
		dp_pass_publish(prober);
	}
	atomic_store_explicit(&prober->poll->stats->stall, stall, memory_order_relaxed);
	return n_done;
}
