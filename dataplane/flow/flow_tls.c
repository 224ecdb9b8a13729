/* SPDX-License-Identifier: BSD-3-Clause */
/* A flow and its TLS core: messages, bytes, deadlines. msg.h has the protocol between the two. */
#include <assert.h>

#include "flow_internal.h"
#include "tcpstack/cookie/cookie.h"

static void tell(struct dp_flows *flows, uint32_t conn, enum dp_msg_op op, void *ptr, uint64_t arg)
{
	const struct dp_flow *flow = dp_flow_at(flows, conn);
	struct dp_flow_act *act = dp_flow_act_new(flows, DP_FLOW_TELL, conn);

	act->tell.core = flow->tls_core;
	act->tell.msg = (struct dp_msg){
		.op = (uint16_t)op,
		.slot = flow->tls_slot,
		.gen = flow->gen,
		.conn = conn,
		.ptr = ptr,
		.arg = arg,
	};
	if (flows->data_room[flow->tls_core] > 0)
		flows->data_room[flow->tls_core]--;
}

/* The seed depends only on the scan's seed and the target, so that a session can be repeated bit
 * for bit. */
static uint64_t session_seed(const struct dp_flows *flows, uint32_t conn)
{
	const struct ts_conn *tcp = ts_conn(flows->tcp, conn);
	struct ts_cookie_key key = {.k0 = flows->config.seed, .k1 = UINT64_C(0x746c73776565702e)};
	uint8_t in[sizeof(tcp->raddr.b) + 3];

	memcpy(in, tcp->raddr.b, sizeof(tcp->raddr.b));
	in[16] = (uint8_t)(tcp->rport >> 8);
	in[17] = (uint8_t)tcp->rport;
	in[18] = flows->flows[conn].retried;
	return ts_siphash(&key, in, sizeof(in));
}

/* Set the time in which the TLS core must answer. The TLS core decides the peer's deadline. */
static void await_core(struct dp_flows *flows, uint32_t conn)
{
	dp_flow_deadline(flows, conn, flows->now_us + flows->config.answer_us);
}

void dp_flow_tls_open(struct dp_flows *flows, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	flow->phase = DP_FLOW_TLS;
	dp_count(flows->config.stats, DP_TLS_STARTED);
	await_core(flows, conn);
	dp_pipe_open(dp_flow_pipe(flows, flow));
	/* If the dialog's last bytes are not acknowledged, their chunk counts for the session. */
	if (flow->tx_head != NULL) {
		flow->tx_head->of_session = true;
		dp_pipe_sent(dp_flow_pipe(flows, flow));
	}
	tell(flows, conn, DP_MSG_OPEN, flow->dialog, session_seed(flows, conn));
}

void dp_flow_tls_eof(struct dp_flows *flows, uint32_t conn)
{
	tell(flows, conn, DP_MSG_EOF, NULL, dp_flow_pipe(flows, dp_flow_at(flows, conn))->given);
}

void dp_flow_tls_broken(struct dp_flows *flows, uint32_t conn, enum dp_broken why)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	if (flow->broken)
		return;
	flow->broken = true;
	tell(flows, conn, DP_MSG_BROKEN, NULL,
		dp_broken_arg(why, dp_flow_pipe(flows, flow)->given));
}

void dp_flow_tls_end(struct dp_flows *flows, uint32_t conn)
{
	ts_abort(flows->tcp, conn, flows->now_us, &flows->own);
}

/* Ask the TLS core, which knows what the deadline was for. It answers with DONE or another
 * deadline. If it does not answer, we are too busy for the host, and there must be no record that
 * shows it. */
void dp_flow_tls_timer(struct dp_flows *flows, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	if (flow->asked) {
		dp_flow_requeue(flows, conn);
		return;
	}
	flow->asked = true;
	await_core(flows, conn);
	tell(flows, conn, DP_MSG_TIMER, NULL, 0);
}

/* Take the spare receive chunks that one segment may need. */
static bool have_rx_spares(struct dp_flows *flows)
{
	uint32_t missing = DP_RX_SPARES - flows->n_rx_spares;

	if (missing == 0)
		return true;
	if (!dp_pool_take(flows->config.rx_chunks, (void **)&flows->rx_spares[flows->n_rx_spares],
		    missing))
		return false;
	flows->n_rx_spares = DP_RX_SPARES;
	return true;
}

bool dp_flow_tls_can_take(struct dp_flows *flows, const struct dp_flow *flow, uint32_t len)
{
	struct dp_pipe *pipe = dp_flow_pipe(flows, flow);

	if (len > dp_pipe_room(pipe) || !have_rx_spares(flows))
		return false;
	/* Beyond its own share a session may take only chunks that are in no session's share. */
	return dp_pipe_n_chunks(pipe, len) <= DP_PIPE_SURE ||
	       dp_pool_n_free(flows->config.rx_chunks) > flows->config.rx_reserve;
}

static void wait_for_core(struct dp_flows *flows, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	if (flow->waiting != NULL)
		return;
	flow->waiting = &flows->behind;
	dp_flow_list_add(flows, flow->waiting, conn);
}

/* Tell the TLS core of new bytes. False if that has to wait. */
static bool tell_data(struct dp_flows *flows, uint32_t conn)
{
	const struct dp_flow *flow = dp_flow_at(flows, conn);
	struct dp_pipe *pipe = dp_flow_pipe(flows, flow);

	if (!dp_pipe_untold(pipe))
		return true;
	/* Half of the ring stays free for messages that must not wait. */
	if (!dp_pipe_may_tell(pipe) || flows->data_room[flow->tls_core] == 0)
		return false;
	tell(flows, conn, DP_MSG_DATA, NULL, pipe->given);
	dp_pipe_tell(pipe);
	return true;
}

void dp_flow_tls_data(struct dp_flows *flows, uint32_t conn, const uint8_t *bytes, uint32_t len)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);
	struct dp_pipe *pipe = dp_flow_pipe(flows, flow);

	if (flow->broken)
		return;
	/* Acknowledged bytes that cannot be kept make a hole in the stream, so the session ends.
	 * This happens only if a peer fills a hole and sends beyond our window. */
	if (len > dp_pipe_room(pipe) ||
		!dp_pipe_put(pipe, flows->rx_spares, &flows->n_rx_spares, bytes, len))
		dp_flow_tls_broken(flows, conn, DP_BROKEN_WINDOW);
	else if (!tell_data(flows, conn))
		wait_for_core(flows, conn);
}

uint16_t dp_flow_window(struct dp_flows *flows, uint32_t conn, uint16_t wnd)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);
	uint32_t room;

	if (flow->phase != DP_FLOW_TLS)
		return wnd;
	/* Bytes that come in move the window's left edge by as much as they take from the room, so
	 * its right edge never moves back (RFC 9293 3.8.6). */
	room = dp_pipe_room(dp_flow_pipe(flows, flow));
	if (room >= wnd)
		return wnd;
	dp_flow_pipe(flows, flow)->narrow = true;
	wait_for_core(flows, conn);
	return (uint16_t)room;
}

/* @return true if the TLS core knows of all bytes and the whole window is advertised */
static bool caught_up(struct dp_flows *flows, uint32_t conn)
{
	struct dp_pipe *pipe = dp_flow_pipe(flows, dp_flow_at(flows, conn));
	bool all_told = dp_flow_at(flows, conn)->broken || tell_data(flows, conn);

	if (pipe->narrow && dp_pipe_room(pipe) >= DP_RCV_WND) {
		pipe->narrow = false;
		ts_owe_ack(flows->tcp, conn);
	}
	return all_told && !pipe->narrow;
}

bool dp_flow_catch_up(struct dp_flows *flows, uint64_t now_us)
{
	uint32_t conn = flows->behind.head;

	flows->now_us = now_us;
	dp_flow_list_remove(flows, &flows->behind, conn);
	if (caught_up(flows, conn)) {
		dp_flow_at(flows, conn)->waiting = NULL;
		return true;
	}
	dp_flow_list_add(flows, &flows->behind, conn);
	return false;
}

static void message_done(struct dp_flows *flows, uint32_t conn, const struct dp_msg *msg)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);
	struct dl_out out = {.next = (enum dl_next)msg->arg};

	flow->tls = msg->ptr;
	dp_flow_stop_waiting(flows, conn);
	dp_pipe_close(dp_flow_pipe(flows, flow), flows->config.rx_chunks);
	dp_flow_return_credit(flows, flow);
	if (flow->tls != NULL && flow->tls->completed)
		dp_count(flows->config.stats, DP_TLS_COMPLETED);
	else
		dp_count(flows->config.stats, DP_TLS_FAILED);
	if (flow->tls != NULL && flow->tls->cause == TL_CAUSE_BUDGET)
		dp_count(flows->config.stats, DP_TLS_OVER_BUDGET);
	if (flow->tcp_closed) {
		/* There was no session that could have ended the dialog. */
		if (msg->op == DP_MSG_REFUSED)
			dl_eof(flow->dialog, &out);
		dp_flow_finish(flows, conn);
		return;
	}
	if (msg->op == DP_MSG_REFUSED) {
		flow->phase = DP_FLOW_REFUSED;
		dp_flow_requeue(flows, conn);
		return;
	}
	flow->phase = DP_FLOW_DIALOG;
	dp_flow_apply(flows, conn, &out);
}

static void message_more(struct dp_flows *flows, const struct dp_msg *msg)
{
	struct dp_flow *flow = dp_flow_at(flows, msg->conn);

	flow->asked = flow->asked && !msg->answered;
	if (flow->tcp_closed) {
		if (msg->op == DP_MSG_SEND)
			dp_flow_free_chunk(flows, flow, msg->ptr);
		return;
	}
	/* While TIMER is not answered, the deadline is that of await_core(). */
	if (!flow->asked)
		dp_flow_deadline(flows, msg->conn, msg->arg);
	if (msg->op == DP_MSG_SEND)
		dp_flow_append(flows, msg->conn, msg->ptr);
}

void dp_flow_message(
	struct dp_flows *flows, uint32_t core, const struct dp_msg *msg, uint64_t now_us)
{
	const struct dp_flow *flow = dp_flow_at(flows, msg->conn);
	bool current = flow->gen == msg->gen && flow->phase == DP_FLOW_TLS &&
		       flow->tls_core == core;

	flows->now_us = now_us;
	switch ((enum dp_msg_op)msg->op) {
	case DP_MSG_SEND:
	case DP_MSG_WAIT:
		/* A flow keeps its index and stays in DP_FLOW_TLS until DONE. */
		assert(current);
		message_more(flows, msg);
		break;
	case DP_MSG_DONE:
	case DP_MSG_REFUSED:
		assert(current);
		message_done(flows, msg->conn, msg);
		break;
	default:
		break;
	}
}
