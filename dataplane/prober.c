/* SPDX-License-Identifier: BSD-3-Clause */
#include <rte_cycles.h>

#include "poll.h"

/* Fixed with the template; a real client's first window. */
#define PROBE_WND 64240
/* The writer's ring may be this full before probing stops: the rest is for answers on their way. */
#define WRITER_STALL_SHARE 2

enum probe_result {
	PROBE_SENT,
	PROBE_DEFERRED, /* its next hop is being asked for */
	PROBE_BLOCKED,	/* nothing done: no buffer, or the gateway is not known yet */
};

size_t dp_prober_memory(void)
{
	return DP_RETRY_SLOTS * sizeof(struct dp_retry) +
	       DP_DEFER_SLOTS * sizeof(struct dp_deferred);
}

static void init_template(
	const struct dp_scan *scan, const struct ts_addr *src, struct ts_syn_template *tpl)
{
	struct ts_link link = {.vlan = scan->config.vlan, .ttl = DP_TTL};

	memcpy(link.src_mac, scan->mac, sizeof(link.src_mac));
	ts_syn_template_init(tpl, &link, src, PROBE_WND, ts_addr_is_v4(src) ? DP_MSS : DP_MSS - 20);
}

void dp_prober_init(struct dp_poll *poll, void *memory)
{
	const struct dp_scan *scan = poll->scan;
	struct dp_prober *prober = &poll->prober;
	uint64_t n = scan->config.n_indices;

	/* Of the indices first..first+n-1 this core has first + index, first + index + n_poll, ... */
	prober->n_indices = (n + scan->config.n_poll - 1 - poll->index) / scan->config.n_poll;
	prober->retry = memory;
	prober->deferred = (struct dp_deferred *)(void *)&prober->retry[DP_RETRY_SLOTS];
	if (scan->config.route.has_v4)
		init_template(scan, &scan->config.route.source_v4, &prober->tpl_v4);
	if (scan->config.route.has_v6)
		init_template(scan, &scan->config.route.source_v6, &prober->tpl_v6);
	prober->rate_pps = scan->config.rate_pps;
	prober->bandwidth_bps = scan->config.bandwidth_bps;
	dp_budget_init(&prober->budget, scan->config.rate_pps / scan->config.n_poll,
		scan->config.bandwidth_bps / scan->config.n_poll,
		RTE_MAX(prober->tpl_v4.len, prober->tpl_v6.len), rte_get_tsc_hz(), rte_rdtsc());
}

bool dp_prober_retry(struct dp_poll *poll, const struct ts_addr *addr, uint16_t service)
{
	struct dp_prober *prober = &poll->prober;

	if (prober->retry_tail - prober->retry_head == DP_RETRY_SLOTS)
		return false;
	prober->retry[prober->retry_tail++ % DP_RETRY_SLOTS] = (struct dp_retry){
		{*addr, service}, poll->now_us + DP_RETRY_GAP_US};
	return true;
}

static void ask_next_hop(struct dp_poll *poll, const struct ts_addr *next_hop)
{
	const struct dp_scan *scan = poll->scan;
	const struct ts_addr *ours = dp_route_source(&scan->config.route, next_hop);
	uint32_t cap, len;
	uint8_t *frame = dp_txq_begin(&poll->tx, &cap);

	if (frame == NULL)
		return;
	if (ts_addr_is_v4(next_hop))
		len = ts_build_arp(frame, cap, scan->mac, scan->config.vlan, ours, next_hop, NULL);
	else
		len = ts_build_nd_solicit(frame, cap, scan->mac, scan->config.vlan, ours, next_hop);
	dp_txq_commit(&poll->tx, len);
	dp_count(poll->stats, DP_NEIGHBOUR_REQUESTS);
}

/* A whole family waits for its gateway: ask once a second and let the prober stand still. */
static void ask_gateway(struct dp_poll *poll, const struct ts_addr *gateway)
{
	uint64_t *asked_us = &poll->prober.gateway_asked_us[ts_addr_is_v4(gateway) ? 0 : 1];

	if (*asked_us != 0 && poll->now_us - *asked_us < DP_NEIGH_GAP_US)
		return;
	*asked_us = poll->now_us;
	ask_next_hop(poll, gateway);
	dp_count(poll->stats, DP_GATEWAY_REQUESTS);
}

static void send_syn(struct dp_poll *poll, const struct ts_addr *addr, uint16_t rport,
	enum dp_probe_kind kind, const uint8_t mac[6], uint8_t *frame)
{
	struct dp_prober *prober = &poll->prober;
	uint64_t hash = dp_ident_hash(&poll->ident, addr, rport);
	uint32_t len = ts_syn_template_fill(ts_addr_is_v4(addr) ? &prober->tpl_v4 : &prober->tpl_v6,
		frame, addr, dp_ident_port(&poll->ident, hash, kind), rport,
		dp_ident_iss(hash, kind), dp_poll_ip_id(poll));

	memcpy(frame, mac, 6);
	dp_txq_commit(&poll->tx, len);
}

bool dp_prober_send_one(struct dp_poll *poll, const struct ts_addr *addr, uint16_t rport,
	enum dp_probe_kind kind, const uint8_t mac[6])
{
	uint32_t cap;
	uint8_t *frame = dp_txq_begin(&poll->tx, &cap);

	if (frame == NULL)
		return false;
	send_syn(poll, addr, rport, kind, mac, frame);
	return true;
}

/* Send a probe if its next hop is known; else PROBE_DEFERRED (not yet queued) or PROBE_BLOCKED. */
static enum probe_result probe(struct dp_poll *poll, const struct dp_target *target)
{
	const struct dp_scan *scan = poll->scan;
	const struct dp_route *route = &scan->config.route;
	const uint8_t *mac = route->has_fixed_mac ? route->fixed_mac : NULL;
	uint8_t *frame;
	uint32_t cap;

	if (mac == NULL) {
		const struct ts_addr *next_hop = dp_route_next_hop(route, &target->addr);

		mac = dp_neigh_find(&poll->live->neigh, next_hop);
		if (mac == NULL && next_hop == &target->addr)
			return PROBE_DEFERRED;
		if (mac == NULL) {
			ask_gateway(poll, next_hop);
			return PROBE_BLOCKED;
		}
	}
	frame = dp_txq_begin(&poll->tx, &cap);
	if (frame == NULL)
		return PROBE_BLOCKED;
	send_syn(poll, &target->addr, scan->config.services[target->service].port, DP_PROBE_PROPER,
		mac, frame);
	dp_count(poll->stats, DP_PROBES_SENT);
	return PROBE_SENT;
}

static bool defer(struct dp_poll *poll, const struct dp_target *target, uint8_t tries, bool first)
{
	struct dp_prober *prober = &poll->prober;

	if (prober->defer_tail - prober->defer_head == DP_DEFER_SLOTS)
		return false;
	ask_next_hop(poll, &target->addr);
	prober->deferred[prober->defer_tail++ % DP_DEFER_SLOTS] = (struct dp_deferred){
		*target, tries, first, poll->now_us + DP_NEIGH_GAP_US};
	return true;
}

/* Targets that wait for their own link-layer address: known by now, ask again, or give up. */
static uint32_t run_deferred(struct dp_poll *poll, uint32_t budget)
{
	struct dp_prober *prober = &poll->prober;
	uint32_t n_look = RTE_MIN(
		prober->defer_tail - prober->defer_head, (uint32_t)DP_PROBE_BURST);
	uint32_t n_sent = 0;

	while (n_look-- > 0 && n_sent < budget) {
		struct dp_deferred d = prober->deferred[prober->defer_head % DP_DEFER_SLOTS];

		if (probe(poll, &d.target) == PROBE_SENT) {
			prober->defer_head++;
			n_sent++;
			if (d.first)
				dp_count(poll->stats, DP_TARGETS_STARTED);
			continue;
		}
		if (poll->now_us < d.due_us) {
			/* Not yet: to the back of the row, so that those behind get their look. */
			prober->defer_head++;
			prober->deferred[prober->defer_tail++ % DP_DEFER_SLOTS] = d;
			continue;
		}
		prober->defer_head++;
		if (d.tries >= DP_NEIGH_TRIES || !defer(poll, &d.target, d.tries + 1, d.first))
			dp_count(poll->stats, DP_NEIGHBOUR_UNRESOLVED);
	}
	return n_sent;
}

static uint32_t run_retries(struct dp_poll *poll, uint32_t budget)
{
	struct dp_prober *prober = &poll->prober;
	uint32_t n = 0;

	while (n < budget && prober->retry_head != prober->retry_tail) {
		const struct dp_retry *r = &prober->retry[prober->retry_head % DP_RETRY_SLOTS];
		const struct dp_target *t = &r->target;

		enum probe_result result = poll->now_us < r->due_us ? PROBE_BLOCKED
								    : probe(poll, t);

		if (result == PROBE_BLOCKED ||
			(result == PROBE_DEFERRED && !defer(poll, t, 1, false)))
			break;
		dp_seen_forget(&poll->seen, DP_SEEN_SYNACK, &t->addr,
			poll->scan->config.services[t->service].port);
		prober->retry_head++;
		dp_count(poll->stats, DP_PROBES_RETRIED);
		n++;
	}
	return n;
}

/* What pass may reach now: everything, or where the pass before it was one gap ago. */
static uint64_t pass_limit(struct dp_poll *poll, uint32_t p)
{
	struct dp_prober *prober = &poll->prober;
	struct dp_pass *before;

	if (p == 0)
		return prober->n_indices;
	before = &prober->pass[p - 1];
	while (before->mark_head != before->mark_tail) {
		const struct dp_pass_mark *mark = &before->marks[before->mark_head % DP_PASS_MARKS];

		if (poll->now_us - mark->at_us < poll->scan->config.probe_gap_us)
			break;
		before->limit = mark->pos;
		before->mark_head++;
	}
	return before->limit;
}

/* Note how far a pass has come; what a skipped mark leaves out, the next one brings. */
static void mark_pass(struct dp_poll *poll, struct dp_pass *pass)
{
	uint64_t step_us = poll->scan->config.probe_gap_us / (DP_PASS_MARKS / 2);
	const struct dp_pass_mark *last = &pass->marks[(pass->mark_tail - 1) % DP_PASS_MARKS];
	bool any = pass->mark_head != pass->mark_tail;

	if (pass->pos == (any ? last->pos : pass->limit))
		return;
	if (any && (poll->now_us - last->at_us < step_us ||
			   pass->mark_tail - pass->mark_head == DP_PASS_MARKS))
		return;
	pass->marks[pass->mark_tail++ % DP_PASS_MARKS] = (struct dp_pass_mark){
		poll->now_us, pass->pos};
}

/* One step of a pass. False when it cannot go on now. */
static bool pass_step(struct dp_poll *poll, uint32_t p, uint32_t *n_sent)
{
	struct dp_prober *prober = &poll->prober;
	const struct dp_scan *scan = poll->scan;
	uint64_t index = scan->config.index_first + prober->pass[p].pos * scan->config.n_poll +
			 poll->index;
	struct dp_target target = dp_targets_get(scan->targets, index);
	uint16_t port = scan->config.services[target.service].port;

	if (p > 0 && (dp_seen_has(&poll->seen, DP_SEEN_SYNACK, &target.addr, port) ||
			     dp_seen_has(&poll->seen, DP_SEEN_RST, &target.addr, port))) {
		dp_count(poll->stats, DP_PROBES_SKIPPED_ANSWERED);
		prober->pass[p].pos++;
		return true;
	}
	switch (probe(poll, &target)) {
	case PROBE_BLOCKED:
		return false;
	case PROBE_DEFERRED:
		if (!defer(poll, &target, 1, p == 0))
			return false;
		break;
	case PROBE_SENT:
		if (p == 0)
			dp_count(poll->stats, DP_TARGETS_STARTED);
		break;
	}
	(*n_sent)++;
	prober->pass[p].pos++;
	return true;
}

static uint32_t run_passes(struct dp_poll *poll, uint32_t budget)
{
	struct dp_prober *prober = &poll->prober;
	uint32_t n_sent = 0;

	/* The last pass first: a repetition is due, a first probe can wait. */
	for (uint32_t p = poll->scan->config.n_probes; p-- > 0;) {
		uint64_t limit = pass_limit(poll, p);
		/* Skipped targets cost no token; this bounds how many one call may skip. */
		uint32_t n_steps = 4 * DP_PROBE_BURST;

		while (n_sent < budget && prober->pass[p].pos < limit && n_steps-- > 0) {
			if (!pass_step(poll, p, &n_sent))
				break;
		}
		if (p + 1 < poll->scan->config.n_probes)
			mark_pass(poll, &prober->pass[p]);
	}
	return n_sent;
}

static bool all_probed(const struct dp_poll *poll)
{
	const struct dp_prober *prober = &poll->prober;

	return prober->pass[poll->scan->config.n_probes - 1].pos >= prober->n_indices &&
	       prober->retry_head == prober->retry_tail && prober->defer_head == prober->defer_tail;
}

static enum dp_stall back_pressure(const struct dp_poll *poll)
{
	const struct dp_scan *scan = poll->scan;
	const struct rte_ring *writer = scan->to_writer[poll->index];

	if (all_probed(poll))
		return DP_STALL_DONE;
	/* Well below what stops the receive path (rx.c): answers go on while probes wait. A far end
	 * that waits for us to receive before it takes more would wait for ever otherwise. */
	if (poll->tx.n > DP_TXQ_DEPTH / 4)
		return DP_STALL_TX;
	if (poll->records.n > 0 ||
		rte_ring_free_count(writer) < rte_ring_get_capacity(writer) / WRITER_STALL_SHARE)
		return DP_STALL_WRITER;
	if (poll->want_talk.n + poll->want_credit.n >= scan->config.max_sessions)
		return DP_STALL_TLS;
	if (ts_stack_n_open(poll->tcp) >= scan->config.max_conns - scan->config.max_conns / 4)
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
}

/* Charge what has been queued since the last turn, and see what is left for probes. */
static uint32_t allowance(struct dp_poll *poll, enum dp_stall stall)
{
	struct dp_budget *budget = &poll->prober.budget;
	const struct dp_txq *tx = &poll->tx;

	if (!budget->limited)
		return stall == DP_STALL_NONE ? DP_PROBE_BURST : 0;
	if (stall == DP_STALL_DONE) {
		dp_budget_rest(budget, rte_rdtsc(), tx->n_frames, tx->wire_bytes);
		return 0;
	}
	return dp_budget_probes(budget, rte_rdtsc(), tx->n_frames, tx->wire_bytes);
}

uint32_t dp_prober_run(struct dp_poll *poll)
{
	enum dp_stall stall = back_pressure(poll);
	uint32_t budget, n_sent = 0;

	follow_rate(poll);
	budget = allowance(poll, stall);
	if (stall == DP_STALL_NONE && budget == 0)
		stall = DP_STALL_RATE;
	if (stall == DP_STALL_NONE) {
		n_sent = run_retries(poll, budget);
		n_sent += run_deferred(poll, budget - n_sent);
		n_sent += run_passes(poll, budget - n_sent);
		dp_budget_sent(&poll->prober.budget, poll->tx.n_frames, poll->tx.wire_bytes);
		if (n_sent == 0)
			stall = poll->prober.pass[0].pos == poll->prober.n_indices
					? DP_STALL_GAP
					: DP_STALL_NEIGHBOUR;
	}
	atomic_store_explicit(&poll->stats->stall, stall, memory_order_relaxed);
	return n_sent;
}
