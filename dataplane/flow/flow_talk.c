/* SPDX-License-Identifier: BSD-3-Clause */
/* Plaintext talks on a flow: starting, feeding, ending them. */
#include "dataplane/probe/decoy.h"
#include "flow_internal.h"

/* How soon a timer that found no transmit chunk is tried again. */
#define NO_CHUNK_RETRY_US 100000

static bool server_speaks_first(const struct dl_service *service)
{
	return !service->implicit_tls && (service->proto == DL_SMTP || service->proto == DL_IMAP ||
						 service->proto == DL_POP3);
}

void dp_flow_accepted(
	struct dp_poll *poll, uint32_t conn, const struct ts_pkt *pkt, uint16_t service)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);

	*flow = (struct dp_flow){
		.opened_us = poll->now_us,
		.gen = flow->gen,
		.tls_slot = DP_NO_SLOT,
		.service = service,
		.status = DL_UNKNOWN_ERROR,
		.stage = DL_AT_GREETING,
	};
	memcpy(flow->peer_mac, pkt->src_mac, sizeof(flow->peer_mac));
	dp_count(poll->stats, DP_CONNS_OPENED);
	dp_decoy_want(poll, &pkt->src, pkt->src_mac);
	if (server_speaks_first(&poll->scan->config.services[service])) {
		flow->phase = DP_FLOW_GREETING;
		dp_flow_deadline(poll, conn, poll->now_us + poll->scan->config.dialog.greeting_us);
		return;
	}
	dp_flow_wait(poll, conn, DP_FLOW_NEED_TALK);
}

const char *dp_flow_host(const struct dp_poll *poll, uint32_t conn)
{
	const char *name = dp_targets_name(poll->scan->targets, &ts_conn(poll->tcp, conn)->raddr);

	return name != NULL ? name : "";
}

bool dp_flow_have_talk(struct dp_poll *poll)
{
	if (poll->talk_spare == NULL &&
		rte_mempool_get(poll->scan->talks, (void **)&poll->talk_spare) != 0)
		poll->talk_spare = NULL;
	return poll->talk_spare != NULL;
}

bool dp_flow_start_talk(struct dp_poll *poll, uint32_t conn, const char *host, bool retry)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);
	const struct dl_service *service = dp_flow_service(poll, flow);
	char addr[TS_ADDR_STRLEN];
	uint64_t started_us;
	struct dl_out out;

	if (!dp_flow_have_spare(poll))
		return false;
	if (flow->talk == NULL) {
		if (!dp_flow_have_talk(poll))
			return false;
		flow->talk = poll->talk_spare;
		poll->talk_spare = NULL;
	}
	ts_addr_format(&ts_conn(poll->tcp, conn)->raddr, addr);
	dp_count(poll->stats, DP_TALKS_STARTED);
	/* A greeting is waited for from the start; whoever waited for us starts only now. */
	started_us = flow->phase == DP_FLOW_GREETING ? flow->opened_us : poll->now_us;
	flow->phase = DP_FLOW_TALK;
	dl_start(flow->talk, &poll->scan->config.dialog, service->proto, service->implicit_tls,
		host, addr, retry, started_us, &out);
	dp_flow_apply(poll, conn, &out);
	return true;
}

static void flow_say(struct dp_poll *poll, uint32_t conn, const struct dl_out *out)
{
	struct dl_talk *talk = dp_flow_at(poll, conn)->talk;

	if (out->len == 0 || dp_flow_say(poll, conn, out->bytes, out->len))
		return;
	/* The peer keeps asking and acknowledges none of our answers. */
	talk->status = DL_PROTOCOL_ERROR;
	talk->class = DL_CLASS_LIMIT;
	dp_flow_abort(poll, conn);
}

/* Open the second connection of an XMPP target; the finding moves over to it. */
static void flow_reconnect(struct dp_poll *poll, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);
	const struct ts_conn *tcp = ts_conn(poll->tcp, conn);
	struct ts_addr raddr = tcp->raddr;
	uint16_t rport = tcp->rport;
	/* The neighbouring source port is still ours, so the answer comes home to this core. */
	const struct dp_ident *ident = &poll->ident;
	uint16_t lport = dp_ident_port_after(ident, tcp->lport);
	struct dp_flow *flow2;
	struct ts_acts acts;
	uint32_t second;

	/* The sweep may have passed the index it would get. */
	if (dp_live_excludes(poll->live, &raddr))
		return;
	second = ts_open(poll->tcp, &raddr, rport, lport,
		/* A number that no kind of probe uses. */
		dp_ident_iss(dp_ident_hash(ident, &raddr, rport), DP_N_PROBE_KIND), poll->now_us,
		dp_acts_clear(&acts));
	if (second == TS_CONN_NONE)
		return;
	flow2 = dp_flow_at(poll, second);
	*flow2 = (struct dp_flow){
		.talk = flow->talk,
		.opened_us = poll->now_us,
		.gen = flow2->gen,
		.tls_slot = DP_NO_SLOT,
		.service = flow->service,
		.phase = DP_FLOW_OPENING,
		.retried = true,
	};
	memcpy(flow2->peer_mac, flow->peer_mac, sizeof(flow2->peer_mac));
	flow->talk = NULL;
	flow->silent = true;
	dp_snapshot_note(poll, &raddr, flow->service);
	dp_count(poll->stats, DP_CONNS_RECONNECTED);
	dp_flow_run(poll, &acts);
}

void dp_flow_apply(struct dp_poll *poll, uint32_t conn, const struct dl_out *out)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);
	uint32_t gen = flow->gen;

	flow_say(poll, conn, out);
	if (flow->gen != gen || flow->phase == DP_FLOW_CLOSING)
		return;
	switch (out->next) {
	case DL_NEXT_READ:
		dp_flow_deadline(poll, conn, out->deadline_us);
		break;
	case DL_NEXT_CREDIT:
		dp_flow_wait(poll, conn, DP_FLOW_CREDIT);
		break;
	case DL_NEXT_TLS:
		dp_flow_tls_open(poll, conn);
		break;
	case DL_NEXT_RECONNECT:
		if (!flow->retried)
			flow_reconnect(poll, conn);
		dp_flow_close(poll, conn);
		break;
	case DL_NEXT_DONE:
		dp_flow_return_credit(poll, flow);
		dp_flow_close(poll, conn);
		break;
	}
}

void dp_flow_data(struct dp_poll *poll, uint32_t conn, const uint8_t *bytes, uint32_t len)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);
	const struct dl_config *config = &poll->scan->config.dialog;
	struct dl_out out;

	switch (flow->phase) {
	case DP_FLOW_GREETING:
		if (!dp_flow_start_talk(poll, conn, dp_flow_host(poll, conn), false))
			return;
		if (flow->phase != DP_FLOW_TALK)
			return;
		break;
	case DP_FLOW_TALK:
	case DP_FLOW_CREDIT:
		break;
	case DP_FLOW_TLS:
		dp_flow_tls_data(poll, conn, bytes, len);
		return;
	default:
		return;
	}
	/* dp_flow_can_take() saw to it; a row of DATA from the reorder buffer may use more than
	 * one. */
	if (!dp_flow_have_spare(poll)) {
		flow->talk->status = DL_UNKNOWN_ERROR;
		dp_flow_abort(poll, conn);
		return;
	}
	dl_input(flow->talk, config, bytes, len, poll->now_us, &out);
	/* While it waits for a credit the talk only takes note. */
	if (flow->phase != DP_FLOW_CREDIT || out.next != DL_NEXT_CREDIT)
		dp_flow_apply(poll, conn, &out);
}

void dp_flow_eof(struct dp_poll *poll, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);
	struct dl_out out;

	switch (flow->phase) {
	case DP_FLOW_TLS:
		dp_flow_tls_eof(poll, conn);
		return;
	case DP_FLOW_TALK:
	case DP_FLOW_CREDIT:
		dl_eof(flow->talk, &out);
		break;
	default:
		flow->status = DL_CONNECTION_CLOSED;
		break;
	}
	dp_flow_return_credit(poll, flow);
	dp_flow_close(poll, conn);
}

static bool past_limit(const struct dp_poll *poll, const struct dp_flow *flow)
{
	return poll->now_us >= flow->opened_us + poll->scan->config.conn_limit_us;
}

static void talk_timer(struct dp_poll *poll, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);
	struct dl_out out;

	if (past_limit(poll, flow)) {
		flow->talk->status = DL_IO_TIMEOUT;
		dp_flow_abort(poll, conn);
		return;
	}
	if (!dp_flow_have_spare(poll)) {
		dp_flow_deadline(poll, conn, poll->now_us + NO_CHUNK_RETRY_US);
		return;
	}
	dl_timer(flow->talk, &poll->scan->config.dialog, poll->now_us, &out);
	dp_flow_apply(poll, conn, &out);
}

void dp_flow_timer(struct dp_poll *poll, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);

	switch (flow->phase) {
	case DP_FLOW_GREETING:
		flow->status = DL_IO_TIMEOUT;
		dp_flow_close(poll, conn);
		break;
	case DP_FLOW_NEED_TALK:
	case DP_FLOW_CREDIT:
		/* We were too busy for it: not its fault, so not its record. */
		dp_flow_requeue(poll, conn);
		break;
	case DP_FLOW_TALK:
		talk_timer(poll, conn);
		break;
	case DP_FLOW_TLS:
		if (past_limit(poll, flow))
			dp_flow_tls_end(poll, conn);
		else
			dp_flow_tls_timer(poll, conn);
		break;
	default:
		break;
	}
}

void dp_flow_opened(struct dp_poll *poll, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);

	if (flow->phase == DP_FLOW_OPENING)
		dp_flow_wait(poll, conn, DP_FLOW_NEED_TALK);
}

void dp_flow_broken(struct dp_poll *poll, uint32_t conn, enum ts_close close)
{
	struct dp_flow *flow = dp_flow_at(poll, conn);
	enum dl_status status = close == TS_CLOSE_RTO ? DL_IO_TIMEOUT : DL_CONNECTION_CLOSED;
	struct dl_out out;

	switch (flow->phase) {
	case DP_FLOW_TLS:
		dp_flow_tls_broken(poll, conn,
			close == TS_CLOSE_RTO	    ? DP_BROKEN_UNACKED
			: close == TS_CLOSE_ABORTED ? DP_BROKEN_LIFE
						    : DP_BROKEN_BY_PEER);
		return;
	case DP_FLOW_TALK:
	case DP_FLOW_CREDIT:
		dl_eof(flow->talk, &out);
		if (close == TS_CLOSE_RTO)
			flow->talk->status = status;
		break;
	default:
		flow->status = (uint8_t)status;
		break;
	}
	dp_flow_finish(poll, conn);
}
