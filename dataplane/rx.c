/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Frames in: parse once, then the cheapest test first. Nothing is allocated for noise.
 *
 *   ours? ─► connection? ─► TCP machine
 *              └─ no ─► cookie? ─► SYN-ACK: connection   RST: closed   ICMP: unreachable
 *                          └─ no ─► counted, no answer: to reply would make us a reflector
 */
#include <rte_ethdev.h>

#include "poll.h"
#include "tcpstack/build.h"

/* How far beyond our probe's ISN a late segment may acknowledge and still be answered with RST. */
#define LATE_ACK_RANGE (1u << 20)
/* Frames one received frame can make us queue, and as many again for timers. */
#define TX_ROOM_PER_BURST (DP_TXQ_DEPTH / 2)

void dp_rx_reset(struct dp_poll *poll, const struct ts_pkt *pkt)
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
	uint8_t *frame;

	if (dp_rate_take(&poll->reset_budget, poll->now_us, 1) == 0) {
		dp_count(poll->stats, DP_RST_SUPPRESSED);
		return;
	}
	frame = dp_txq_begin(&poll->tx, &cap);
	if (frame == NULL)
		return;
	ts_reset_for(pkt, &seg.seq, &seg.ack, &seg.flags);
	memcpy(link.src_mac, poll->scan->mac, sizeof(link.src_mac));
	memcpy(link.dst_mac, pkt->src_mac, sizeof(link.dst_mac));
	dp_txq_commit(&poll->tx, ts_build_tcp(frame, cap, &link, &seg));
	dp_count(poll->stats, DP_RST_SENT);
}

/* A finding that needs no connection. The caller has made sure the ring has room. */
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
	if (rte_ring_sp_enqueue_elem(poll->scan->to_writer[poll->index], &record, sizeof(record)) ==
		0)
		dp_count(poll->stats, DP_RECORDS);
}

static void rx_synack(
	struct dp_poll *poll, const struct ts_pkt *pkt, uint32_t iss, uint16_t service)
{
	struct ts_acts acts;
	uint32_t conn;

	if (pkt->tcp.ack != iss + 1) {
		dp_count(poll->stats, DP_SYNACK_BAD_COOKIE);
		return;
	}
	if (dp_seen_has(&poll->seen, DP_SEEN_SYNACK, &pkt->src, pkt->tcp.sport)) {
		dp_count(poll->stats, DP_SYNACK_DUPLICATE);
		dp_rx_reset(poll, pkt);
		return;
	}
	dp_count(poll->stats, DP_SYNACK_VALID);
	if (poll->live->mode == DP_ABORT || poll->done) {
		dp_rx_reset(poll, pkt);
		return;
	}
	conn = ts_accept(poll->tcp, pkt, iss, poll->now_us, dp_acts_clear(&acts));
	if (conn == TS_CONN_NONE) {
		/* Without room on the retry list it stays unanswered: the peer repeats its SYN-ACK.
		 */
		if (dp_prober_retry(poll, &pkt->src, service)) {
			dp_seen_add(&poll->seen, DP_SEEN_SYNACK, &pkt->src, pkt->tcp.sport);
			dp_rx_reset(poll, pkt);
		}
		dp_count(poll->stats, DP_SYNACK_RETRY_LATER);
		return;
	}
	dp_seen_add(&poll->seen, DP_SEEN_SYNACK, &pkt->src, pkt->tcp.sport);
	/* First the flow, so that the handshake's ACK finds its link-layer address. */
	dp_flow_accepted(poll, conn, pkt, service);
	dp_flow_run(poll, &acts);
}

static void rx_rst(struct dp_poll *poll, const struct ts_pkt *pkt, uint32_t iss, uint16_t service)
{
	/* After a SYN-ACK a RST is the end of a connection we have forgotten. */
	if (dp_seen_has(&poll->seen, DP_SEEN_SYNACK, &pkt->src, pkt->tcp.sport)) {
		dp_count(poll->stats, DP_LATE_SEGMENT);
		return;
	}
	if (!(pkt->tcp.flags & TS_TCP_ACK) || pkt->tcp.ack != iss + 1) {
		dp_count(poll->stats, DP_RST_BAD_COOKIE);
		return;
	}
	if (dp_seen_has(&poll->seen, DP_SEEN_ICMP, &pkt->src, pkt->tcp.sport) ||
		dp_seen_add(&poll->seen, DP_SEEN_RST, &pkt->src, pkt->tcp.sport)) {
		dp_count(poll->stats, DP_RST_DUPLICATE);
		return;
	}
	dp_count(poll->stats, DP_RST_VALID);
	emit_verdict(poll, DP_OUTCOME_CLOSED, &pkt->src, service, pkt);
}

static void rx_stateless(struct dp_poll *poll, const struct ts_pkt *pkt)
{
	uint16_t service = poll->scan->service_of_port[pkt->tcp.sport];
	uint64_t hash;
	uint32_t iss;

	if (service == 0) {
		dp_count(poll->stats, DP_NO_CONNECTION);
		return;
	}
	service--;
	hash = dp_ident_hash(&poll->ident, &pkt->src, pkt->tcp.sport);
	iss = dp_ident_iss(hash, DP_PROBE_PROPER);
	if (pkt->tcp.flags & TS_TCP_RST) {
		rx_rst(poll, pkt, iss, service);
		return;
	}
	if ((pkt->tcp.flags & (TS_TCP_SYN | TS_TCP_ACK)) == (TS_TCP_SYN | TS_TCP_ACK)) {
		rx_synack(poll, pkt, iss, service);
		return;
	}
	/* A peer that still talks on a connection we have forgotten deserves its RST; noise does
	 * not. */
	if ((pkt->tcp.flags & TS_TCP_ACK) && pkt->tcp.ack - (iss + 1) < LATE_ACK_RANGE) {
		dp_count(poll->stats, DP_LATE_SEGMENT);
		dp_rx_reset(poll, pkt);
		return;
	}
	dp_count(poll->stats, DP_NO_CONNECTION);
}

static void rx_tcp(struct dp_poll *poll, const struct ts_pkt *pkt)
{
	uint32_t conn = ts_lookup(poll->tcp, &pkt->src, pkt->tcp.sport, pkt->tcp.dport);
	struct ts_acts acts;
	enum ts_drop reason;

	if (conn == TS_CONN_NONE) {
		rx_stateless(poll, pkt);
		return;
	}
	if (pkt->tcp.payload_len > 0 && !dp_flow_can_take(poll, conn)) {
		dp_count(poll->stats, DP_RX_BUSY);
		return;
	}
	reason = ts_input(poll->tcp, conn, pkt, poll->now_us, dp_acts_clear(&acts));
	if (reason != TS_DROP_NONE)
		dp_count_drop(poll->stats, reason);
	dp_flow_run(poll, &acts);
}

static void rx_icmp(struct dp_poll *poll, const struct ts_pkt *pkt)
{
	const struct ts_icmp *icmp = &pkt->icmp;
	uint16_t service = poll->scan->service_of_port[icmp->quote_dport];
	enum dp_probe_kind kind;
	struct ts_acts acts;

	if (ts_lookup(poll->tcp, &icmp->quote_dst, icmp->quote_dport, icmp->quote_sport) !=
		TS_CONN_NONE) {
		enum ts_drop reason = ts_input_icmp(
			poll->tcp, pkt, poll->now_us, dp_acts_clear(&acts));

		if (reason != TS_DROP_NONE)
			dp_count_drop(poll->stats, reason);
		dp_flow_run(poll, &acts);
		return;
	}
	if (service == 0 ||
		!dp_ident_match(&poll->ident,
			dp_ident_hash(&poll->ident, &icmp->quote_dst, icmp->quote_dport),
			icmp->quote_sport, icmp->quote_seq, &kind)) {
		dp_count(poll->stats, DP_ICMP_BAD_QUOTE);
		return;
	}
	if (dp_seen_has(&poll->seen, DP_SEEN_SYNACK, &icmp->quote_dst, icmp->quote_dport) ||
		dp_seen_has(&poll->seen, DP_SEEN_RST, &icmp->quote_dst, icmp->quote_dport) ||
		dp_seen_add(&poll->seen, DP_SEEN_ICMP, &icmp->quote_dst, icmp->quote_dport)) {
		dp_count(poll->stats, DP_ICMP_DUPLICATE);
		return;
	}
	dp_count(poll->stats, DP_ICMP_VALID);
	emit_verdict(poll, DP_OUTCOME_UNREACHABLE, &icmp->quote_dst, (uint16_t)(service - 1), pkt);
}

static void tell_sighting(struct dp_poll *poll, const struct ts_addr *addr, const uint8_t mac[6])
{
	struct dp_sighting s = {.addr = *addr};

	memcpy(s.mac, mac, sizeof(s.mac));
	/* A full ring loses it; the next request is answered again. */
	rte_ring_sp_enqueue_elem(poll->scan->to_control[poll->index], &s, sizeof(s));
}

/* ARP and ND requests for one of our addresses. */
static void answer_neighbour(struct dp_poll *poll, const struct ts_pkt *pkt)
{
	const struct dp_scan *scan = poll->scan;
	bool arp = pkt->kind == TS_PKT_ARP_REQUEST;
	const struct ts_addr *target = arp ? &pkt->arp.target : &pkt->nd.target;
	struct ts_link link = {.vlan = scan->config.vlan, .ttl = 255};
	uint32_t cap, len;
	uint8_t *frame;

	if (!dp_route_is_ours(&scan->config.route, target))
		return;
	frame = dp_txq_begin(&poll->tx, &cap);
	if (frame == NULL)
		return;
	memcpy(link.src_mac, scan->mac, sizeof(link.src_mac));
	if (arp) {
		len = ts_build_arp(frame, cap, scan->mac, scan->config.vlan, target,
			&pkt->arp.sender, pkt->arp.sender_mac);
	} else {
		memcpy(link.dst_mac, pkt->nd.lladdr, sizeof(link.dst_mac));
		len = ts_build_nd_advert(frame, cap, &link, target, &pkt->src);
	}
	dp_txq_commit(&poll->tx, len);
	dp_count(poll->stats, DP_ARP_ANSWERED);
}

static void answer_echo(struct dp_poll *poll, const struct ts_pkt *pkt)
{
	struct ts_link link = {.vlan = poll->scan->config.vlan, .ttl = DP_TTL};
	uint32_t cap;
	uint8_t *frame;

	if (!dp_route_is_ours(&poll->scan->config.route, &pkt->dst) ||
		dp_rate_take(&poll->reset_budget, poll->now_us, 1) == 0)
		return;
	frame = dp_txq_begin(&poll->tx, &cap);
	if (frame == NULL)
		return;
	memcpy(link.src_mac, poll->scan->mac, sizeof(link.src_mac));
	memcpy(link.dst_mac, pkt->src_mac, sizeof(link.dst_mac));
	dp_txq_commit(&poll->tx, ts_build_echo_reply(frame, cap, &link, pkt));
	dp_count(poll->stats, DP_ECHO_ANSWERED);
}

/* The local port of a packet about one of our probes, 0 when it is about none. */
static uint16_t local_port(const struct dp_poll *poll, const struct ts_pkt *pkt)
{
	uint16_t port = pkt->kind == TS_PKT_TCP ? pkt->tcp.dport : pkt->icmp.quote_sport;
	const struct dp_scan_config *config = &poll->scan->config;

	if (!dp_route_is_ours(&config->route, &pkt->dst))
		return 0;
	return port >= config->source_port_first && port <= config->source_port_last ? port : 0;
}

/* Which poll core owns a local port; the parts are equal but for the last. */
static uint32_t owner_of(const struct dp_poll *poll, uint16_t port)
{
	uint32_t i = (uint32_t)(port - poll->scan->config.source_port_first) / poll->ident.n_ports;

	return RTE_MIN(i, poll->scan->config.n_poll - 1);
}

/* Process one frame. True: the mbuf was handed to another core. */
static bool rx_frame(struct dp_poll *poll, struct rte_mbuf *m)
{
	struct ts_pkt pkt;
	enum ts_drop reason = ts_pkt_parse(
		rte_pktmbuf_mtod(m, const uint8_t *), m->data_len, 0, &pkt);
	uint16_t port;
	uint32_t owner;

	if (reason != TS_DROP_NONE) {
		dp_count_drop(poll->stats, reason);
		return false;
	}
	switch (pkt.kind) {
	case TS_PKT_TCP:
	case TS_PKT_ICMP_ERROR:
		port = local_port(poll, &pkt);
		if (port == 0) {
			dp_count(poll->stats, DP_RX_NOT_FOR_US);
			return false;
		}
		owner = owner_of(poll, port);
		if (owner != poll->index) {
			bool lost = rte_ring_sp_enqueue(
					    poll->scan->strays[poll->index][owner], m) != 0;

			dp_count(poll->stats, lost ? DP_RX_STRAY_LOST : DP_RX_STRAY);
			return !lost;
		}
		if (pkt.kind == TS_PKT_TCP)
			rx_tcp(poll, &pkt);
		else
			rx_icmp(poll, &pkt);
		return false;
	case TS_PKT_ARP_REQUEST:
	case TS_PKT_ND_SOLICIT:
		answer_neighbour(poll, &pkt);
		return false;
	case TS_PKT_ARP_REPLY:
		tell_sighting(poll, &pkt.arp.sender, pkt.arp.sender_mac);
		return false;
	case TS_PKT_ND_ADVERT:
		tell_sighting(poll, &pkt.nd.target, pkt.nd.lladdr);
		return false;
	case TS_PKT_ECHO_REQUEST:
		answer_echo(poll, &pkt);
		return false;
	}
	return false;
}

static void rx_burst(struct dp_poll *poll, struct rte_mbuf **frames, uint32_t n)
{
	uint64_t n_bytes = 0;

	for (uint32_t i = 0; i < n; i++) {
		struct rte_mbuf *m = frames[i];

		n_bytes += m->pkt_len;
		if (m->nb_segs != 1)
			dp_count(poll->stats, DP_RX_MULTI_SEGMENT);
		else if (rx_frame(poll, m))
			continue;
		rte_pktmbuf_free(m);
	}
	dp_count_n(poll->stats, DP_RX_FRAMES, n);
	dp_count_n(poll->stats, DP_RX_BYTES, n_bytes);
}

/* Room for the answers and findings of one burst? */
static bool have_room(const struct dp_poll *poll)
{
	return dp_txq_has_room(&poll->tx, TX_ROOM_PER_BURST) &&
	       rte_ring_free_count(poll->scan->to_writer[poll->index]) >= 2 * DP_RX_BURST;
}

uint32_t dp_rx_poll(struct dp_poll *poll)
{
	const struct dp_scan *scan = poll->scan;
	struct rte_mbuf *frames[DP_RX_BURST];
	uint32_t n_done;

	/* Without it frames wait in the device's ring, which counts its losses. */
	if (!have_room(poll))
		return 0;
	n_done = rte_eth_rx_burst(scan->port_id, (uint16_t)poll->index, frames, DP_RX_BURST);
	rx_burst(poll, frames, n_done);
	for (uint32_t i = 0; i < scan->config.n_poll; i++) {
		uint32_t n;

		if (i == poll->index || !have_room(poll))
			continue;
		n = rte_ring_sc_dequeue_burst(
			scan->strays[i][poll->index], (void **)frames, DP_RX_BURST, NULL);
		rx_burst(poll, frames, n);
		n_done += n;
	}
	return n_done;
}
