/* SPDX-License-Identifier: BSD-3-Clause */
/* How connections end: closing, giving up, record, retry list. */
#include "flow_internal.h"

/* If the retry list is full, the connection stays and tries again after this. */
#define REQUEUE_AGAIN_US 1000000
/* The longest time after a connection was opened in which its record waits for decoys. An overdraft
 * is paid back within a second, and most round trips take less than another one. */
#define DECOY_WAIT_US 2000000
/* At most one in this many connections may wait so, since they hold dialogs that others need. */
#define HELD_SHARE 16

void dp_flow_deadline(struct dp_flows *flows, uint32_t conn, uint64_t deadline_us)
{
	uint64_t limit_us = dp_flow_at(flows, conn)->opened_us + flows->config.conn_limit_us;

	ts_set_deadline(flows->tcp, conn, dp_flow_earlier(deadline_us, limit_us));
}

void dp_flow_close(struct dp_flows *flows, uint32_t conn)
{
	dp_flow_stop_waiting(flows, conn);
	dp_flow_at(flows, conn)->phase = DP_FLOW_CLOSING;
	ts_close(flows->tcp, conn, flows->now_us, &flows->own);
}

void dp_flow_abort(struct dp_flows *flows, uint32_t conn)
{
	dp_flow_stop_waiting(flows, conn);
	dp_flow_at(flows, conn)->phase = DP_FLOW_CLOSING;
	ts_abort(flows->tcp, conn, flows->now_us, &flows->own);
}

void dp_flow_end(struct dp_flows *flows, uint32_t conn)
{
	if (dp_flow_at(flows, conn)->phase == DP_FLOW_TLS)
		dp_flow_tls_end(flows, conn);
	else
		dp_flow_abort(flows, conn);
}

void dp_flow_requeue(struct dp_flows *flows, uint32_t conn)
{
	struct dp_flow_act *act = dp_flow_act_new(flows, DP_FLOW_ASK_AGAIN, conn);

	act->target.addr = ts_conn(flows->tcp, conn)->raddr;
	act->target.service = dp_flow_at(flows, conn)->service;
	act->target.retry = DP_RETRY_TAKEN;
}

static void requeue_answered(struct dp_flows *flows, uint32_t conn, enum dp_flow_retry retry)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	switch (retry) {
	case DP_RETRY_TAKEN:
		flow->silent = true;
		dp_flow_end(flows, conn);
		break;
	case DP_RETRY_LATER:
		ts_set_deadline(flows->tcp, conn, flows->now_us + REQUEUE_AGAIN_US);
		break;
	case DP_RETRY_REFUSED:
		/* The record says that it was not served. */
		if (flow->phase != DP_FLOW_TLS && flow->dialog != NULL)
			flow->dialog->status = DL_UNKNOWN_ERROR;
		dp_flow_end(flows, conn);
		break;
	}
}

/* Offer the record, filled from TCP, dialog and TLS. */
static void emit(struct dp_flows *flows, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);
	struct dp_flow_act *act = dp_flow_act_new(flows, DP_FLOW_EMIT, conn);
	struct dp_record *record = &act->emit.record;

	act->emit.taken = false;
	*record = (struct dp_record){
		.addr = ts_conn(flows->tcp, conn)->raddr,
		.service = *dp_flow_service(flows, flow),
		.outcome = DP_OUTCOME_OPEN,
		.status = flow->dialog != NULL ? flow->dialog->status
					       : (enum dl_status)flow->status,
		.stage = flow->dialog != NULL ? flow->dialog->stage : (enum dl_stage)flow->stage,
		.start_unix_us = flows->config.start_unix_us + flow->opened_us,
		.duration_us = flow->duration_us,
		.retried = flow->retried,
		.dialog = flow->dialog,
		.tls = flow->tls,
	};
	ts_facts(flows->tcp, conn, &record->tcp);
	record->answer_ttl = record->tcp.synack_ttl;
	record->icmp_type = record->tcp.icmp_type;
	record->icmp_code = record->tcp.icmp_code;
}

static void flow_free(struct dp_flows *flows, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	dp_flow_free_tx(flows, flow);
	flow->dialog = NULL;
	flow->tls = NULL;
	flow->phase = DP_FLOW_FREE;
	flow->gen++;
	ts_release(flows->tcp, conn);
	dp_count(flows->config.stats, DP_CONNS_CLOSED);
}

/* Offer a record, unless others wait for the writer's ring already: records keep their order. */
static void emit_or_wait(struct dp_flows *flows, uint32_t conn)
{
	if (flows->records.n == 0) {
		emit(flows, conn);
		return;
	}
	dp_flow_at(flows, conn)->phase = DP_FLOW_RECORD;
	dp_count(flows->config.stats, DP_RECORDS_WAITED);
	dp_flow_list_add(flows, &flows->records, conn);
}

/* A record that is not taken goes to the front of the queue: it is a new one and the queue is
 * empty, or it was the first. */
static void emit_answered(struct dp_flows *flows, uint32_t conn, bool taken)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	if (taken) {
		dp_count(flows->config.stats, DP_RECORDS);
		flow_free(flows, conn);
		return;
	}
	if (flow->phase != DP_FLOW_RECORD)
		dp_count(flows->config.stats, DP_RECORDS_WAITED);
	flow->phase = DP_FLOW_RECORD;
	dp_flow_list_add_front(flows, &flows->records, conn);
}

static bool may_hold(const struct dp_flows *flows, const struct dp_flow *flow)
{
	return flows->config.decoys && flows->now_us - flow->opened_us < DECOY_WAIT_US;
}

/* Ask the owner whether the record should wait for its host's decoys. They decide the class of a
 * host that sends no byte. */
static void ask_hold(struct dp_flows *flows, uint32_t conn)
{
	struct dp_flow_act *act = dp_flow_act_new(flows, DP_FLOW_HOLD, conn);

	act->hold.addr = ts_conn(flows->tcp, conn)->raddr;
	act->hold.hold = false;
}

static void hold_answered(struct dp_flows *flows, uint32_t conn, bool hold)
{
	if (!hold) {
		emit_or_wait(flows, conn);
		return;
	}
	dp_flow_at(flows, conn)->phase = DP_FLOW_HELD;
	dp_flow_list_add(flows, &flows->held, conn);
}

/* Hand over what a record would have carried. */
static void discard(struct dp_flows *flows, uint32_t conn)
{
	const struct dp_flow *flow = dp_flow_at(flows, conn);
	struct dp_flow_act *act;

	if (flow->dialog == NULL && flow->tls == NULL)
		return;
	act = dp_flow_act_new(flows, DP_FLOW_DISCARD, conn);
	act->discard.dialog = flow->dialog;
	act->discard.tls = flow->tls;
}

void dp_flow_finish(struct dp_flows *flows, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	flow->duration_us = (uint32_t)dp_flow_earlier(flows->now_us - flow->opened_us, UINT32_MAX);
	dp_flow_return_credit(flows, flow);
	if (flow->silent) {
		discard(flows, conn);
		flow_free(flows, conn);
	} else if (may_hold(flows, flow) && flows->held.n < flows->config.n_conns / HELD_SHARE) {
		ask_hold(flows, conn);
	} else {
		emit_or_wait(flows, conn);
	}
}

void dp_flow_release(struct dp_flows *flows, uint64_t now_us)
{
	uint32_t conn = flows->held.head;

	flows->now_us = now_us;
	dp_flow_list_remove(flows, &flows->held, conn);
	if (may_hold(flows, dp_flow_at(flows, conn)))
		ask_hold(flows, conn);
	else
		emit_or_wait(flows, conn);
}

void dp_flow_offer(struct dp_flows *flows, uint64_t now_us)
{
	uint32_t conn = flows->records.head;

	flows->now_us = now_us;
	dp_flow_list_remove(flows, &flows->records, conn);
	emit(flows, conn);
}

void dp_flow_answered(struct dp_flows *flows)
{
	const struct dp_flow_act *act = &flows->act;

	switch (act->kind) {
	case DP_FLOW_HOLD:
		hold_answered(flows, act->conn, act->hold.hold);
		break;
	case DP_FLOW_EMIT:
		emit_answered(flows, act->conn, act->emit.taken);
		break;
	case DP_FLOW_ASK_AGAIN:
		requeue_answered(flows, act->conn, act->target.retry);
		break;
	case DP_FLOW_SEND:
	case DP_FLOW_TELL:
	case DP_FLOW_REOPENED:
	case DP_FLOW_DISCARD:
		break;
	}
}

void dp_flow_closed(struct dp_flows *flows, uint32_t conn, enum ts_close close)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	dp_flow_stop_waiting(flows, conn);
	dp_flow_free_tx(flows, flow);
	flow->tcp_closed = true;
	if (flow->phase == DP_FLOW_CLOSING)
		dp_flow_finish(flows, conn);
	else
		dp_flow_broken(flows, conn, close);
}
