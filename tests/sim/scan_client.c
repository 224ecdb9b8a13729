/* SPDX-License-Identifier: BSD-3-Clause */
#include "scan_client.h"

#define TLS_OUT_MAX 4096

static void run_acts(struct scan_client *client, struct ts_acts *acts);
static void apply(struct scan_client *client, struct scan_flow *flow, const struct dl_out *out);

static void append(
	struct scan_client *client, struct scan_flow *flow, const uint8_t *bytes, size_t len)
{
	struct ts_acts acts = {.n = 0};

	if (len > sizeof(flow->tx) - flow->tx_len)
		len = sizeof(flow->tx) -
		      flow->tx_len; /* the peer will miss it, and the test fail */
	memcpy(flow->tx + flow->tx_len, bytes, len);
	flow->tx_len += (uint32_t)len;
	ts_write(client->tcp, flow->conn, flow->tx_len, client->now_us, &acts);
	run_acts(client, &acts);
}

static void pull_tls(struct scan_client *client, struct scan_flow *flow)
{
	uint8_t out[TLS_OUT_MAX];
	size_t n;

	while (flow->tls != NULL && (n = tl_session_output(flow->tls, out, sizeof(out))) > 0)
		append(client, flow, out, n);
}

static void drop_tls(struct scan_flow *flow)
{
	if (flow->tls == NULL)
		return;
	flow->result = tl_session_take_result(flow->tls);
	tl_session_free(flow->tls);
	flow->tls = NULL;
}

static void finish(struct scan_client *client, struct scan_flow *flow)
{
	struct ts_acts acts = {.n = 0};

	if (flow->tls != NULL && flow->phase == SCAN_INSIDE) {
		tl_session_close_notify(flow->tls);
		pull_tls(client, flow);
	}
	flow->phase = SCAN_CLOSING;
	drop_tls(flow);
	ts_close(client->tcp, flow->conn, client->now_us, &acts);
	run_acts(client, &acts);
}

static void handshake_failed(struct scan_client *client, struct scan_flow *flow)
{
	pull_tls(client, flow);
	dl_tls_failed(&flow->talk, DL_HANDSHAKE_ERROR);
	finish(client, flow);
}

static void step_tls(struct scan_client *client, struct scan_flow *flow)
{
	const uint8_t *plain;
	size_t plain_len;
	struct dl_out out;

	while (flow->tls != NULL) {
		enum tl_step step = tl_session_step(flow->tls, &plain, &plain_len);

		pull_tls(client, flow);
		if (step == TL_WANT_READ)
			return;
		if (step == TL_ESTABLISHED) {
			flow->phase = SCAN_INSIDE;
			dl_tls_up(&flow->talk, &client->dialog, client->now_us, &out);
		} else if (step == TL_PLAINTEXT) {
			dl_input(&flow->talk, &client->dialog, plain, plain_len, client->now_us,
				&out);
		} else if (flow->phase == SCAN_INSIDE) {
			dl_eof(&flow->talk, &out);
		} else {
			handshake_failed(client, flow);
			return;
		}
		apply(client, flow, &out);
	}
}

static void start_tls(struct scan_client *client, struct scan_flow *flow)
{
	struct tl_open open = {.seed = flow->conn, .sni = flow->talk.host};

	flow->phase = SCAN_TLS;
	flow->tls = tl_session_open(client->worker, &open);
	ts_set_deadline(client->tcp, flow->conn, client->now_us + client->dialog.handshake_us);
	pull_tls(client, flow);
}

static void apply(struct scan_client *client, struct scan_flow *flow, const struct dl_out *out)
{
	struct dl_out granted;

	if (out->len > 0 && flow->phase == SCAN_INSIDE) {
		tl_session_write(flow->tls, out->bytes, out->len);
		pull_tls(client, flow);
	} else if (out->len > 0) {
		append(client, flow, out->bytes, out->len);
	}
	switch (out->next) {
	case DL_NEXT_READ:
		ts_set_deadline(client->tcp, flow->conn, out->deadline_us);
		break;
	case DL_NEXT_CREDIT:
		dl_granted(&flow->talk, &client->dialog, client->now_us, &granted);
		apply(client, flow, &granted);
		break;
	case DL_NEXT_TLS:
		start_tls(client, flow);
		break;
	case DL_NEXT_RECONNECT: /* once this connection is closed */
	case DL_NEXT_DONE:
		finish(client, flow);
		break;
	}
}

static void opened(struct scan_client *client, struct scan_flow *flow)
{
	char host[DL_NAME_MAX + 1] = "", addr[TS_ADDR_STRLEN];
	struct dl_out out;

	if (flow->retried)
		memcpy(host, flow->talk.reconnect_host, sizeof(host));
	ts_addr_format(&flow->addr, addr);
	flow->phase = SCAN_PLAIN;
	dl_start(&flow->talk, &client->dialog, flow->proto, flow->implicit_tls, host, addr,
		flow->retried, client->now_us, &out);
	apply(client, flow, &out);
}

static void closed(struct scan_client *client, struct scan_flow *flow, enum ts_close how)
{
	struct dl_out out;

	ts_facts(client->tcp, flow->conn, &flow->facts);
	flow->close = how;
	flow->n_closed++;
	if (flow->phase == SCAN_TLS)
		dl_tls_failed(&flow->talk, DL_HANDSHAKE_ERROR);
	else if (flow->phase == SCAN_PLAIN || flow->phase == SCAN_INSIDE)
		dl_eof(&flow->talk, &out);
	drop_tls(flow);
	client->by_conn[flow->conn] = NULL;
	ts_release(client->tcp, flow->conn);
	if (flow->talk.reconnect_host[0] != '\0' && !flow->retried && flow->result == NULL) {
		flow->retried = true;
		flow->n_closed = 0;
		scan_client_start(client, flow);
		return;
	}
	flow->phase = SCAN_DONE;
}

static void data(
	struct scan_client *client, struct scan_flow *flow, const uint8_t *bytes, uint32_t len)
{
	struct dl_out out;

	if (flow->tls != NULL) {
		tl_session_feed(flow->tls, bytes, len);
		step_tls(client, flow);
	} else if (flow->phase == SCAN_PLAIN) {
		dl_input(&flow->talk, &client->dialog, bytes, len, client->now_us, &out);
		apply(client, flow, &out);
	}
}

static void eof(struct scan_client *client, struct scan_flow *flow)
{
	struct dl_out out;

	if (flow->phase == SCAN_TLS) {
		handshake_failed(client, flow);
	} else if (flow->phase == SCAN_PLAIN || flow->phase == SCAN_INSIDE) {
		dl_eof(&flow->talk, &out);
		apply(client, flow, &out);
	}
}

static void timer(struct scan_client *client, struct scan_flow *flow)
{
	struct dl_out out;

	if (flow->phase == SCAN_TLS) {
		handshake_failed(client, flow);
	} else if (flow->phase == SCAN_PLAIN || flow->phase == SCAN_INSIDE) {
		dl_timer(&flow->talk, &client->dialog, client->now_us, &out);
		apply(client, flow, &out);
	}
}

static const struct ts_addr *source(const struct scan_client *client, const struct ts_addr *dst)
{
	return ts_addr_is_v4(dst) ? &client->source_v4 : &client->source_v6;
}

static void send_segment(struct scan_client *client, const struct ts_act *act)
{
	const struct ts_conn *conn = ts_conn(client->tcp, act->conn);
	const struct scan_flow *flow = client->by_conn[act->conn];
	uint8_t frame[1600];
	struct ts_seg seg = {
		.src = *source(client, &conn->raddr),
		.dst = conn->raddr,
		.sport = conn->lport,
		.dport = conn->rport,
		.seq = act->send.seq,
		.ack = act->send.ack,
		.wnd = act->send.wnd,
		.flags = act->send.flags,
		.mss = act->send.mss,
		.payload = flow == NULL ? NULL : flow->tx + act->send.off,
		.payload_len = act->send.len,
	};
	uint32_t len = ts_build_tcp(frame, sizeof(frame), &client->link, &seg);

	client->emit(client->emit_ctx, frame, len);
}

static void run_act(struct scan_client *client, const struct ts_act *act)
{
	struct scan_flow *flow = client->by_conn[act->conn];

	if (act->kind == TS_ACT_SEND) {
		send_segment(client, act);
		return;
	}
	if (flow == NULL)
		return;
	switch (act->kind) {
	case TS_ACT_OPENED:
		opened(client, flow);
		break;
	case TS_ACT_DATA:
		data(client, flow, act->data.bytes, act->data.len);
		break;
	case TS_ACT_EOF:
		eof(client, flow);
		break;
	case TS_ACT_TIMER:
		timer(client, flow);
		break;
	case TS_ACT_CLOSED:
		closed(client, flow, act->close);
		break;
	default: /* the stream is kept whole: nothing to forget */
		break;
	}
}

static void run_acts(struct scan_client *client, struct ts_acts *acts)
{
	for (uint32_t i = 0; i < acts->n; i++)
		run_act(client, &acts->v[i]);
	acts->n = 0;
}

void scan_client_start(struct scan_client *client, struct scan_flow *flow)
{
	struct ts_acts acts = {.n = 0};
	uint16_t lport = client->next_lport++;

	flow->phase = SCAN_OPENING;
	flow->tx_len = 0;
	flow->conn = ts_open(client->tcp, &flow->addr, flow->port, lport, 0x10000u * lport,
		client->now_us, &acts);
	client->by_conn[flow->conn] = flow;
	run_acts(client, &acts);
}

void scan_client_input(struct scan_client *client, const uint8_t *frame, uint32_t len)
{
	struct ts_acts acts = {.n = 0};
	struct ts_pkt pkt;
	uint32_t conn;

	if (ts_pkt_parse(frame, len, 0, &pkt) != TS_DROP_NONE)
		return;
	if (pkt.kind == TS_PKT_ARP_REPLY)
		memcpy(client->link.dst_mac, pkt.arp.sender_mac, sizeof(client->link.dst_mac));
	else if (pkt.kind == TS_PKT_ICMP_ERROR)
		ts_input_icmp(client->tcp, &pkt, client->now_us, &acts);
	if (pkt.kind == TS_PKT_TCP) {
		conn = ts_lookup(client->tcp, &pkt.src, pkt.tcp.sport, pkt.tcp.dport);
		if (conn != TS_CONN_NONE)
			ts_input(client->tcp, conn, &pkt, client->now_us, &acts);
	}
	run_acts(client, &acts);
}

void scan_client_tick(struct scan_client *client)
{
	struct ts_acts acts = {.n = 0};
	bool paid;

	do {
		paid = ts_flush_acks(client->tcp, client->now_us, &acts);
		run_acts(client, &acts);
	} while (!paid);
	while (ts_tick(client->tcp, client->now_us, 64, &acts) > 0)
		run_acts(client, &acts);
	run_acts(client, &acts);
}
