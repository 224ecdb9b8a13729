/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Frames in: parse once, then the cheapest test first. Nothing is allocated for noise.
 *
 *   ours? ─► connection? ─► TCP machine
 *              └─ no ─► cookie? ─► SYN-ACK: connection   RST: closed   ICMP: unreachable
 *                          └─ no ─► counted, no answer: to reply would make us a reflector
 *
 * A burst is handled in three steps, so that memory loads for one frame run while others are worked
 * on:
 *
 *   1. parse each, hand misdirected frames over      loads the frames ahead
 *   2. hash each: connection table, identity of the target
 *      load the table slots and dedup buckets of all
 *   3. judge each, in the order of arrival
 */
#include <rte_ethdev.h>

#include "dataplane/core/ring.h"
#include "carry_out.h"
#include "rx_internal.h"
#include "tcpstack/packet/wire.h"

/* Room in the transmit queue before a burst is received. The other half is for timers. */
#define TX_ROOM_PER_BURST (DP_TXQ_DEPTH / 2)
/* If the device has taken nothing for this long, it is stuck: a busy machine delays it less. */
#define TX_STUCK_US 10000
/* Frames that load while one is parsed. */
#define LOAD_AHEAD 8

/* A parsed frame between two steps. */
struct rx_item {
	struct ts_pkt pkt;
	uint64_t ident_hash; /* of TCP segments that may be answers */
	uint32_t conn_hash;  /* of TCP segments */
};

enum rx_fate {
	RX_DONE,	/* counted; the buffer is free again */
	RX_TAKEN,	/* to be judged */
	RX_HANDED_OVER, /* the buffer belongs to another core */
};

/* Segments that open or refuse a connection. Others are looked up as answers to probes only if they
 * belong to no connection. */
static bool may_be_answer(const struct ts_tcp *tcp)
{
	return tcp->flags & (TS_TCP_SYN | TS_TCP_RST);
}

/* Is this a repetition of the SYN-ACK that has opened the connection? */
static bool repeats_synack(const struct ts_conn *conn, const struct ts_tcp *tcp)
{
	return (tcp->flags & (TS_TCP_SYN | TS_TCP_ACK | TS_TCP_RST)) == (TS_TCP_SYN | TS_TCP_ACK) &&
	       tcp->ack == conn->iss + 1 && conn->state != TS_SYN_SENT;
}

static void rx_tcp(struct dp_rx *rx, const struct rx_item *item)
{
	const struct ts_pkt *pkt = &item->pkt;
	uint32_t conn = ts_lookup_finish(
		rx->flows.tcp, item->conn_hash, &pkt->src, pkt->tcp.sport, pkt->tcp.dport);
	enum ts_drop reason;

	if (conn == TS_CONN_NONE) {
		dp_rx_answer(rx, pkt,
			may_be_answer(&pkt->tcp)
				? item->ident_hash
				: dp_probe_id_hash(&rx->poll->probe_id, &pkt->src, pkt->tcp.sport),
			item->conn_hash);
		return;
	}
	if (repeats_synack(ts_conn(rx->flows.tcp, conn), &pkt->tcp))
		dp_count(rx->poll->stats, DP_SYNACK_DUPLICATE);
	if (!dp_flow_input(&rx->flows, conn, pkt, rx->poll->now_us, &reason)) {
		dp_count(rx->poll->stats, DP_RX_BUSY);
		return;
	}
	if (reason != TS_DROP_NONE)
		dp_count_drop(rx->poll->stats, reason);
	dp_carry_out(rx);
}

static void rx_icmp(struct dp_rx *rx, const struct ts_pkt *pkt)
{
	const struct ts_icmp *icmp = &pkt->icmp;
	uint32_t conn = ts_lookup(
		rx->flows.tcp, &icmp->quote_dst, icmp->quote_dport, icmp->quote_sport);
	enum ts_drop reason;

	if (conn == TS_CONN_NONE) {
		dp_rx_icmp_answer(rx->poll, pkt);
		return;
	}
	reason = dp_flow_input_icmp(&rx->flows, conn, pkt, rx->poll->now_us);
	if (reason != TS_DROP_NONE)
		dp_count_drop(rx->poll->stats, reason);
	dp_carry_out(rx);
}

/* The local port of a packet about one of our probes; 0: it is about none. */
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
	const struct dp_probe_id *probe_id = &poll->probe_id;
	uint32_t i;

	/* Nearly always this core: no division needed. */
	if ((uint32_t)(port - probe_id->port_first) < probe_id->n_ports)
		return poll->index;
	i = (uint32_t)(port - poll->scan->config.source_port_first) / probe_id->n_ports;
	return RTE_MIN(i, poll->scan->config.n_poll - 1);
}

/* What the device has verified. Its "none" means that the data is good although the sender's
 * offload has not finished the checksum field. */
static uint32_t device_verified(const struct rte_mbuf *m)
{
	uint64_t ip = m->ol_flags & RTE_MBUF_F_RX_IP_CKSUM_MASK;
	uint64_t l4 = m->ol_flags & RTE_MBUF_F_RX_L4_CKSUM_MASK;

	return (ip == RTE_MBUF_F_RX_IP_CKSUM_GOOD ? TS_PKT_IP_CSUM_GOOD : 0) |
	       (l4 == RTE_MBUF_F_RX_L4_CKSUM_GOOD || l4 == RTE_MBUF_F_RX_L4_CKSUM_NONE
			       ? TS_PKT_L4_CSUM_GOOD
			       : 0);
}

/* Broadcast and multicast frames are taken only if they ask for our addresses (RFC 1122 3.3.6). */
static bool is_question_to_group(const struct ts_pkt *pkt)
{
	static const uint8_t everyone[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	/* Solicited-node groups (RFC 4291 2.7.1, RFC 2464 7), and all nodes. */
	static const uint8_t solicited[3] = {0x33, 0x33, 0xff};
	static const uint8_t all_nodes[6] = {0x33, 0x33, 0, 0, 0, 1};

	switch (pkt->kind) {
	case TS_PKT_ARP_REQUEST:
	case TS_PKT_ARP_REPLY:
		return memcmp(pkt->dst_mac, everyone, sizeof(everyone)) == 0;
	case TS_PKT_ND_SOLICIT:
	case TS_PKT_ND_ADVERT:
		return memcmp(pkt->dst_mac, solicited, sizeof(solicited)) == 0 ||
		       memcmp(pkt->dst_mac, all_nodes, sizeof(all_nodes)) == 0;
	default:
		return false;
	}
}

/* Is a frame for us by its link-layer header? The source is not checked: routers of a group send
 * from another address than the one that receives. */
static bool admit_link(struct dp_poll *poll, const struct rte_mbuf *m, const struct ts_pkt *pkt)
{
	const struct dp_scan *scan = poll->scan;
	uint16_t vlan = m->ol_flags & RTE_MBUF_F_RX_VLAN_STRIPPED ? m->vlan_tci & TS_VLAN_ID_MASK
								  : pkt->vlan;

	if (memcmp(pkt->dst_mac, scan->mac, sizeof(scan->mac)) != 0 && !is_question_to_group(pkt)) {
		dp_count(poll->stats, DP_RX_OTHER_MAC);
		return false;
	}
	if (vlan != scan->config.vlan && (vlan != 0 || !scan->config.tags_lost)) {
		dp_count(poll->stats, DP_RX_OTHER_VLAN);
		return false;
	}
	return true;
}

/* Step 1 for one frame. */
static enum rx_fate admit(struct dp_poll *poll, struct rte_mbuf *m, struct ts_pkt *pkt)
{
	enum ts_drop reason;
	uint16_t port;
	uint32_t owner;

	if (m->nb_segs != 1) {
		dp_count(poll->stats, DP_RX_MULTI_SEGMENT);
		return RX_DONE;
	}
	reason = ts_pkt_parse(
		rte_pktmbuf_mtod(m, const uint8_t *), m->data_len, device_verified(m), pkt);
	if (reason != TS_DROP_NONE) {
		dp_count_drop(poll->stats, reason);
		return RX_DONE;
	}
	if (!admit_link(poll, m, pkt))
		return RX_DONE;
	if (pkt->kind != TS_PKT_TCP && pkt->kind != TS_PKT_ICMP_ERROR)
		return RX_TAKEN;
	port = local_port(poll, pkt);
	if (port == 0) {
		dp_count(poll->stats, DP_RX_NOT_FOR_US);
		return RX_DONE;
	}
	owner = owner_of(poll, port);
	if (owner == poll->index)
		return RX_TAKEN;
	if (!dp_ring_put(poll->scan->misdirected[poll->index][owner], &m, sizeof(m), poll->stats,
		    DP_G_MISDIRECTED_RING_PEAK)) {
		dp_count(poll->stats, DP_RX_MISDIRECTED_LOST);
		return RX_DONE;
	}
	dp_count(poll->stats, DP_RX_MISDIRECTED);
	return RX_HANDED_OVER;
}

/* Step 2 for one frame. */
static void hash_item(const struct dp_rx *rx, struct rx_item *item)
{
	const struct ts_pkt *pkt = &item->pkt;

	if (pkt->kind != TS_PKT_TCP)
		return;
	item->conn_hash = ts_lookup_hash(rx->flows.tcp, &pkt->src, pkt->tcp.sport, pkt->tcp.dport);
	if (!may_be_answer(&pkt->tcp))
		return;
	item->ident_hash = dp_probe_id_hash(&rx->poll->probe_id, &pkt->src, pkt->tcp.sport);
}

/* Load what the lookups of all frames will read. The loads are independent, so they wait for memory
 * together. */
static void load_tables(const struct dp_rx *rx, const struct rx_item *items, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (items[i].pkt.kind != TS_PKT_TCP)
			continue;
		ts_lookup_load(rx->flows.tcp, items[i].conn_hash);
		if (may_be_answer(&items[i].pkt.tcp))
			dp_dedup_load(&rx->poll->dedup, items[i].ident_hash);
	}
}

/* Step 3 for one frame. */
static void judge(struct dp_rx *rx, const struct rx_item *item)
{
	switch (item->pkt.kind) {
	case TS_PKT_TCP:
		rx_tcp(rx, item);
		break;
	case TS_PKT_ICMP_ERROR:
		rx_icmp(rx, &item->pkt);
		break;
	case TS_PKT_ECHO_REQUEST:
	case TS_PKT_ARP_REQUEST:
	case TS_PKT_ARP_REPLY:
	case TS_PKT_ND_SOLICIT:
	case TS_PKT_ND_ADVERT:
		dp_rx_serve(rx->poll, &item->pkt);
		break;
	}
}

static void load_frame(const struct rte_mbuf *m)
{
	rte_prefetch0(rte_pktmbuf_mtod(m, const void *));
}

/* @return bytes of all frames */
static uint64_t rx_burst(struct dp_rx *rx, struct rte_mbuf **frames, uint32_t n)
{
	struct rx_item items[DP_RX_BURST];
	uint32_t n_items = 0, n_free = 0;
	uint64_t n_bytes = 0;

	for (uint32_t i = 0; i < n && i < LOAD_AHEAD; i++)
		load_frame(frames[i]);
	for (uint32_t i = 0; i < n; i++) {
		struct rte_mbuf *m = frames[i];
		enum rx_fate fate;

		if (i + LOAD_AHEAD < n)
			load_frame(frames[i + LOAD_AHEAD]);
		n_bytes += m->pkt_len;
		fate = admit(rx->poll, m, &items[n_items].pkt);
		if (fate == RX_TAKEN)
			n_items++;
		if (fate != RX_HANDED_OVER)
			frames[n_free++] = m;
	}
	for (uint32_t i = 0; i < n_items; i++)
		hash_item(rx, &items[i]);
	load_tables(rx, items, n_items);
	for (uint32_t i = 0; i < n_items; i++)
		judge(rx, &items[i]);
	rte_pktmbuf_free_bulk(frames, n_free);
	return n_bytes;
}

/* Is there room for the answers and records of one burst? A far end may take no frame until we have
 * received one. So if the device is stuck, frames are received anyway, and answers without
 * room are lost (DP_TX_RING_FULL), as on any wire. */
static bool have_room(const struct dp_poll *poll)
{
	return (dp_txq_has_room(poll->tx, TX_ROOM_PER_BURST) ||
		       poll->now_us - poll->tx_moved_us > TX_STUCK_US) &&
	       rte_ring_free_count(poll->scan->to_writer[poll->index]) >= 2 * DP_RX_BURST;
}

/* Receive what the device holds, in several bursts: a burst of probes may bring more than one burst
 * of answers. They are received before the next probes leave, or the device's ring would overflow
 * however large it is. There is a limit, because other work waits and a flood must not stop the
 * scan. */
static uint32_t poll_device(struct dp_rx *rx)
{
	const struct dp_scan *scan = rx->poll->scan;
	struct rte_mbuf *frames[DP_RX_BURST];
	uint32_t n_done = 0, n = DP_RX_BURST;

	/* If there is no room, frames wait in the device's ring, which counts its losses. */
	while (n == DP_RX_BURST && n_done < DP_RX_BUDGET && have_room(rx->poll)) {
		n = rte_eth_rx_burst(scan->port_id, (uint16_t)rx->poll->index, frames, DP_RX_BURST);
		dp_count_n(rx->poll->stats, DP_RX_BYTES, rx_burst(rx, frames, n));
		dp_count_n(rx->poll->stats, DP_RX_FRAMES, n);
		n_done += n;
	}
	return n_done;
}

/* Frames that other cores have received for this one. They have counted them. */
static uint32_t poll_misdirected(struct dp_rx *rx)
{
	const struct dp_scan *scan = rx->poll->scan;
	struct rte_mbuf *frames[DP_RX_BURST];
	uint32_t n_done = 0;

	for (uint32_t i = 0; i < scan->config.n_poll; i++) {
		struct rte_ring *ring = scan->misdirected[i][rx->poll->index];
		uint32_t n_own = 0, n = DP_RX_BURST;

		if (i == rx->poll->index)
			continue;
		while (n == DP_RX_BURST && n_own < DP_RX_BUDGET && have_room(rx->poll)) {
			n = rte_ring_sc_dequeue_burst(ring, (void **)frames, DP_RX_BURST, NULL);
			rx_burst(rx, frames, n);
			n_own += n;
		}
		n_done += n_own;
	}
	return n_done;
}

uint32_t dp_rx_poll(struct dp_rx *rx)
{
	return poll_device(rx) + poll_misdirected(rx);
}
