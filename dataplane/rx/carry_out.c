/* SPDX-License-Identifier: BSD-3-Clause */
#include "carry_out.h"

#include <assert.h>

#include "dataplane/core/poll.h"
#include "dataplane/core/ring.h"
#include "dataplane/core/work.h"
#include "dataplane/port/txq.h"
#include "dataplane/record/noise.h"

/* How much one turn does at most. */
#define TIMER_BUDGET  256
#define GRANT_BUDGET  64
#define RECORD_BUDGET 64
#define BEHIND_BUDGET 64

/* The link-layer address for a segment: that of our own route, as for the probe. The SYN-ACK may
 * have come from a router's own address, which need not accept frames, and which is gone if another
 * router of its group takes over. It is used only if the next hop is not known. */
static const uint8_t *way_to(
	const struct dp_poll *poll, const struct dp_flow *flow, const struct ts_addr *peer)
{
	const struct dp_route *route = &poll->scan->config.route;
	const uint8_t *mac = route->fixed_mac;

	if (!route->has_fixed_mac)
		mac = dp_neigh_find(&poll->live->neigh, dp_route_next_hop(route, peer));
	return mac != NULL ? mac : flow->peer_mac;
}

static void send(struct dp_rx *rx, const struct ts_act *act)
{
	struct dp_poll *poll = rx->poll;
	const struct dp_scan_config *config = &poll->scan->config;
	const struct ts_addr *peer = &ts_conn(rx->flows.tcp, act->conn)->raddr;
	struct ts_link link = {.vlan = config->vlan, .ttl = DP_TTL};
	uint32_t cap;
	uint8_t *frame;

	if (act->send.optional &&
		!dp_poll_reply(poll, DP_REPLY_TCP, DP_ACK_SUPPRESSED, DP_WIRE_MIN))
		return;
	frame = dp_txq_begin(poll->tx, &cap);
	if (frame == NULL)
		return;
	memcpy(link.src_mac, poll->scan->mac, sizeof(link.src_mac));
	memcpy(link.dst_mac, way_to(poll, &rx->flows.flows[act->conn], peer), sizeof(link.dst_mac));
	dp_txq_commit(poll->tx,
		dp_flow_segment(&rx->flows, act, &link, dp_route_source(&config->route, peer),
			dp_poll_ip_id(poll), frame, cap));
}

static void tell(struct dp_rx *rx, uint32_t core, const struct dp_msg *msg)
{
	/* Never full: msg.h says why. */
	bool put = dp_ring_put(
		rx->to_tls[core], msg, sizeof(*msg), rx->poll->stats, DP_G_TLS_RING_PEAK);

	assert(put);
	(void)put;
}

static bool emit(struct dp_rx *rx, struct dp_record *record)
{
	const struct dp_poll *poll = rx->poll;

	dp_decoy_result(&rx->work->decoys, &record->addr, &record->n_decoys_sent,
		&record->n_decoys_answered);
	record->responder = dp_noise_class(record);
	return dp_ring_put(poll->scan->to_writer[poll->index], record, sizeof(*record), poll->stats,
		DP_G_WRITER_RING_PEAK);
}

/* If the scan does not probe any more, the target waits on the list for --resume. If there is no
 * checkpoint either, it gets a record that says so. */
static enum dp_flow_retry ask_again(struct dp_rx *rx, const struct ts_addr *addr, uint16_t service)
{
	const struct dp_poll *poll = rx->poll;
	bool probing = poll->live->mode == DP_RUN;

	if ((probing || poll->scan->config.snapshots) &&
		dp_retry_add(&rx->work->retries, addr, service))
		return DP_RETRY_TAKEN;
	return probing ? DP_RETRY_LATER : DP_RETRY_REFUSED;
}

void dp_carry_out(struct dp_rx *rx)
{
	struct dp_poll *poll = rx->poll;
	struct dp_flow_act *act;

	while ((act = dp_flow_next(&rx->flows)) != NULL) {
		switch (act->kind) {
		case DP_FLOW_SEND:
			send(rx, act->segment);
			break;
		case DP_FLOW_TELL:
			tell(rx, act->tell.core, &act->tell.msg);
			break;
		case DP_FLOW_HOLD:
			act->hold.hold = poll->live->mode != DP_ABORT &&
					 dp_decoy_missing(&rx->work->decoys, &act->hold.addr);
			break;
		case DP_FLOW_EMIT:
			act->emit.taken = emit(rx, &act->emit.record);
			break;
		case DP_FLOW_ASK_AGAIN:
			act->target.retry = ask_again(rx, &act->target.addr, act->target.service);
			break;
		case DP_FLOW_REOPENED:
			dp_notes_opened(&rx->work->notes, &act->target.addr, act->target.service);
			break;
		case DP_FLOW_DISCARD:
			if (act->discard.dialog != NULL)
				rte_mempool_put(poll->scan->dialogs, act->discard.dialog);
			tl_result_free(act->discard.tls);
			break;
		}
	}
}

/* @return how many got what they waited for */
static uint32_t grant(struct dp_rx *rx, bool (*give)(struct dp_flows *flows, uint64_t now_us))
{
	uint32_t n;

	for (n = 0; n < GRANT_BUDGET && give(&rx->flows, rx->poll->now_us); n++)
		dp_carry_out(rx);
	return n;
}

/* @return how many sessions were caught up with */
static uint32_t catch_up(struct dp_rx *rx)
{
	uint32_t n = 0;

	for (uint32_t n_look = RTE_MIN(rx->flows.behind.n, (uint32_t)BEHIND_BUDGET); n_look > 0;
		n_look--) {
		n += dp_flow_catch_up(&rx->flows, rx->poll->now_us);
		dp_carry_out(rx);
	}
	return n;
}

static uint32_t flush_records(struct dp_rx *rx)
{
	struct dp_flows *flows = &rx->flows;
	uint32_t n_held = flows->held.n, n;

	for (uint32_t n_look = RTE_MIN(n_held, (uint32_t)RECORD_BUDGET); n_look > 0; n_look--) {
		dp_flow_release(flows, rx->poll->now_us);
		dp_carry_out(rx);
	}
	n = n_held - flows->held.n;
	while (flows->records.n > 0 && n < RECORD_BUDGET) {
		uint32_t n_before = flows->records.n;

		dp_flow_offer(flows, rx->poll->now_us);
		dp_carry_out(rx);
		if (flows->records.n == n_before)
			break;
		n++;
	}
	return n;
}

static void pay_acks(struct dp_rx *rx)
{
	bool all;

	do {
		all = dp_flow_flush_acks(&rx->flows, rx->poll->now_us);
		dp_carry_out(rx);
	} while (!all);
}

uint32_t dp_carry_turn(struct dp_rx *rx)
{
	uint32_t n = dp_flow_tick(&rx->flows, rx->poll->now_us, TIMER_BUDGET);

	dp_carry_out(rx);
	n += catch_up(rx);
	/* Credits first: a dialog that gets one soon ends and becomes free. */
	n += grant(rx, dp_flow_grant_credit);
	n += grant(rx, dp_flow_grant_dialog);
	n += flush_records(rx);
	pay_acks(rx);
	return n;
}

void dp_carry_look(struct dp_rx *rx, bool purging)
{
	struct dp_poll *poll = rx->poll;
	struct dp_flows *flows = &rx->flows;

	flows->excluded = poll->live->excluded;
	flows->purging = purging;
	for (uint32_t t = 0; t < poll->scan->config.n_tls; t++) {
		const struct rte_ring *ring = rx->to_tls[t];
		uint32_t n_free = rte_ring_free_count(ring),
			 n_kept = rte_ring_get_capacity(ring) / 2;

		flows->data_room[t] = n_free > n_kept ? n_free - n_kept : 0;
	}
}

void dp_carry_abort_all(struct dp_rx *rx)
{
	struct dp_flows *flows = &rx->flows;

	for (uint32_t conn = ts_next_in_use(flows->tcp, 0); conn != TS_CONN_NONE;
		conn = ts_next_in_use(flows->tcp, conn + 1)) {
		if (!dp_flow_is_live(flows, conn))
			continue;
		dp_flow_drop(flows, conn, rx->poll->now_us);
		dp_carry_out(rx);
	}
}
