/* SPDX-License-Identifier: BSD-3-Clause */
/* Events in, actions out. */
#include <assert.h>

#include "flow_internal.h"

/* Bytes that a peer may send after its dialog is over before it is reset, such as a long HTTP
 * body. */
#define CLOSING_RX_MAX 16384

void dp_flow_list_add(struct dp_flows *flows, struct dp_flow_list *list, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	flow->next = TS_CONN_NONE;
	flow->prev = list->n == 0 ? TS_CONN_NONE : list->tail;
	if (list->n == 0)
		list->head = conn;
	else
		dp_flow_at(flows, list->tail)->next = conn;
	list->tail = conn;
	list->n++;
}

void dp_flow_list_add_front(struct dp_flows *flows, struct dp_flow_list *list, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	flow->prev = TS_CONN_NONE;
	flow->next = list->n == 0 ? TS_CONN_NONE : list->head;
	if (list->n == 0)
		list->tail = conn;
	else
		dp_flow_at(flows, list->head)->prev = conn;
	list->head = conn;
	list->n++;
}

void dp_flow_list_remove(struct dp_flows *flows, struct dp_flow_list *list, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	if (flow->prev == TS_CONN_NONE)
		list->head = flow->next;
	else
		dp_flow_at(flows, flow->prev)->next = flow->next;
	if (flow->next == TS_CONN_NONE)
		list->tail = flow->prev;
	else
		dp_flow_at(flows, flow->next)->prev = flow->prev;
	list->n--;
}

void dp_flow_stop_waiting(struct dp_flows *flows, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	if (flow->waiting == NULL)
		return;
	dp_flow_list_remove(flows, flow->waiting, conn);
	flow->waiting = NULL;
}

void dp_flows_init(struct dp_flows *flows, const struct dp_flow_config *config,
	struct ts_stack *tcp, struct dp_flow *memory)
{
	*flows = (struct dp_flows){.config = *config, .tcp = tcp, .flows = memory};
}

void dp_flows_add_core(struct dp_flows *flows, uint32_t core, struct dp_pipe *pipes,
	uint32_t *memory, uint32_t n_slots)
{
	uint32_t n = 1;

	while (n < n_slots)
		n *= 2;
	flows->pipes[core] = pipes;
	flows->tls_free[core] = (struct dp_fifo){.items = memory, .mask = n - 1};
	for (uint32_t slot = 0; slot < n_slots; slot++)
		dp_fifo_push(&flows->tls_free[core], slot);
}

struct dp_flow_act *dp_flow_act_new(
	struct dp_flows *flows, enum dp_flow_act_kind kind, uint32_t conn)
{
	assert(!flows->has_act);
	flows->has_act = true;
	flows->act.kind = kind;
	flows->act.conn = conn;
	return &flows->act;
}

/* Begin an event. The one before it is over. */
static struct ts_acts *event_begin(struct dp_flows *flows, uint64_t now_us)
{
	assert(flows->event.n == 0 && flows->own.n == 0 && !flows->has_act);
	flows->now_us = now_us;
	return &flows->event;
}

uint32_t dp_flow_accept(struct dp_flows *flows, uint32_t hash, const struct ts_pkt *pkt,
	uint32_t iss, uint16_t service, uint64_t now_us)
{
	uint32_t conn = ts_accept(flows->tcp, hash, pkt, iss, now_us, event_begin(flows, now_us));

	if (conn != TS_CONN_NONE)
		dp_flow_begin(flows, conn, pkt, service);
	return conn;
}

bool dp_flow_input(struct dp_flows *flows, uint32_t conn, const struct ts_pkt *pkt, uint64_t now_us,
	enum ts_drop *reason)
{
	struct ts_acts *event = event_begin(flows, now_us);

	*reason = TS_DROP_NONE;
	if (pkt->tcp.payload_len > 0 && !dp_flow_can_take(flows, conn, pkt->tcp.payload_len))
		return false;
	*reason = ts_input(flows->tcp, conn, pkt, now_us, event);
	return true;
}

enum ts_drop dp_flow_input_icmp(
	struct dp_flows *flows, uint32_t conn, const struct ts_pkt *pkt, uint64_t now_us)
{
	return ts_input_icmp(flows->tcp, conn, pkt, now_us, event_begin(flows, now_us));
}

uint32_t dp_flow_tick(struct dp_flows *flows, uint64_t now_us, uint32_t budget)
{
	return ts_tick(flows->tcp, now_us, budget, event_begin(flows, now_us));
}

bool dp_flow_flush_acks(struct dp_flows *flows, uint64_t now_us)
{
	return ts_flush_acks(flows->tcp, now_us, event_begin(flows, now_us));
}

void dp_flow_drop(struct dp_flows *flows, uint32_t conn, uint64_t now_us)
{
	event_begin(flows, now_us);
	dp_flow_at(flows, conn)->silent = true;
	dp_flow_end(flows, conn);
}

static bool is_excluded(const struct dp_flows *flows, const struct ts_act *act)
{
	const struct ts_addr *addr = &ts_conn(flows->tcp, act->conn)->raddr;

	return !(act->send.flags & TS_TCP_RST) && flows->excluded != NULL &&
	       dp_ranges_find(flows->excluded, dp_number_from_addr(addr)) != NULL;
}

static void send(struct dp_flows *flows, struct ts_act *act)
{
	act->send.wnd = dp_flow_window(flows, act->conn, act->send.wnd);
	if (flows->purging && is_excluded(flows, act))
		return;
	dp_flow_act_new(flows, DP_FLOW_SEND, act->conn)->segment = act;
}

static void data(struct dp_flows *flows, const struct ts_act *act)
{
	struct dp_flow *flow = dp_flow_at(flows, act->conn);

	if (flow->phase != DP_FLOW_CLOSING) {
		dp_flow_data(flows, act->conn, act->data.bytes, act->data.len);
		return;
	}
	flow->closing_rx += act->data.len;
	if (flow->closing_rx > CLOSING_RX_MAX)
		dp_flow_abort(flows, act->conn);
}

/* One action of TCP. */
static void act_of_tcp(struct dp_flows *flows, struct ts_act *act)
{
	struct dp_flow *flow = dp_flow_at(flows, act->conn);

	/* An earlier action of the same event may have ended the connection. */
	if (flow->phase == DP_FLOW_FREE || flow->tcp_closed)
		return;
	switch (act->kind) {
	case TS_ACT_SEND:
		send(flows, act);
		break;
	case TS_ACT_OPENED:
		dp_flow_opened(flows, act->conn);
		break;
	case TS_ACT_DATA:
		data(flows, act);
		break;
	case TS_ACT_ACKED:
		dp_flow_acked(flows, flow, act->acked_off);
		break;
	case TS_ACT_EOF:
		if (flow->phase != DP_FLOW_CLOSING)
			dp_flow_eof(flows, act->conn);
		break;
	case TS_ACT_TIMER:
		dp_flow_timer(flows, act->conn);
		break;
	case TS_ACT_CLOSED:
		dp_flow_closed(flows, act->conn, act->close);
		break;
	}
}

/* What the flow has asked of TCP comes first, because it follows from the last action of the
 * event. */
static struct ts_act *next_of_tcp(struct dp_flows *flows)
{
	if (flows->own_at < flows->own.n)
		return &flows->own.v[flows->own_at++];
	flows->own.n = flows->own_at = 0;
	if (flows->event_at < flows->event.n)
		return &flows->event.v[flows->event_at++];
	flows->event.n = flows->event_at = 0;
	return NULL;
}

struct dp_flow_act *dp_flow_next(struct dp_flows *flows)
{
	if (flows->is_asked) {
		flows->is_asked = false;
		dp_flow_answered(flows);
	}
	/* Bound: the actions of TCP for one event and what each leads to. */
	while (!flows->has_act) {
		struct ts_act *act = next_of_tcp(flows);

		if (act == NULL)
			return NULL;
		act_of_tcp(flows, act);
	}
	flows->has_act = false;
	flows->is_asked = flows->act.kind != DP_FLOW_SEND && flows->act.kind != DP_FLOW_TELL;
	return &flows->act;
}
