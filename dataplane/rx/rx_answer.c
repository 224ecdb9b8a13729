/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Verdicts without state: an answer to a probe proves it by port and number (probe_id.h). Anything
 * else is noise and only counted, since a reply to noise would make us a reflector.
 *
 *   about         SYN-ACK, valid              RST                 ICMP error
 *   ───────────   ─────────────────────────   ─────────────────   ────────────
 *   primary       first: connection           first: closed       first: unreachable
 *                 repeated: RST               repeated: counted   repeated: counted
 *   second        RST                         counted             counted
 *   canary        RST                         counted             counted
 *   decoy         RST                         counted             counted
 *
 * The first SYN-ACK to a probe is always answered: there are no more of them than we have sent
 * SYNs, and a host that gets no RST repeats its SYN-ACK for a minute. Repeated and late segments
 * can come without end, so the reply budget limits their RSTs (replies.h). If a core is done, it
 * limits all RSTs.
 *
 * A RST or an ICMP error that follows the SYN-ACK of the same target is no verdict. A SYN-ACK that
 * follows one of them is served as any other: both can be forged or come from a middlebox, and a
 * SYN-ACK may overtake them.
 */
#include "dataplane/core/ring.h"
#include "carry_out.h"
#include "rx_internal.h"
#include "tcpstack/packet/build.h"

/* How far beyond our probe's ISN a late segment may acknowledge and still be answered with RST. */
#define LATE_ACK_RANGE (1u << 20)

/* Send a RST, without asking the reply budget: for what comes at most once for each of our SYNs. */
static void send_reset(struct dp_poll *poll, const struct ts_pkt *pkt)
{
	struct ts_link link = {.vlan = poll->scan->config.vlan, .ttl = DP_TTL};
	struct ts_seg seg = {
		.src = pkt->dst,
		.dst = pkt->src,
		.sport = pkt->tcp.dport,
		.dport = pkt->tcp.sport,
		.ip_id = dp_poll_ip_id(poll),
	};
	uint32_t cap;
	uint8_t *frame = dp_txq_begin(poll->tx, &cap);

	if (frame == NULL)
		return;
	ts_reset_for(pkt, &seg.seq, &seg.ack, &seg.flags);
	memcpy(link.src_mac, poll->scan->mac, sizeof(link.src_mac));
	memcpy(link.dst_mac, pkt->src_mac, sizeof(link.dst_mac));
	dp_txq_commit(poll->tx, ts_build_tcp(frame, cap, &link, &seg));
	dp_count(poll->stats, DP_RST_SENT);
}

/* Send a RST for a segment that may come again and again, if the reply budget allows it. */
static void reset_repeat(struct dp_poll *poll, const struct ts_pkt *pkt)
{
	if (dp_poll_reply(poll, DP_REPLY_TCP, DP_RST_SUPPRESSED, DP_WIRE_MIN))
		send_reset(poll, pkt);
}

/* Make a record without a connection. dp_rx_poll() has checked that the ring has room. */
static void emit_verdict(struct dp_poll *poll, enum dp_outcome outcome, const struct ts_addr *addr,
	uint16_t service, const struct ts_pkt *pkt)
{
	struct dp_record record = {
		.addr = *addr,
		.service = poll->scan->config.services[service],
		.outcome = outcome,
		.status = DL_CONNECTION_REFUSED,
		.stage = DL_AT_SYN,
		.start_unix_us = poll->scan->clock.start_unix_us + poll->now_us,
		.answer_ttl = pkt->ttl,
	};

	if (!poll->scan->config.emit[outcome])
		return;
	if (pkt->kind == TS_PKT_ICMP_ERROR) {
		record.icmp_type = pkt->icmp.type;
		record.icmp_code = pkt->icmp.code;
	}
	if (dp_ring_put(poll->scan->to_writer[poll->index], &record, sizeof(record), poll->stats,
		    DP_G_WRITER_RING_PEAK))
		dp_count(poll->stats, DP_RECORDS);
}

/* The number of an address's decoy port, below n_decoys; n_decoys: the port is no decoy. */
static uint32_t decoy_number(const struct dp_poll *poll, const struct ts_addr *addr, uint16_t port)
{
	uint32_t n = 0;

	while (n < poll->scan->config.n_decoys &&
		dp_probe_id_decoy_port(&poll->probe_id, addr, n) != port)
		n++;
	return n;
}

/* Note the answer to a canary or a decoy. False if it has been noted before. A RST is noted
 * separately, so that it neither hides a SYN-ACK nor passes for one. */
static bool note_decoy(struct dp_poll *poll, enum dp_probe_kind kind, const struct ts_pkt *pkt)
{
	uint32_t apart = pkt->tcp.flags & TS_TCP_RST ? DP_DEDUP_APART : 0;

	if (kind == DP_PROBE_CANARY)
		return !dp_dedup_add(&poll->dedup, DP_DEDUP_CANARY, &pkt->src, (uint16_t)apart);
	return !dp_dedup_add(&poll->dedup, DP_DEDUP_DECOY, &pkt->src,
		(uint16_t)(apart | decoy_number(poll, &pkt->src, pkt->tcp.sport)));
}

/* An answer to a second probe, a canary or a decoy is only counted: its SYN-ACK is reset. */
static void take_side_answer(
	struct dp_rx *rx, enum dp_probe_kind kind, const struct ts_pkt *pkt, uint64_t hash)
{
	struct dp_poll *poll = rx->poll;
	bool rst = pkt->tcp.flags & TS_TCP_RST;
	bool fresh = kind == DP_PROBE_SECOND ? dp_loss_second(&rx->work->loss, hash)
					     : note_decoy(poll, kind, pkt);

	if (!fresh)
		dp_count(poll->stats, rst ? DP_RST_DUPLICATE : DP_SYNACK_DUPLICATE);
	else if (kind == DP_PROBE_CANARY)
		dp_count(poll->stats, rst ? DP_CANARY_RST : DP_CANARY_SYNACK);
	else if (kind == DP_PROBE_DECOY)
		dp_count(poll->stats, rst ? DP_DECOY_RST : DP_DECOY_SYNACK);
	if (rst)
		return;
	if (fresh)
		send_reset(poll, pkt);
	else
		reset_repeat(poll, pkt);
}

/* Is this a port that probes of a kind are sent to? Decoys avoid ports that are scanned. */
static bool suits_port(const struct dp_poll *poll, enum dp_probe_kind kind,
	const struct ts_addr *addr, uint16_t port)
{
	bool service = poll->scan->service_of_port[port] != 0;

	switch (kind) {
	case DP_PROBE_PRIMARY:
	case DP_PROBE_SECOND:
		return service;
	case DP_PROBE_CANARY:
		return !service &&
		       dp_probe_id_decoy_port(&poll->probe_id, addr, DP_CANARY_DECOY) == port;
	case DP_PROBE_DECOY:
		return !service && decoy_number(poll, addr, port) < poll->scan->config.n_decoys;
	case DP_N_PROBE_KIND:
		break;
	}
	return false;
}

/* Which kind of probe does a segment answer that acknowledges a SYN with number iss? */
static bool answers_probe(const struct dp_poll *poll, const struct ts_pkt *pkt, uint64_t hash,
	uint32_t iss, enum dp_probe_kind *kind)
{
	return dp_probe_id_match(&poll->probe_id, hash, pkt->tcp.dport, iss, kind) &&
	       suits_port(poll, *kind, &pkt->src, pkt->tcp.sport);
}

/*
 * Is a segment for a connection to its target, by our port? A target may have had two: that of the
 * primary probe, and the second one that XMPP may need (flow_dialog.c). iss: out, our ISN of it.
 */
static bool of_connection(
	const struct dp_poll *poll, const struct ts_pkt *pkt, uint64_t hash, uint32_t *iss)
{
	const struct dp_probe_id *probe_id = &poll->probe_id;
	uint16_t port = dp_probe_id_port(probe_id, hash, DP_PROBE_PRIMARY);

	*iss = dp_probe_id_iss(hash, DP_PROBE_PRIMARY);
	if (pkt->tcp.dport == port)
		return true;
	*iss = dp_probe_id_iss(hash, DP_N_PROBE_KIND);
	return pkt->tcp.dport == dp_probe_id_port_after(probe_id, port);
}

/* Count a target that has answered with SYN-ACK, once, however often it is asked again. */
static void count_synack(
	struct dp_rx *rx, const struct ts_addr *addr, uint16_t service, uint64_t hash)
{
	struct dp_poll *poll = rx->poll;
	dp_dedup_add_hash(&poll->dedup, DP_DEDUP_SYNACK, hash);
	if (dp_dedup_has_hash(&poll->dedup, DP_DEDUP_RETRIED, hash)) {
		dp_notes_opened(&rx->work->notes, addr, service);
		return;
	}
	dp_count(poll->stats, DP_SYNACK_VALID);
	dp_rx_heard(poll, addr);
	dp_loss_first(&rx->work->loss, addr, service, hash);
}

/* There is no room for a connection: put the target on the retry list. If that is full, the SYN-ACK
 * stays unanswered and the target uncounted, and the peer repeats its SYN-ACK. */
static void put_off(struct dp_rx *rx, const struct ts_pkt *pkt, uint64_t hash, uint16_t service)
{
	struct dp_poll *poll = rx->poll;
	dp_count(poll->stats, DP_SYNACK_RETRY_LATER);
	if (!dp_retry_room(&rx->work->retries))
		return;
	count_synack(rx, &pkt->src, service, hash);
	dp_retry_add(&rx->work->retries, &pkt->src, service);
	send_reset(poll, pkt);
}

static void take_synack(struct dp_rx *rx, const struct ts_pkt *pkt, uint64_t hash,
	uint32_t conn_hash, uint16_t service)
{
	struct dp_poll *poll = rx->poll;
	uint32_t conn;

	if (dp_dedup_has_hash(&poll->dedup, DP_DEDUP_SYNACK, hash)) {
		dp_count(poll->stats, DP_SYNACK_DUPLICATE);
		reset_repeat(poll, pkt);
		return;
	}
	if (poll->live->mode == DP_ABORT || poll->done) {
		count_synack(rx, &pkt->src, service, hash);
		reset_repeat(poll, pkt);
		return;
	}
	conn = dp_flow_accept(&rx->flows, conn_hash, pkt, dp_probe_id_iss(hash, DP_PROBE_PRIMARY),
		service, poll->now_us);
	if (conn == TS_CONN_NONE) {
		put_off(rx, pkt, hash, service);
		return;
	}
	count_synack(rx, &pkt->src, service, hash);
	dp_decoy_want(&rx->work->decoys, &pkt->src, pkt->src_mac);
	dp_carry_out(rx);
}

static void rx_synack(struct dp_rx *rx, const struct ts_pkt *pkt, uint64_t hash, uint32_t conn_hash,
	uint16_t service)
{
	struct dp_poll *poll = rx->poll;
	enum dp_probe_kind kind;
	uint32_t iss;

	if (answers_probe(poll, pkt, hash, pkt->tcp.ack - 1, &kind)) {
		if (kind == DP_PROBE_PRIMARY)
			take_synack(rx, pkt, hash, conn_hash, (uint16_t)(service - 1));
		else
			take_side_answer(rx, kind, pkt, hash);
		return;
	}
	/* Of a second connection that has ended. */
	if (service != 0 && of_connection(poll, pkt, hash, &iss) && pkt->tcp.ack == iss + 1) {
		dp_count(poll->stats, DP_SYNACK_DUPLICATE);
		reset_repeat(poll, pkt);
		return;
	}
	dp_count(poll->stats, service != 0 ? DP_SYNACK_BAD_COOKIE : DP_NO_CONNECTION);
}

static void take_rst(struct dp_rx *rx, const struct ts_pkt *pkt, uint64_t hash, uint16_t service)
{
	struct dp_poll *poll = rx->poll;
	if (dp_dedup_add_hash(&poll->dedup, DP_DEDUP_RST, hash)) {
		dp_count(poll->stats, DP_RST_DUPLICATE);
		return;
	}
	dp_loss_first(&rx->work->loss, &pkt->src, service, hash);
	/* A target gets one verdict. */
	if (dp_dedup_has_hash(&poll->dedup, DP_DEDUP_ICMP, hash)) {
		dp_count(poll->stats, DP_RST_DUPLICATE);
		return;
	}
	dp_count(poll->stats, DP_RST_VALID);
	dp_rx_heard(poll, &pkt->src);
	emit_verdict(poll, DP_OUTCOME_CLOSED, &pkt->src, service, pkt);
}

static void rx_rst(struct dp_rx *rx, const struct ts_pkt *pkt, uint64_t hash, uint16_t service)
{
	struct dp_poll *poll = rx->poll;
	enum dp_probe_kind kind;
	uint32_t iss;

	/* After a SYN-ACK a RST belongs to a connection that has ended, so its numbers do not match
	 * the probe's. */
	if (service != 0 && of_connection(poll, pkt, hash, &iss) &&
		dp_dedup_has_hash(&poll->dedup, DP_DEDUP_SYNACK, hash)) {
		dp_count(poll->stats, DP_LATE_SEGMENT);
		return;
	}
	/* RFC 9293 3.10.7.1: ACK is set and acknowledges the SYN. Some stacks do not count the SYN
	 * as a number. */
	if ((pkt->tcp.flags & TS_TCP_ACK) &&
		(answers_probe(poll, pkt, hash, pkt->tcp.ack - 1, &kind) ||
			answers_probe(poll, pkt, hash, pkt->tcp.ack, &kind))) {
		if (kind == DP_PROBE_PRIMARY)
			take_rst(rx, pkt, hash, (uint16_t)(service - 1));
		else
			take_side_answer(rx, kind, pkt, hash);
		return;
	}
	dp_count(poll->stats, service != 0 ? DP_RST_BAD_COOKIE : DP_NO_CONNECTION);
}

void dp_rx_answer(struct dp_rx *rx, const struct ts_pkt *pkt, uint64_t hash, uint32_t conn_hash)
{
	struct dp_poll *poll = rx->poll;
	uint16_t service = poll->scan->service_of_port[pkt->tcp.sport];
	uint32_t iss;

	if (dp_live_excludes(poll->live, &pkt->src)) {
		dp_count(poll->stats, DP_RX_EXCLUDED);
		return;
	}
	if (pkt->tcp.flags & TS_TCP_RST) {
		rx_rst(rx, pkt, hash, service);
		return;
	}
	if ((pkt->tcp.flags & (TS_TCP_SYN | TS_TCP_ACK)) == (TS_TCP_SYN | TS_TCP_ACK)) {
		rx_synack(rx, pkt, hash, conn_hash, service);
		return;
	}
	/* A peer that still sends on a connection that has ended gets a RST. Noise does not. */
	if (service != 0 && (pkt->tcp.flags & TS_TCP_ACK) && of_connection(poll, pkt, hash, &iss) &&
		pkt->tcp.ack - (iss + 1) < LATE_ACK_RANGE) {
		dp_count(poll->stats, DP_LATE_SEGMENT);
		reset_repeat(poll, pkt);
		return;
	}
	dp_count(poll->stats, DP_NO_CONNECTION);
}

void dp_rx_icmp_answer(struct dp_poll *poll, const struct ts_pkt *pkt)
{
	const struct ts_icmp *icmp = &pkt->icmp;
	uint64_t hash = dp_probe_id_hash(&poll->probe_id, &icmp->quote_dst, icmp->quote_dport);
	uint16_t service = poll->scan->service_of_port[icmp->quote_dport];
	enum dp_probe_kind kind;

	if (dp_live_excludes(poll->live, &icmp->quote_dst)) {
		dp_count(poll->stats, DP_RX_EXCLUDED);
		return;
	}
	if (!dp_probe_id_match(&poll->probe_id, hash, icmp->quote_sport, icmp->quote_seq, &kind) ||
		!suits_port(poll, kind, &icmp->quote_dst, icmp->quote_dport)) {
		dp_count(poll->stats, DP_ICMP_BAD_QUOTE);
		return;
	}
	if (kind != DP_PROBE_PRIMARY) {
		dp_count(poll->stats, DP_ICMP_SIDE_PROBE);
		return;
	}
	if (dp_dedup_has_hash(&poll->dedup, DP_DEDUP_SYNACK, hash) ||
		dp_dedup_has_hash(&poll->dedup, DP_DEDUP_RST, hash) ||
		dp_dedup_add_hash(&poll->dedup, DP_DEDUP_ICMP, hash)) {
		dp_count(poll->stats, DP_ICMP_DUPLICATE);
		return;
	}
	dp_count(poll->stats, DP_ICMP_VALID);
	dp_rx_heard(poll, &icmp->quote_dst);
	emit_verdict(poll, DP_OUTCOME_UNREACHABLE, &icmp->quote_dst, (uint16_t)(service - 1), pkt);
}
