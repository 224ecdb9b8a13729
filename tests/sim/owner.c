/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/sim/owner.h"

#define FRAME_MAX  1600
#define N_TIMERS   64
#define N_RECORDS  16
#define N_GRANTS   16
#define N_BEHIND   16
#define PURGE_STEP 8

static void breaks(struct owner *owner, const char *promise)
{
	if (owner->broken == NULL)
		owner->broken = promise;
}

bool owner_excludes(const struct owner *owner, const struct ts_addr *addr)
{
	return owner->flows.excluded != NULL &&
	       dp_ranges_find(owner->flows.excluded, dp_number_from_addr(addr)) != NULL;
}

/* What must hold for every segment that flows send. */
static void check_send(struct owner *owner, const struct ts_act *act)
{
	const struct ts_conn *conn = ts_conn(owner->tcp, act->conn);
	uint32_t gen = owner->flows.flows[act->conn].gen;
	bool rst = act->send.flags & TS_TCP_RST;

	if (owner->rst_gen[act->conn] == gen + 1)
		breaks(owner, "nothing is sent after the RST of a connection");
	if (!dp_flow_is_live(&owner->flows, act->conn))
		breaks(owner, "nothing is sent by a connection that is over");
	if (owner_excludes(owner, &conn->raddr) && !(rst && owner->flows.purging))
		breaks(owner, "nothing but RSTs is sent to an excluded address");
	/* RFC 9293 3.10.7.3: in SYN-SENT a RST answers a wrong ACK and ends nothing. */
	if (rst && conn->state != TS_SYN_SENT)
		owner->rst_gen[act->conn] = gen + 1;
}

static void send(struct owner *owner, const struct ts_act *act)
{
	const struct ts_addr *peer = &ts_conn(owner->tcp, act->conn)->raddr;
	uint8_t frame[FRAME_MAX];
	uint32_t len;

	check_send(owner, act);
	len = dp_flow_segment(&owner->flows, act, &owner->link,
		ts_addr_is_v4(peer) ? &owner->source_v4 : &owner->source_v6, 0, frame,
		sizeof(frame));
	if (len == 0) {
		breaks(owner, "what is sent is held until it is acknowledged");
		return;
	}
	owner->config.hooks.frame(owner->config.hooks.ctx, frame, len);
}

static void give_back(struct owner *owner, struct dl_dialog *dialog, struct tl_result *tls)
{
	if (dialog != NULL)
		dp_pool_give(&owner->dialogs.pool, dialog);
	if (tls != NULL)
		owner->config.hooks.result_free(tls);
}

void owner_record_done(struct owner *owner, const struct dp_record *record)
{
	give_back(owner, record->dialog, record->tls);
}

static void carry_out(struct owner *owner)
{
	const struct owner_hooks *hooks = &owner->config.hooks;
	struct dp_flow_act *act;

	while ((act = dp_flow_next(&owner->flows)) != NULL) {
		switch (act->kind) {
		case DP_FLOW_SEND:
			send(owner, act->segment);
			break;
		case DP_FLOW_TELL:
			hooks->tell(hooks->ctx, &act->tell.msg);
			break;
		case DP_FLOW_HOLD:
			act->hold.hold = hooks->hold(hooks->ctx, &act->hold.addr);
			break;
		case DP_FLOW_EMIT:
			act->emit.taken = hooks->record(hooks->ctx, &act->emit.record);
			break;
		case DP_FLOW_ASK_AGAIN:
			act->target.retry = hooks->retry(
				hooks->ctx, &act->target.addr, act->target.service);
			break;
		case DP_FLOW_REOPENED:
			break;
		case DP_FLOW_DISCARD:
			give_back(owner, act->discard.dialog, act->discard.tls);
			break;
		}
	}
}

void owner_probe(struct owner *owner, const struct ts_addr *addr, uint16_t service)
{
	uint16_t port = owner->config.services[service].port;
	uint64_t hash = dp_probe_id_hash(&owner->probe_id, addr, port);
	uint8_t frame[FRAME_MAX];
	struct ts_seg seg = {
		.src = ts_addr_is_v4(addr) ? owner->source_v4 : owner->source_v6,
		.dst = *addr,
		.sport = dp_probe_id_port(&owner->probe_id, hash, DP_PROBE_PRIMARY),
		.dport = port,
		.seq = dp_probe_id_iss(hash, DP_PROBE_PRIMARY),
		.wnd = DP_RCV_WND,
		.flags = TS_TCP_SYN,
		.mss = OWNER_MSS,
	};

	if (owner_excludes(owner, addr))
		return;
	owner->config.hooks.frame(owner->config.hooks.ctx, frame,
		ts_build_tcp(frame, sizeof(frame), &owner->link, &seg));
}

static void tell_verdict(
	struct owner *owner, const struct ts_addr *addr, uint16_t port, enum owner_verdict verdict)
{
	const struct owner_hooks *hooks = &owner->config.hooks;

	if (hooks->verdict != NULL)
		hooks->verdict(hooks->ctx, addr, port, verdict);
}

/* A segment for no connection: does it answer our probe? */
static void take_answer(
	struct owner *owner, uint32_t conn_hash, const struct ts_pkt *pkt, uint64_t now_us)
{
	const struct owner_hooks *hooks = &owner->config.hooks;
	uint64_t hash = dp_probe_id_hash(&owner->probe_id, &pkt->src, pkt->tcp.sport);
	uint32_t iss = dp_probe_id_iss(hash, DP_PROBE_PRIMARY), conn;
	uint16_t service = 0;

	while (service < owner->config.n_services &&
		owner->config.services[service].port != pkt->tcp.sport)
		service++;
	if (service == owner->config.n_services || pkt->tcp.ack != iss + 1 ||
		pkt->tcp.dport != dp_probe_id_port(&owner->probe_id, hash, DP_PROBE_PRIMARY))
		return;
	if (pkt->tcp.flags & TS_TCP_RST) {
		tell_verdict(owner, &pkt->src, pkt->tcp.sport, OWNER_REFUSED);
		return;
	}
	if ((pkt->tcp.flags & (TS_TCP_SYN | TS_TCP_ACK)) != (TS_TCP_SYN | TS_TCP_ACK) ||
		owner_excludes(owner, &pkt->src) || !hooks->wanted(hooks->ctx, &pkt->src, service))
		return;
	conn = dp_flow_accept(&owner->flows, conn_hash, pkt, iss, service, now_us);
	hooks->accepted(hooks->ctx, &pkt->src, service, conn != TS_CONN_NONE);
	carry_out(owner);
}

static void take_icmp(struct owner *owner, const struct ts_pkt *pkt, uint64_t now_us)
{
	uint32_t conn = ts_lookup(
		owner->tcp, &pkt->icmp.quote_dst, pkt->icmp.quote_dport, pkt->icmp.quote_sport);

	if (conn == TS_CONN_NONE) {
		tell_verdict(owner, &pkt->icmp.quote_dst, pkt->icmp.quote_dport, OWNER_UNREACHABLE);
		return;
	}
	dp_flow_input_icmp(&owner->flows, conn, pkt, now_us);
	carry_out(owner);
}

void owner_frame(struct owner *owner, const uint8_t *frame, uint32_t len, uint64_t now_us)
{
	struct ts_pkt pkt;
	enum ts_drop reason;
	uint32_t hash, conn;

	if (ts_pkt_parse(frame, len, 0, &pkt) != TS_DROP_NONE)
		return;
	if (pkt.kind == TS_PKT_ARP_REPLY)
		memcpy(owner->link.dst_mac, pkt.arp.sender_mac, sizeof(owner->link.dst_mac));
	else if (pkt.kind == TS_PKT_ICMP_ERROR)
		take_icmp(owner, &pkt, now_us);
	if (pkt.kind != TS_PKT_TCP)
		return;
	hash = ts_lookup_hash(owner->tcp, &pkt.src, pkt.tcp.sport, pkt.tcp.dport);
	conn = ts_lookup_finish(owner->tcp, hash, &pkt.src, pkt.tcp.sport, pkt.tcp.dport);
	if (conn == TS_CONN_NONE) {
		take_answer(owner, hash, &pkt, now_us);
		return;
	}
	dp_flow_input(&owner->flows, conn, &pkt, now_us, &reason);
	carry_out(owner);
}

void owner_message(struct owner *owner, const struct dp_msg *msg, uint64_t now_us)
{
	dp_flow_message(&owner->flows, 0, msg, now_us);
	carry_out(owner);
}

static void purge(struct owner *owner, uint64_t now_us)
{
	for (uint32_t n = 0; n < PURGE_STEP && owner->purge_next < owner->config.n_conns; n++) {
		uint32_t conn = owner->purge_next++;

		if (!dp_flow_is_live(&owner->flows, conn) ||
			!owner_excludes(owner, &ts_conn(owner->tcp, conn)->raddr))
			continue;
		dp_flow_drop(&owner->flows, conn, now_us);
		carry_out(owner);
	}
	if (owner->purge_next == owner->config.n_conns)
		owner->flows.purging = false;
}

static void grant(struct owner *owner, uint64_t now_us)
{
	for (uint32_t n = 0; n < N_GRANTS && dp_flow_grant_credit(&owner->flows, now_us); n++)
		carry_out(owner);
	for (uint32_t n = 0; n < N_GRANTS && dp_flow_grant_dialog(&owner->flows, now_us); n++)
		carry_out(owner);
}

static void flush_records(struct owner *owner, uint64_t now_us)
{
	struct dp_flows *flows = &owner->flows;
	uint32_t n = flows->held.n < N_RECORDS ? flows->held.n : N_RECORDS;

	for (; n > 0; n--) {
		dp_flow_release(flows, now_us);
		carry_out(owner);
	}
	for (n = N_RECORDS; n > 0 && flows->records.n > 0; n--) {
		uint32_t before = flows->records.n;

		dp_flow_offer(flows, now_us);
		carry_out(owner);
		if (flows->records.n == before)
			break;
	}
}

void owner_turn(struct owner *owner, uint32_t data_room, uint64_t now_us)
{
	struct dp_flows *flows = &owner->flows;
	bool paid;

	flows->data_room[0] = data_room;
	purge(owner, now_us);
	dp_flow_tick(flows, now_us, N_TIMERS);
	carry_out(owner);
	for (uint32_t n = flows->behind.n < N_BEHIND ? flows->behind.n : N_BEHIND; n > 0; n--) {
		dp_flow_catch_up(flows, now_us);
		carry_out(owner);
	}
	grant(owner, now_us);
	flush_records(owner, now_us);
	do {
		paid = dp_flow_flush_acks(flows, now_us);
		carry_out(owner);
	} while (!paid);
}

void owner_exclude(struct owner *owner, const struct dp_ranges *ranges)
{
	owner->flows.excluded = ranges;
	owner->flows.purging = true;
	owner->purge_next = 0;
}

void owner_abort_all(struct owner *owner, uint64_t now_us)
{
	for (uint32_t conn = 0; conn < owner->config.n_conns; conn++) {
		if (!dp_flow_is_live(&owner->flows, conn))
			continue;
		dp_flow_drop(&owner->flows, conn, now_us);
		carry_out(owner);
	}
}
