/* SPDX-License-Identifier: BSD-3-Clause */
#include <rte_cycles.h>

#include "prober_internal.h"

/* Fixed with the template; a real client's first window. */
#define PROBE_WND 64240
/* The writer's ring may be this full before probing stops: the rest is for answers on their way. */
#define WRITER_STALL_SHARE 2
/* Retries looked at in one call: those that have answered cost no token. */
#define RETRY_LOOKS (4 * DP_PROBE_BURST)
/* Frames a call may send beside its budget: a request for each family's gateway. */
#define N_GATEWAYS 2

size_t dp_prober_memory(void)
{
	return DP_RETRY_SLOTS * sizeof(struct dp_retry) +
	       DP_DEFER_SLOTS * sizeof(struct dp_deferred) +
	       DP_DECOY_SLOTS * sizeof(struct dp_decoy_host);
}

static void init_template(
	const struct dp_scan *scan, const struct ts_addr *src, struct ts_syn_template *tpl)
{
	struct ts_link link = {.vlan = scan->config.vlan, .ttl = DP_TTL};

	memcpy(link.src_mac, scan->mac, sizeof(link.src_mac));
	ts_syn_template_init(tpl, &link, src, PROBE_WND, ts_addr_is_v4(src) ? DP_MSS : DP_MSS - 20);
}

/* What the share of replies is taken of: frames a second, of one core. */
static double core_pps(const struct dp_poll *poll)
{
	const struct dp_prober *prober = &poll->prober;

	return dp_budget_pps(&prober->budget, prober->rate_pps, prober->bandwidth_bps) /
	       poll->scan->config.n_poll;
}

/* Where bytes are limited, a long reply costs as much as the probes it takes the place of. */
static uint32_t reply_unit(const struct dp_prober *prober)
{
	return prober->bandwidth_bps > 0 ? prober->budget.probe_wire_len : 0;
}

void dp_prober_init(struct dp_poll *poll, void *memory)
{
	const struct dp_scan *scan = poll->scan;
	struct dp_prober *prober = &poll->prober;

	prober->retry = memory;
	prober->deferred = (struct dp_deferred *)(void *)&prober->retry[DP_RETRY_SLOTS];
	prober->decoys.hosts = (struct dp_decoy_host *)(void *)&prober->deferred[DP_DEFER_SLOTS];
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
	dp_replies_init(&poll->replies, scan->config.n_poll, core_pps(poll), reply_unit(prober), 0);
	dp_pass_init(poll);
}

bool dp_prober_retry(struct dp_poll *poll, const struct ts_addr *addr, uint16_t service)
{
	struct dp_prober *prober = &poll->prober;

	if (!dp_prober_retry_room(prober))
		return false;
	prober->retry[prober->retry_tail++ % DP_RETRY_SLOTS] = (struct dp_retry){
		.target = {*addr, service},
		.due_us = poll->now_us + DP_RETRY_GAP_US,
	};
	dp_seen_add(&poll->seen, DP_SEEN_RETRIED, addr, poll->scan->config.services[service].port);
	return true;
}

bool dp_prober_retry_open(const struct dp_poll *poll, const struct dp_retry *retry)
{
	const struct ts_addr *addr = &retry->target.addr;
	uint16_t port = poll->scan->config.services[retry->target.service].port;

	if (retry->tries == 0)
		return true;
	return !dp_seen_has(&poll->seen, DP_SEEN_SYNACK, addr, port) &&
	       (retry->had_rst || !dp_seen_has(&poll->seen, DP_SEEN_RST, addr, port));
}

uint32_t dp_prober_n_retries_open(const struct dp_poll *poll)
{
	const struct dp_prober *prober = &poll->prober;
	uint32_t n = 0;

	for (uint32_t i = prober->retry_head; i != prober->retry_tail; i++)
		n += dp_prober_retry_open(poll, &prober->retry[i % DP_RETRY_SLOTS]);
	return n;
}

/* It was asked again, or its link-layer address was, and goes behind the others. */
static void await_retry(struct dp_poll *poll, struct dp_retry retry)
{
	struct dp_prober *prober = &poll->prober;
	const struct ts_addr *addr = &retry.target.addr;
	uint16_t port = poll->scan->config.services[retry.target.service].port;

	if (retry.tries == 0) {
		retry.had_rst = dp_seen_has(&poll->seen, DP_SEEN_RST, addr, port);
		/* From here on its answer is served like the first one. */
		dp_seen_forget(&poll->seen, DP_SEEN_SYNACK, addr, port);
	}
	retry.tries++;
	retry.due_us = poll->now_us + DP_RETRY_GAP_US;
	prober->retry[prober->retry_tail++ % DP_RETRY_SLOTS] = retry;
}

/* Ask one again that is due. @return false when that cannot be done now */
static bool ask_again(struct dp_burst *burst, struct dp_poll *poll, struct dp_retry retry)
{
	if (retry.tries == DP_RETRY_TRIES) {
		dp_count(poll->stats, DP_RETRIES_UNANSWERED);
		return true;
	}
	switch (dp_burst_add(burst, poll, &retry.target, DP_PROBE_PROPER)) {
	case DP_BURST_QUEUED:
		dp_recent_add(poll, &retry.target);
		dp_count(poll->stats, DP_PROBES_RETRIED);
		await_retry(poll, retry);
		return true;
	case DP_BURST_DEFERRED:
		dp_hop_ask(burst, poll, &retry.target.addr);
		await_retry(poll, retry);
		return true;
	case DP_BURST_EXCLUDED:
		dp_count(poll->stats, DP_RETRIES_EXCLUDED);
		return true;
	case DP_BURST_NEEDLESS:
		return true;
	case DP_BURST_BLOCKED:
		break;
	}
	return false;
}

static void run_retries(struct dp_burst *burst, struct dp_poll *poll)
{
	struct dp_prober *prober = &poll->prober;
	uint32_t n_look = RETRY_LOOKS;

	while (n_look-- > 0 && dp_burst_left(burst) > 0 &&
		prober->retry_head != prober->retry_tail && dp_recent_room(poll)) {
		struct dp_retry retry = prober->retry[prober->retry_head % DP_RETRY_SLOTS];

		if (poll->now_us < retry.due_us)
			break;
		/* Its place is free first: it may need it again. */
		prober->retry_head++;
		if (dp_prober_retry_open(poll, &retry) && !ask_again(burst, poll, retry)) {
			prober->retry_head--;
			break;
		}
	}
}

static bool all_probed(const struct dp_poll *poll)
{
	const struct dp_prober *prober = &poll->prober;

	return dp_pass_all_done(poll) && prober->retry_head == prober->retry_tail &&
	       prober->defer_head == prober->defer_tail && dp_decoy_row_empty(&prober->decoys);
}

static enum dp_stall back_pressure(const struct dp_poll *poll)
{
	const struct dp_scan *scan = poll->scan;
	const struct rte_ring *writer = scan->to_writer[poll->index];

	if (all_probed(poll))
		return DP_STALL_DONE;
	if (poll->live->no_link)
		return DP_STALL_LINK;
	if (poll->live->no_room)
		return DP_STALL_DISK;
	/* Well below what stops the receive path (rx.c): answers go on while probes wait. A far end
	 * that waits for us to receive before it takes more would wait for ever otherwise. */
	if (poll->tx.n > DP_TXQ_DEPTH / 4)
		return DP_STALL_TX;
	if (poll->flows.records.n > 0 ||
		rte_ring_free_count(writer) < rte_ring_get_capacity(writer) / WRITER_STALL_SHARE)
		return DP_STALL_WRITER;
	if (poll->flows.want_talk.n + poll->flows.want_credit.n >= scan->config.max_sessions)
		return DP_STALL_TLS;
	if (ts_stack_n_open(poll->flows.tcp) >= scan->config.max_conns - scan->config.max_conns / 4)
		return DP_STALL_CONNECTIONS;
	return DP_STALL_NONE;
}

/* The limits in force, should they have changed. */
static void follow_rate(struct dp_poll *poll)
{
	const struct dp_live *live = poll->live;
	struct dp_prober *prober = &poll->prober;
	uint32_t n_poll = poll->scan->config.n_poll;

	if (live->rate_pps == prober->rate_pps && live->bandwidth_bps == prober->bandwidth_bps)
		return;
	prober->rate_pps = live->rate_pps;
	prober->bandwidth_bps = live->bandwidth_bps;
	dp_budget_set(&prober->budget, live->rate_pps / n_poll, live->bandwidth_bps / n_poll,
		rte_rdtsc());
	dp_replies_set(&poll->replies, core_pps(poll), reply_unit(prober), poll->now_us);
}

/* What has been queued so far and is to be charged. */
static uint64_t charged_frames(const struct dp_poll *poll)
{
	return poll->tx.n_frames - poll->replies.n_frames;
}

static uint64_t charged_bytes(const struct dp_poll *poll)
{
	return poll->tx.wire_bytes - poll->replies.n_bytes;
}

/* Charge what has been queued since the last turn, and see what is left for probes. */
static uint32_t allowance(struct dp_poll *poll, enum dp_stall stall)
{
	struct dp_budget *budget = &poll->prober.budget;
	uint64_t n_frames = charged_frames(poll), n_bytes = charged_bytes(poll);

	if (!budget->limited)
		return stall == DP_STALL_NONE ? DP_PROBE_BURST : 0;
	if (stall == DP_STALL_DONE) {
		dp_budget_rest(budget, rte_rdtsc(), n_frames, n_bytes);
		return 0;
	}
	return dp_budget_probes(budget, rte_rdtsc(), n_frames, n_bytes);
}

/* Send at most so many frames. @return how much was done */
static uint32_t run_burst(struct dp_poll *poll, uint32_t budget)
{
	uint32_t n_frames = dp_txq_reserve(&poll->tx, budget + N_GATEWAYS);
	struct dp_burst burst;

	budget = RTE_MIN(budget, n_frames - RTE_MIN(n_frames, (uint32_t)N_GATEWAYS));
	dp_burst_begin(&burst, poll, budget);
	/* First, as a record of the host may soon be made. */
	dp_decoy_run(&burst, poll);
	run_retries(&burst, poll);
	dp_hop_run(&burst, poll);
	dp_pass_run(&burst, poll);
	dp_burst_send(&burst, poll);
	dp_budget_sent(&poll->prober.budget, charged_frames(poll), charged_bytes(poll));
	return budget - dp_burst_left(&burst) + burst.n_passed_over;
}

/* Why nothing could be done although it was allowed. */
static enum dp_stall what_blocks(const struct dp_poll *poll)
{
	const struct dp_prober *prober = &poll->prober;

	if (poll->tx.n_spare <= N_GATEWAYS)
		return DP_STALL_TX;
	/* A first probe waits for nothing else; repetitions do not overtake those that wait for
	 * it. */
	if (prober->pass[0].pos < prober->n_positions || prober->defer_head != prober->defer_tail)
		return DP_STALL_NEIGHBOUR;
	return dp_pass_all_done(poll) ? DP_STALL_RETRY : DP_STALL_GAP;
}

uint32_t dp_prober_run(struct dp_poll *poll)
{
	enum dp_stall stall = back_pressure(poll);
	uint32_t budget, n_done = 0;

	follow_rate(poll);
	budget = allowance(poll, stall);
	if (stall == DP_STALL_NONE && budget == 0)
		stall = DP_STALL_RATE;
	if (stall == DP_STALL_NONE) {
		n_done = run_burst(poll, budget);
		if (n_done == 0)
			stall = what_blocks(poll);
		dp_pass_publish(poll);
	}
	atomic_store_explicit(&poll->stats->stall, stall, memory_order_relaxed);
	return n_done;
}
