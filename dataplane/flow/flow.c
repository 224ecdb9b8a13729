/* SPDX-License-Identifier: BSD-3-Clause */
#include <assert.h>

#include "dataplane/probe/decoy.h"
#include "flow_internal.h"
#include "dataplane/record/noise.h"
#include "dataplane/core/ring.h"
#include "tcpstack/packet/build.h"

/* After its talk is over a peer may still send this much before it is reset (a long HTTP body). */
#define CLOSING_RX_MAX 16384
/* The retry list was full: the connection stays and asks again. */
#define REQUEUE_AGAIN_US 1000000
/* A record waits for its host's decoys no longer than this after the connection was opened: a debt
 * of the rate is paid in a second, and most round trips are shorter than another one. */
#define DECOY_WAIT_US 2000000
/* And no more of a core's connections than one in so many: they hold talks that others need. */
#define HELD_SHARE 16

void dp_flow_list_add(struct dp_poll *poll, struct dp_flow_list *list, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);

	flow->next = TS_CONN_NONE;
	flow->prev = list->n == 0 ? TS_CONN_NONE : list->tail;
	if (list->n == 0)
		list->head = conn;
	else
		dp_flow_at(poll, list->tail)->next = conn;
	list->tail = conn;
	list->n++;
}

void dp_flow_list_add_front(struct dp_poll *poll, struct dp_flow_list *list, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);

	flow->prev = TS_CONN_NONE;
	flow->next = list->n == 0 ? TS_CONN_NONE : list->head;
	if (list->n == 0)
		list->tail = conn;
	else
		dp_flow_at(poll, list->head)->prev = conn;
	list->head = conn;
	list->n++;
}

void dp_flow_list_remove(struct dp_poll *poll, struct dp_flow_list *list, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);

	if (flow->prev == TS_CONN_NONE)
		list->head = flow->next;
	else
		dp_flow_at(poll, flow->prev)->next = flow->next;
	if (flow->next == TS_CONN_NONE)
		list->tail = flow->prev;
	else
		dp_flow_at(poll, flow->next)->prev = flow->prev;
	list->n--;
}

void dp_flow_deadline(struct dp_poll *poll, uint32_t conn, uint64_t deadline_us)
{
	uint64_t limit = dp_flow_at(poll, conn)->opened_us + poll->scan->config.conn_limit_us;

	ts_set_deadline(poll->tcp, conn, RTE_MIN(deadline_us, limit));
}

void dp_flow_stop_waiting(struct dp_poll *poll, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);

	if (flow->waiting == NULL)
		return;
	dp_flow_list_remove(poll, flow->waiting, conn);
	flow->waiting = NULL;
}

void dp_flow_close(struct dp_poll *poll, uint32_t conn)
{
	struct ts_acts acts;

	dp_flow_stop_waiting(poll, conn);
	dp_flow_at(poll, conn)->phase = DP_FLOW_CLOSING;
	ts_close(poll->tcp, conn, poll->now_us, dp_acts_clear(&acts));
	dp_flow_run(poll, &acts);
}

void dp_flow_abort(struct dp_poll *poll, uint32_t conn)
{
	struct ts_acts acts;

	dp_flow_stop_waiting(poll, conn);
	dp_flow_at(poll, conn)->phase = DP_FLOW_CLOSING;
	ts_abort(poll->tcp, conn, poll->now_us, dp_acts_clear(&acts));
	dp_flow_run(poll, &acts);
}

/* Reset it, wherever its talk is: one that is away comes back as the answer to BROKEN. */
static void flow_end(struct dp_poll *poll, uint32_t conn)
{
	if (dp_flow_at(poll, conn)->phase == DP_FLOW_TLS)
		dp_flow_tls_end(poll, conn);
	else
		dp_flow_abort(poll, conn);
}

void dp_flow_drop(struct dp_poll *poll, uint32_t conn)
{
	dp_flow_at(poll, conn)->silent = true;
	flow_end(poll, conn);
}

void dp_flow_requeue(struct dp_poll *poll, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);

	bool probing = poll->live->mode == DP_RUN;

	/* Where nobody probes any more --resume does; without a checkpoint a record says that we
	 * did not get to it. */
	if ((probing || poll->scan->config.snapshots) &&
		dp_prober_retry(poll, &ts_conn(poll->tcp, conn)->raddr, flow->service)) {
		dp_flow_drop(poll, conn);
	} else if (probing) {
		ts_set_deadline(poll->tcp, conn, poll->now_us + REQUEUE_AGAIN_US);
	} else {
		flow_end(poll, conn);
	}
}

/* Fill the record from TCP, talk and TLS. */
static void flow_record(struct dp_poll *poll, uint32_t conn, struct dp_record *record)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);
	const struct dp_scan *scan = poll->scan;

	*record = (struct dp_record){
		.addr = ts_conn(poll->tcp, conn)->raddr,
		.service = *dp_flow_service(poll, flow),
		.outcome = DP_OUTCOME_OPEN,
		.status = flow->talk != NULL ? flow->talk->status : (enum dl_status)flow->status,
		.stage = flow->talk != NULL ? flow->talk->stage : (enum dl_stage)flow->stage,
		.start_unix_us = scan->clock.start_unix_us + flow->opened_us,
		.duration_us = flow->duration_us,
		.retried = flow->retried,
		.talk = flow->talk,
		.tls = flow->tls,
	};
	ts_facts(poll->tcp, conn, &record->tcp);
	record->answer_ttl = record->tcp.synack_ttl;
	record->icmp_type = record->tcp.icmp_type;
	record->icmp_code = record->tcp.icmp_code;
	dp_decoy_result(poll, &record->addr, &record->n_decoys_sent, &record->n_decoys_answered);
	record->responder = dp_noise_class(record);
}

static void flow_free(struct dp_poll *poll, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);

	dp_flow_free_tx(poll, flow);
	flow->talk = NULL;
	flow->tls = NULL;
	flow->phase = DP_FLOW_FREE;
	flow->gen++;
	ts_release(poll->tcp, conn);
	dp_count(poll->stats, DP_CONNS_CLOSED);
}

static bool flow_emit(struct dp_poll *poll, uint32_t conn)
{
	struct dp_record record;

	flow_record(poll, conn, &record);
	if (!dp_ring_put(poll->scan->to_writer[poll->index], &record, sizeof(record), poll->stats,
		    DP_G_WRITER_RING_PEAK))
		return false;
	dp_count(poll->stats, DP_RECORDS);
	flow_free(poll, conn);
	return true;
}

/* Should the record wait for what its host's decoys say? Theirs is the last word about a host that
 * says nothing. */
static bool must_hold(const struct dp_poll *poll, uint32_t conn)
{
	return poll->scan->config.n_decoys > 0 && poll->live->mode != DP_ABORT &&
	       poll->now_us - poll->flows[conn].opened_us < DECOY_WAIT_US &&
	       dp_decoy_missing(poll, &ts_conn(poll->tcp, conn)->raddr);
}

/* Order of the ring: nobody overtakes those who already wait. */
static void emit_or_wait(struct dp_poll *poll, uint32_t conn)
{
	if (poll->records.n == 0 && flow_emit(poll, conn))
		return;
	dp_flow_at(poll, conn)->phase = DP_FLOW_RECORD;
	dp_count(poll->stats, DP_RECORDS_WAITED);
	dp_flow_list_add(poll, &poll->records, conn);
}

void dp_flow_finish(struct dp_poll *poll, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);

	flow->duration_us = (uint32_t)RTE_MIN(poll->now_us - flow->opened_us, (uint64_t)UINT32_MAX);
	dp_flow_return_credit(poll, flow);
	if (flow->silent) {
		if (flow->talk != NULL)
			rte_mempool_put(poll->scan->talks, flow->talk);
		tl_result_free(flow->tls);
		flow_free(poll, conn);
		return;
	}
	if (poll->held.n < poll->scan->config.max_conns / HELD_SHARE && must_hold(poll, conn)) {
		flow->phase = DP_FLOW_HELD;
		dp_flow_list_add(poll, &poll->held, conn);
		return;
	}
	emit_or_wait(poll, conn);
}

/* A look at some of those that wait for decoys, in turn. @return how many went on */
static uint32_t release_held(struct dp_poll *poll)
{
	uint32_t n = 0;

	for (uint32_t n_look = RTE_MIN(poll->held.n, (uint32_t)DP_RECORD_BUDGET); n_look > 0;
		n_look--) {
		uint32_t conn = poll->held.head;

		dp_flow_list_remove(poll, &poll->held, conn);
		if (must_hold(poll, conn)) {
			dp_flow_list_add(poll, &poll->held, conn);
			continue;
		}
		emit_or_wait(poll, conn);
		n++;
	}
	return n;
}

uint32_t dp_flow_flush_records(struct dp_poll *poll)
{
	uint32_t n = release_held(poll);

	while (poll->records.n > 0 && n < DP_RECORD_BUDGET) {
		uint32_t conn = poll->records.head;

		dp_flow_list_remove(poll, &poll->records, conn);
		if (!flow_emit(poll, conn)) {
			dp_flow_list_add_front(poll, &poll->records, conn);
			break;
		}
		n++;
	}
	return n;
}

static void flow_closed(struct dp_poll *poll, uint32_t conn, enum ts_close close)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);

	dp_flow_stop_waiting(poll, conn);
	dp_flow_free_tx(poll, flow);
	flow->tcp_closed = true;
	if (flow->phase == DP_FLOW_CLOSING)
		dp_flow_finish(poll, conn);
	else
		dp_flow_broken(poll, conn, close);
}

/* By our own route, like the probe: the SYN-ACK's source may be a router's own address, which is
 * gone when another router of its group takes over, and need not take what is sent to it. Where the
 * SYN-ACK came from while the next hop is not known. */
static const uint8_t *way_to(
	const struct dp_poll *poll, const struct dp_flow *flow, const struct ts_addr *peer)
{
	const struct dp_route *route = &poll->scan->config.route;
	const uint8_t *mac = route->fixed_mac;

	if (!route->has_fixed_mac)
		mac = dp_neigh_find(&poll->live->neigh, dp_route_next_hop(route, peer));
	return mac != NULL ? mac : flow->peer_mac;
}

static void flow_send(struct dp_poll *poll, const struct ts_act *act)
{
	const struct ts_conn *conn = ts_conn(poll->tcp, act->conn);
	struct dp_flow *flow = dp_flow_at(poll, act->conn);
	uint8_t payload[DP_MSS];
	struct ts_link link = {.vlan = poll->scan->config.vlan, .ttl = DP_TTL};
	struct ts_seg seg = {
		.src = *dp_route_source(&poll->scan->config.route, &conn->raddr),
		.dst = conn->raddr,
		.sport = conn->lport,
		.dport = conn->rport,
		.seq = act->send.seq,
		.ack = act->send.ack,
		.wnd = dp_flow_window(poll, act->conn, act->send.wnd),
		.flags = act->send.flags,
		.mss = act->send.mss,
		.ip_id = dp_poll_ip_id(poll),
		.payload = payload,
		.payload_len = act->send.len,
	};
	uint32_t cap;
	uint8_t *frame;

	assert(act->send.len <= sizeof(payload));
	/* The sweep may not have come to it: from the exclusion on only its RST may go. */
	if (poll->live->exclude_gen != poll->sweep.done_gen && !(act->send.flags & TS_TCP_RST) &&
		dp_live_excludes(poll->live, &conn->raddr))
		return;
	if (act->send.optional &&
		!dp_poll_reply(poll, DP_REPLY_TCP, DP_ACK_SUPPRESSED, DP_WIRE_MIN))
		return;
	if (!dp_flow_copy_tx(flow, act->send.off, act->send.len, payload))
		return;
	frame = dp_txq_begin(&poll->tx, &cap);
	if (frame == NULL)
		return;
	memcpy(link.src_mac, poll->scan->mac, sizeof(link.src_mac));
	memcpy(link.dst_mac, way_to(poll, flow, &conn->raddr), sizeof(link.dst_mac));
	dp_txq_commit(&poll->tx, ts_build_tcp(frame, cap, &link, &seg));
}

static void flow_act(struct dp_poll *poll, const struct ts_act *act)
{
	struct dp_flow *flow = dp_flow_at(poll, act->conn);

	/* An earlier action of the same row may have ended the connection. */
	if (flow->phase == DP_FLOW_FREE || flow->tcp_closed)
		return;
	switch (act->kind) {
	case TS_ACT_SEND:
		flow_send(poll, act);
		break;
	case TS_ACT_OPENED:
		dp_flow_opened(poll, act->conn);
		break;
	case TS_ACT_DATA:
		if (flow->phase != DP_FLOW_CLOSING) {
			dp_flow_data(poll, act->conn, act->data.bytes, act->data.len);
			break;
		}
		flow->closing_rx += act->data.len;
		if (flow->closing_rx > CLOSING_RX_MAX)
			dp_flow_abort(poll, act->conn);
		break;
	case TS_ACT_ACKED:
		dp_flow_acked(poll, flow, act->acked_off);
		break;
	case TS_ACT_EOF:
		if (flow->phase != DP_FLOW_CLOSING)
			dp_flow_eof(poll, act->conn);
		break;
	case TS_ACT_TIMER:
		dp_flow_timer(poll, act->conn);
		break;
	case TS_ACT_CLOSED:
		flow_closed(poll, act->conn, act->close);
		break;
	}
}

void dp_flow_run(struct dp_poll *poll, const struct ts_acts *acts)
{
	for (uint32_t i = 0; i < acts->n; i++)
		flow_act(poll, &acts->v[i]);
}

void dp_flow_abort_all(struct dp_poll *poll)
{
	for (uint32_t conn = ts_next_in_use(poll->tcp, 0); conn != TS_CONN_NONE;
		conn = ts_next_in_use(poll->tcp, conn + 1)) {
		if (dp_flow_at(poll, conn)->tcp_closed)
			continue;
		if (!dp_txq_has_room(&poll->tx, 1))
			dp_txq_flush(&poll->tx);
		dp_flow_drop(poll, conn);
	}
}
