/* SPDX-License-Identifier: BSD-3-Clause */
/* Dialogs on a flow while they are with the poll core: starting, feeding, ending them. */
#include "flow_internal.h"

/* How soon a timer that found no transmit chunk is tried again. */
#define NO_CHUNK_RETRY_US 100000

static bool server_speaks_first(const struct dl_service *service)
{
	return !service->implicit_tls && (service->proto == DL_SMTP || service->proto == DL_IMAP ||
						 service->proto == DL_POP3);
}

void dp_flow_begin(
	struct dp_flows *flows, uint32_t conn, const struct ts_pkt *pkt, uint16_t service)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	*flow = (struct dp_flow){
		.opened_us = flows->now_us,
		.gen = flow->gen,
		.tls_slot = DP_NO_SLOT,
		.service = service,
		.status = DL_UNKNOWN_ERROR,
		.stage = DL_AT_GREETING,
	};
	memcpy(flow->peer_mac, pkt->src_mac, sizeof(flow->peer_mac));
	dp_count(flows->config.stats, DP_CONNS_OPENED);
	if (server_speaks_first(dp_flow_service(flows, flow))) {
		flow->phase = DP_FLOW_GREETING;
		dp_flow_deadline(flows, conn, flows->now_us + flows->config.dialog->greeting_us);
		return;
	}
	dp_flow_wait(flows, conn, DP_FLOW_NEED_DIALOG);
}

bool dp_flow_have_dialog(struct dp_flows *flows)
{
	if (flows->dialog_spare == NULL &&
		!dp_pool_take(flows->config.dialogs, (void **)&flows->dialog_spare, 1))
		flows->dialog_spare = NULL;
	return flows->dialog_spare != NULL;
}

/* The host name that was given for the target, "" if none was. */
static const char *host_name(const struct dp_flows *flows, uint32_t conn)
{
	const char *name = dp_targets_name(
		flows->config.targets, &ts_conn(flows->tcp, conn)->raddr);

	return name != NULL ? name : "";
}

bool dp_flow_start_dialog(struct dp_flows *flows, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);
	const struct dl_service *service = dp_flow_service(flows, flow);
	/* Second connection: the first one's findings name the host. */
	bool second = flow->dialog != NULL;
	char addr[TS_ADDR_STRLEN], host[DL_NAME_MAX + 1];
	uint64_t started_us;
	struct dl_out out;

	if (!dp_flow_have_spare(flows) || (!second && !dp_flow_have_dialog(flows)))
		return false;
	if (second) {
		memcpy(host, flow->dialog->reconnect_host, sizeof(host));
	} else {
		flow->dialog = flows->dialog_spare;
		flows->dialog_spare = NULL;
	}
	ts_addr_format(&ts_conn(flows->tcp, conn)->raddr, addr);
	dp_count(flows->config.stats, DP_DIALOGS_STARTED);
	/* The time for a greeting runs from the start. A connection that waited for a dialog starts
	 * only now. */
	started_us = flow->phase == DP_FLOW_GREETING ? flow->opened_us : flows->now_us;
	flow->phase = DP_FLOW_DIALOG;
	dl_start(flow->dialog, flows->config.dialog, service->proto, service->implicit_tls,
		second ? host : host_name(flows, conn), addr, second, started_us, &out);
	dp_flow_apply(flows, conn, &out);
	return true;
}

static void say(struct dp_flows *flows, uint32_t conn, const struct dl_out *out)
{
	struct dl_dialog *dialog = dp_flow_at(flows, conn)->dialog;

	if (out->len == 0 || dp_flow_say(flows, conn, out->bytes, out->len))
		return;
	/* The peer keeps asking but acknowledges none of our answers. */
	dialog->status = DL_PROTOCOL_ERROR;
	dialog->class = DL_CLASS_LIMIT;
	dp_flow_abort(flows, conn);
}

static bool is_excluded(const struct dp_flows *flows, const struct ts_addr *addr)
{
	return flows->excluded != NULL &&
	       dp_ranges_find(flows->excluded, dp_number_from_addr(addr)) != NULL;
}

/* Open the second connection of an XMPP target. The dialog moves to it, and so will the record. */
static void reconnect(struct dp_flows *flows, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);
	const struct ts_conn *tcp = ts_conn(flows->tcp, conn);
	/* The next source port is also one of this core's, so the answer comes to this core. */
	const struct dp_probe_id *probe_id = flows->config.probe_id;
	struct dp_flow_act *act;
	struct dp_flow *flow2;
	uint32_t second;

	/* The exclusion purge may have passed the index that it would get. */
	if (is_excluded(flows, &tcp->raddr))
		return;
	second = ts_open(flows->tcp, &tcp->raddr, tcp->rport,
		dp_probe_id_port_after(probe_id, tcp->lport),
		/* A number that no kind of probe uses. */
		dp_probe_id_iss(
			dp_probe_id_hash(probe_id, &tcp->raddr, tcp->rport), DP_N_PROBE_KIND),
		flows->now_us, &flows->own);
	if (second == TS_CONN_NONE)
		return;
	flow2 = dp_flow_at(flows, second);
	*flow2 = (struct dp_flow){
		.dialog = flow->dialog,
		.opened_us = flows->now_us,
		.gen = flow2->gen,
		.tls_slot = DP_NO_SLOT,
		.service = flow->service,
		.phase = DP_FLOW_OPENING,
		.retried = true,
	};
	memcpy(flow2->peer_mac, flow->peer_mac, sizeof(flow2->peer_mac));
	flow->dialog = NULL;
	flow->silent = true;
	dp_count(flows->config.stats, DP_CONNS_RECONNECTED);
	act = dp_flow_act_new(flows, DP_FLOW_REOPENED, second);
	act->target.addr = tcp->raddr;
	act->target.service = flow->service;
}

void dp_flow_apply(struct dp_flows *flows, uint32_t conn, const struct dl_out *out)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	say(flows, conn, out);
	if (flow->phase == DP_FLOW_CLOSING)
		return;
	switch (out->next) {
	case DL_NEXT_READ:
		dp_flow_deadline(flows, conn, out->deadline_us);
		break;
	case DL_NEXT_CREDIT:
		dp_flow_wait(flows, conn, DP_FLOW_CREDIT);
		break;
	case DL_NEXT_TLS:
		dp_flow_tls_open(flows, conn);
		break;
	case DL_NEXT_RECONNECT:
		if (!flow->retried)
			reconnect(flows, conn);
		dp_flow_close(flows, conn);
		break;
	case DL_NEXT_DONE:
		dp_flow_return_credit(flows, flow);
		dp_flow_close(flows, conn);
		break;
	}
}

void dp_flow_data(struct dp_flows *flows, uint32_t conn, const uint8_t *bytes, uint32_t len)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);
	struct dl_out out;

	switch (flow->phase) {
	case DP_FLOW_GREETING:
		if (!dp_flow_start_dialog(flows, conn) || flow->phase != DP_FLOW_DIALOG)
			return;
		break;
	case DP_FLOW_DIALOG:
	case DP_FLOW_CREDIT:
		break;
	case DP_FLOW_TLS:
		dp_flow_tls_data(flows, conn, bytes, len);
		return;
	default:
		return;
	}
	/* dp_flow_can_take() has taken one, but several pieces from the reorder buffer may need
	 * more. */
	if (!dp_flow_have_spare(flows)) {
		flow->dialog->status = DL_UNKNOWN_ERROR;
		dp_flow_abort(flows, conn);
		return;
	}
	dl_input(flow->dialog, flows->config.dialog, bytes, len, flows->now_us, &out);
	/* While the dialog waits for a credit, it asks for nothing else. */
	if (flow->phase != DP_FLOW_CREDIT || out.next != DL_NEXT_CREDIT)
		dp_flow_apply(flows, conn, &out);
}

void dp_flow_eof(struct dp_flows *flows, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);
	struct dl_out out;

	switch (flow->phase) {
	case DP_FLOW_TLS:
		dp_flow_tls_eof(flows, conn);
		return;
	case DP_FLOW_DIALOG:
	case DP_FLOW_CREDIT:
	case DP_FLOW_REFUSED:
		dl_eof(flow->dialog, &out);
		break;
	default:
		flow->status = DL_CONNECTION_CLOSED;
		break;
	}
	dp_flow_return_credit(flows, flow);
	dp_flow_close(flows, conn);
}

static bool past_limit(const struct dp_flows *flows, const struct dp_flow *flow)
{
	return flows->now_us >= flow->opened_us + flows->config.conn_limit_us;
}

static void dialog_timer(struct dp_flows *flows, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);
	struct dl_out out;

	if (past_limit(flows, flow)) {
		flow->dialog->status = DL_IO_TIMEOUT;
		dp_flow_abort(flows, conn);
		return;
	}
	if (!dp_flow_have_spare(flows)) {
		dp_flow_deadline(flows, conn, flows->now_us + NO_CHUNK_RETRY_US);
		return;
	}
	dl_timer(flow->dialog, flows->config.dialog, flows->now_us, &out);
	dp_flow_apply(flows, conn, &out);
}

void dp_flow_timer(struct dp_flows *flows, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	switch (flow->phase) {
	case DP_FLOW_GREETING:
		flow->status = DL_IO_TIMEOUT;
		dp_flow_close(flows, conn);
		break;
	case DP_FLOW_NEED_DIALOG:
	case DP_FLOW_CREDIT:
	case DP_FLOW_REFUSED:
		/* We were too busy for the host. Its record must not show that, so there is
		 * none. */
		dp_flow_requeue(flows, conn);
		break;
	case DP_FLOW_DIALOG:
		dialog_timer(flows, conn);
		break;
	case DP_FLOW_TLS:
		if (past_limit(flows, flow))
			dp_flow_tls_end(flows, conn);
		else
			dp_flow_tls_timer(flows, conn);
		break;
	default:
		break;
	}
}

void dp_flow_opened(struct dp_flows *flows, uint32_t conn)
{
	if (dp_flow_at(flows, conn)->phase == DP_FLOW_OPENING)
		dp_flow_wait(flows, conn, DP_FLOW_NEED_DIALOG);
}

void dp_flow_broken(struct dp_flows *flows, uint32_t conn, enum ts_close close)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);
	enum dl_status status = close == TS_CLOSE_RTO ? DL_IO_TIMEOUT : DL_CONNECTION_CLOSED;
	struct dl_out out;

	switch (flow->phase) {
	case DP_FLOW_TLS:
		dp_flow_tls_broken(flows, conn,
			close == TS_CLOSE_RTO	    ? DP_BROKEN_UNACKED
			: close == TS_CLOSE_ABORTED ? DP_BROKEN_LIFE
						    : DP_BROKEN_BY_PEER);
		return;
	case DP_FLOW_DIALOG:
	case DP_FLOW_CREDIT:
	case DP_FLOW_REFUSED:
		dl_eof(flow->dialog, &out);
		if (close == TS_CLOSE_RTO)
			flow->dialog->status = status;
		break;
	default:
		flow->status = (uint8_t)status;
		break;
	}
	dp_flow_finish(flows, conn);
}
