/* SPDX-License-Identifier: BSD-3-Clause */
/* A flow and its TLS core: credits, messages, waiting. The protocol between the two is in msg.h. */
#include <assert.h>

#include "flow_internal.h"
#include "dataplane/core/ring.h"

void dp_flow_wait(struct dp_poll *poll, uint32_t conn, enum dp_phase phase)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);

	flow->phase = (uint8_t)phase;
	if (flow->waiting != NULL)
		return;
	flow->waiting = phase == DP_FLOW_CREDIT ? &poll->want_credit : &poll->want_talk;
	dp_flow_list_add(poll, flow->waiting, conn);
	if (flow->waiting->n > 1)
		dp_count(poll->stats, DP_WAITED);
	dp_flow_deadline(poll, conn, UINT64_MAX);
}

bool dp_flow_take_credit(struct dp_poll *poll, struct dp_flow *flow)
{
	uint32_t best = 0;
	uint32_t slot;

	for (uint32_t i = 1; i < poll->scan->config.n_tls; i++) {
		if (dp_fifo_len(&poll->tls_free[i]) > dp_fifo_len(&poll->tls_free[best]))
			best = i;
	}
	if (!dp_fifo_pop(&poll->tls_free[best], &slot))
		return false;
	flow->tls_core = (uint8_t)best;
	flow->tls_slot = slot;
	poll->n_sessions++;
	return true;
}

void dp_flow_return_credit(struct dp_poll *poll, struct dp_flow *flow)
{
	if (flow->tls_slot == DP_NO_SLOT || (flow->tx_head != NULL && flow->tx_head->next != NULL))
		return;
	dp_fifo_push(&poll->tls_free[flow->tls_core], flow->tls_slot);
	flow->tls_slot = DP_NO_SLOT;
	poll->n_sessions--;
}

static bool grant_talk(struct dp_poll *poll, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);
	char host[DL_NAME_MAX + 1];

	if (flow->talk == NULL)
		return dp_flow_start_talk(poll, conn, dp_flow_host(poll, conn), false);
	/* Second connection: the first one's findings name the host. */
	memcpy(host, flow->talk->reconnect_host, sizeof(host));
	return dp_flow_start_talk(poll, conn, host, true);
}

static bool grant_credit(struct dp_poll *poll, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);
	struct dl_out out;

	if (!dp_flow_have_spare(poll) || !dp_flow_take_credit(poll, flow))
		return false;
	flow->phase = DP_FLOW_TALK;
	dl_granted(flow->talk, &poll->scan->config.dialog, poll->now_us, &out);
	dp_flow_apply(poll, conn, &out);
	return true;
}

/* First come, first served within a list: when the first cannot be helped, nobody behind it can. */
static uint32_t grant_list(struct dp_poll *poll, struct dp_flow_list *list,
	bool (*grant)(struct dp_poll *poll, uint32_t conn))
{
	uint32_t n;

	for (n = 0; n < DP_GRANT_BUDGET && list->n > 0; n++) {
		uint32_t conn = list->head;

		dp_flow_list_remove(poll, list, conn);
		dp_flow_at(poll, conn)->waiting = NULL;
		if (grant(poll, conn))
			continue;
		dp_flow_at(poll, conn)->waiting = list;
		dp_flow_list_add_front(poll, list, conn);
		break;
	}
	return n;
}

uint32_t dp_flow_grant(struct dp_poll *poll)
{
	/* Credits first: they end talks, and so give talks back. */
	uint32_t n = grant_list(poll, &poll->want_credit, grant_credit);

	return n + grant_list(poll, &poll->want_talk, grant_talk);
}

static void tell(struct dp_poll *poll, uint32_t conn, enum dp_msg_op op, void *ptr, uint64_t arg)
{
	const struct dp_flow *flow = dp_flow_at(poll, conn);
	struct dp_msg msg = {
		.op = (uint16_t)op,
		.slot = flow->tls_slot,
		.gen = flow->gen,
		.conn = conn,
		.ptr = ptr,
		.arg = arg,
	};
	/* Never full: msg.h says why. */
	bool put = dp_ring_put(
		poll->to_tls[flow->tls_core], &msg, sizeof(msg), poll->stats, DP_G_TLS_RING_PEAK);

	assert(put);
	(void)put;
}

/* From the scan's seed and the target alone, so that a session can be repeated bit for bit. */
static uint64_t session_seed(const struct dp_poll *poll, uint32_t conn)
{
	const struct ts_conn *tcp = ts_conn(poll->tcp, conn);
	struct ts_cookie_key key = {
		.k0 = poll->scan->config.seed, .k1 = UINT64_C(0x746c73776565702e)};
	uint8_t in[sizeof(tcp->raddr.b) + 3];

	memcpy(in, tcp->raddr.b, sizeof(tcp->raddr.b));
	in[16] = (uint8_t)(tcp->rport >> 8);
	in[17] = (uint8_t)tcp->rport;
	in[18] = poll->flows[conn].retried;
	return ts_siphash(&key, in, sizeof(in));
}

void dp_flow_tls_open(struct dp_poll *poll, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);

	flow->phase = DP_FLOW_TLS;
	dp_count(poll->stats, DP_TLS_STARTED);
	dp_flow_deadline(poll, conn, poll->now_us + poll->scan->config.dialog.handshake_us);
	dp_pipe_open(dp_flow_pipe(poll, flow));
	/* What the dialog said last may be unacknowledged: its chunk is one of the session's. */
	if (flow->tx_head != NULL) {
		flow->tx_head->of_session = true;
		dp_pipe_sent(dp_flow_pipe(poll, flow));
	}
	tell(poll, conn, DP_MSG_OPEN, flow->talk, session_seed(poll, conn));
}

void dp_flow_tls_eof(struct dp_poll *poll, uint32_t conn)
{
	tell(poll, conn, DP_MSG_EOF, NULL, dp_flow_pipe(poll, dp_flow_at(poll, conn))->given);
}

void dp_flow_tls_broken(struct dp_poll *poll, uint32_t conn, enum dp_broken why)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);

	if (flow->broken)
		return;
	flow->broken = true;
	tell(poll, conn, DP_MSG_BROKEN, NULL, dp_broken_arg(why, dp_flow_pipe(poll, flow)->given));
}

void dp_flow_tls_end(struct dp_poll *poll, uint32_t conn)
{
	struct ts_acts acts;

	ts_abort(poll->tcp, conn, poll->now_us, dp_acts_clear(&acts));
	dp_flow_run(poll, &acts);
}

/* The TLS core knows what the deadline was for. It answers with DONE or another one; when it does
 * not get to that, we are too busy for the host: not its fault, so not its record. */
void dp_flow_tls_timer(struct dp_poll *poll, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);

	if (flow->asked) {
		dp_flow_requeue(poll, conn);
		return;
	}
	flow->asked = true;
	dp_flow_deadline(poll, conn, poll->now_us + poll->scan->config.dialog.handshake_us);
	tell(poll, conn, DP_MSG_TIMER, NULL, 0);
}

/* Fill the row of receive chunks that one segment may need. */
static bool have_rx_spares(struct dp_poll *poll)
{
	uint32_t missing = DP_RX_SPARES - poll->n_rx_spares;

	if (missing == 0)
		return true;
	if (rte_mempool_get_bulk(poll->scan->rx_chunks,
		    (void **)&poll->rx_spares[poll->n_rx_spares], missing) != 0)
		return false;
	poll->n_rx_spares = DP_RX_SPARES;
	return true;
}

static bool session_can_take(struct dp_poll *poll, const struct dp_flow *flow, uint32_t len)
{
	struct dp_pipe *pipe = dp_flow_pipe(poll, flow);

	if (len > dp_pipe_room(pipe) || !have_rx_spares(poll))
		return false;
	/* More than its sure share only of what is nobody's share. A pool of ours is a ring. */
	return dp_pipe_n_chunks(pipe, len) <= DP_PIPE_SURE ||
	       rte_ring_count(poll->scan->rx_chunks->pool_data) > poll->rx_reserve;
}

bool dp_flow_can_take(struct dp_poll *poll, uint32_t conn, uint32_t len)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);

	switch (flow->phase) {
	case DP_FLOW_NEED_TALK:
	case DP_FLOW_OPENING:
		return false;
	case DP_FLOW_GREETING:
		return dp_flow_have_talk(poll) && dp_flow_have_spare(poll);
	case DP_FLOW_TALK:
	case DP_FLOW_CREDIT:
		return dp_flow_have_spare(poll);
	case DP_FLOW_TLS:
		return session_can_take(poll, flow, len);
	default:
		return true;
	}
}

static void wait_for_core(struct dp_poll *poll, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);

	if (flow->waiting != NULL)
		return;
	flow->waiting = &poll->behind;
	dp_flow_list_add(poll, flow->waiting, conn);
}

/* Tell the TLS core of what came. False when that has to wait. */
static bool tell_data(struct dp_poll *poll, uint32_t conn)
{
	const struct dp_flow *flow = dp_flow_at(poll, conn);
	const struct rte_ring *ring = poll->to_tls[flow->tls_core];
	struct dp_pipe *pipe = dp_flow_pipe(poll, flow);

	if (!dp_pipe_untold(pipe))
		return true;
	/* Half of the ring stays free for messages that must not wait. */
	if (!dp_pipe_may_tell(pipe) || rte_ring_free_count(ring) <= rte_ring_get_capacity(ring) / 2)
		return false;
	tell(poll, conn, DP_MSG_DATA, NULL, pipe->given);
	dp_pipe_tell(pipe);
	return true;
}

void dp_flow_tls_data(struct dp_poll *poll, uint32_t conn, const uint8_t *bytes, uint32_t len)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);
	struct dp_pipe *pipe = dp_flow_pipe(poll, flow);

	if (flow->broken)
		return;
	/* Acknowledged bytes that cannot be kept: the stream has a hole, so the session is over.
	 * Only a peer that fills holes and goes beyond our window gets here. */
	if (len > dp_pipe_room(pipe) ||
		!dp_pipe_put(pipe, poll->rx_spares, &poll->n_rx_spares, bytes, len))
		dp_flow_tls_broken(poll, conn, DP_BROKEN_WINDOW);
	else if (!tell_data(poll, conn))
		wait_for_core(poll, conn);
}

uint16_t dp_flow_window(struct dp_poll *poll, uint32_t conn, uint16_t wnd)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);
	uint32_t room;

	if (flow->phase != DP_FLOW_TLS || flow->tcp_closed)
		return wnd;
	/* What comes in moves the window's left edge by as much as it takes from the room: the
	 * right one never goes back (RFC 9293 3.8.6). */
	room = dp_pipe_room(dp_flow_pipe(poll, flow));
	if (room >= wnd)
		return wnd;
	dp_flow_pipe(poll, flow)->narrow = true;
	wait_for_core(poll, conn);
	return (uint16_t)room;
}

/* @return is there nothing left that its TLS core has to catch up with? */
static bool catch_up(struct dp_poll *poll, uint32_t conn)
{
	struct dp_pipe *pipe = dp_flow_pipe(poll, dp_flow_at(poll, conn));
	bool all_told = dp_flow_at(poll, conn)->broken || tell_data(poll, conn);

	if (pipe->narrow && dp_pipe_room(pipe) >= DP_RCV_WND) {
		pipe->narrow = false;
		ts_owe_ack(poll->tcp, conn);
	}
	return all_told && !pipe->narrow;
}

uint32_t dp_flow_catch_up(struct dp_poll *poll)
{
	uint32_t n = 0;

	for (uint32_t n_look = RTE_MIN(poll->behind.n, (uint32_t)DP_BEHIND_BUDGET); n_look > 0;
		n_look--) {
		uint32_t conn = poll->behind.head;

		dp_flow_list_remove(poll, &poll->behind, conn);
		if (catch_up(poll, conn)) {
			dp_flow_at(poll, conn)->waiting = NULL;
			n++;
		} else {
			dp_flow_list_add(poll, &poll->behind, conn);
		}
	}
	return n;
}

static void message_done(struct dp_poll *poll, uint32_t conn, const struct dp_msg *msg)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);
	struct dl_out out = {.next = (enum dl_next)msg->arg};

	flow->tls = msg->ptr;
	dp_flow_stop_waiting(poll, conn);
	dp_pipe_close(dp_flow_pipe(poll, flow), poll->scan->rx_chunks);
	dp_flow_return_credit(poll, flow);
	if (flow->tls != NULL && flow->tls->completed)
		dp_count(poll->stats, DP_TLS_COMPLETED);
	else
		dp_count(poll->stats, DP_TLS_FAILED);
	if (flow->tls != NULL && flow->tls->cause == TL_CAUSE_BUDGET)
		dp_count(poll->stats, DP_TLS_OVER_BUDGET);
	if (flow->tcp_closed) {
		dp_flow_finish(poll, conn);
		return;
	}
	flow->phase = DP_FLOW_TALK;
	if (msg->op == DP_MSG_REFUSED)
		dp_flow_requeue(poll, conn);
	else
		dp_flow_apply(poll, conn, &out);
}

static void message_goes_on(struct dp_poll *poll, const struct dp_msg *msg)
{
	struct dp_flow *flow = dp_flow_at(poll, msg->conn);

	flow->asked = flow->asked && !msg->answered;
	if (flow->tcp_closed) {
		if (msg->op == DP_MSG_SEND)
			dp_flow_free_chunk(poll, flow, msg->ptr);
		return;
	}
	/* Unanswered, its deadline is that of the answer. */
	if (!flow->asked)
		dp_flow_deadline(poll, msg->conn, msg->arg);
	if (msg->op == DP_MSG_SEND)
		dp_flow_append(poll, msg->conn, msg->ptr);
}

void dp_flow_message(struct dp_poll *poll, uint32_t core, const struct dp_msg *msg)
{
	struct dp_flow *flow = dp_flow_at(poll, msg->conn);
	bool current = flow->gen == msg->gen && flow->phase == DP_FLOW_TLS &&
		       flow->tls_core == core;

	switch ((enum dp_msg_op)msg->op) {
	case DP_MSG_SEND:
	case DP_MSG_WAIT:
		/* A flow stays in DP_FLOW_TLS, its index unreleased, until exactly DONE. */
		assert(current);
		message_goes_on(poll, msg);
		break;
	case DP_MSG_DONE:
	case DP_MSG_REFUSED:
		assert(current);
		message_done(poll, msg->conn, msg);
		break;
	default:
		break;
	}
}
