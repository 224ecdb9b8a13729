/* SPDX-License-Identifier: BSD-3-Clause */
#include "rx_internal.h"
#include "tcpstack/packet/build.h"
#include "tcpstack/packet/wire.h"

/* What an ARP reply or a neighbour advertisement says. */
struct answer {
	const struct ts_addr *addr;
	const uint8_t *mac; /* NULL: it gives none */
};

/* Is it a link-layer address that a group of routers shares? Answers that give one may come from
 * the router's own address. */
static bool is_shared_mac(const uint8_t mac[6])
{
	static const struct {
		uint8_t len, bytes[5];
	} known[] = {
		{5, {0x00, 0x00, 0x5e, 0x00, 0x01}}, /* VRRP (RFC 5798 7.3), CARP */
		{5, {0x00, 0x00, 0x5e, 0x00, 0x02}}, /* VRRP for IPv6 */
		{5, {0x00, 0x00, 0x0c, 0x07, 0xac}}, /* HSRP (RFC 2281 5.1) */
		{4, {0x00, 0x00, 0x0c, 0x9f}},	     /* HSRP 2 */
		{4, {0x00, 0x05, 0x73, 0xa0}},	     /* HSRP for IPv6 */
		{3, {0x00, 0x07, 0xb4}},	     /* GLBP */
	};

	for (size_t i = 0; i < RTE_DIM(known); i++) {
		if (memcmp(mac, known[i].bytes, known[i].len) == 0)
			return true;
	}
	return false;
}

/* Can it be an answer to a question of ours? We ask from our own addresses, and answers are sent to
 * us alone (RFC 826; RFC 4861 7.2.4: solicited). */
static bool is_to_us(const struct dp_poll *poll, const struct ts_pkt *pkt)
{
	const struct dp_scan *scan = poll->scan;

	return memcmp(pkt->dst_mac, scan->mac, sizeof(scan->mac)) == 0 &&
	       dp_route_is_ours(&scan->config.route, &pkt->dst) &&
	       (pkt->kind == TS_PKT_ARP_REPLY || pkt->nd.solicited);
}

static struct answer answer_of(const struct ts_pkt *pkt)
{
	if (pkt->kind == TS_PKT_ARP_REPLY)
		return (struct answer){&pkt->arp.sender, pkt->arp.sender_mac};
	/* RFC 4861 7.2.5: an advertisement without the option gives no address. */
	return (struct answer){&pkt->nd.target, pkt->nd.has_lladdr ? pkt->nd.lladdr : NULL};
}

static void tell_neigh_update(struct dp_poll *poll, const struct answer *answer)
{
	struct dp_neigh_update s = {.addr = *answer->addr};

	memcpy(s.mac, answer->mac, sizeof(s.mac));
	/* If it is lost, the prober asks again. */
	if (rte_ring_sp_enqueue_elem(poll->scan->to_control[poll->index], &s, sizeof(s)) != 0)
		dp_count(poll->stats, DP_NEIGH_UPDATES_LOST);
}

/* An ARP reply or a neighbour advertisement: believed only as the answer to an open question. */
static void take_answer(struct dp_poll *poll, const struct ts_pkt *pkt)
{
	struct answer answer = answer_of(pkt);
	enum dp_asked_reply reply;

	if (!is_to_us(poll, pkt)) {
		dp_count(poll->stats, DP_NEIGHBOUR_UNASKED);
		return;
	}
	if (answer.mac == NULL || (memcmp(answer.mac, pkt->src_mac, sizeof(pkt->src_mac)) != 0 &&
					  !is_shared_mac(answer.mac))) {
		dp_count(poll->stats, DP_NEIGHBOUR_REFUSED);
		return;
	}
	reply = dp_asked_answer(poll->scan->asked, answer.addr, answer.mac,
		dp_neigh_find(&poll->live->neigh, answer.addr), poll->now_us);
	if (reply == DP_REPLY_UNASKED)
		dp_count(poll->stats, DP_NEIGHBOUR_UNASKED);
	else if (reply == DP_REPLY_REPEATED)
		dp_count(poll->stats, DP_NEIGHBOUR_REPEATED);
	else if (reply != DP_REPLY_TAKEN)
		dp_count(poll->stats, DP_NEIGHBOUR_CLAIMS);
	if (reply == DP_REPLY_TAKEN || reply == DP_REPLY_CLAIM)
		tell_neigh_update(poll, &answer);
}

/* Bytes of the option in an advertisement. */
#define ND_OPT_LLADDR_LEN 8

/* Bytes of a frame of ours with l4_len bytes behind its IP header. */
static uint32_t frame_len(const struct dp_poll *poll, bool v4, uint32_t l4_len)
{
	return TS_ETH_LEN + (poll->scan->config.vlan != 0 ? TS_VLAN_LEN : 0) +
	       (v4 ? TS_IP4_LEN : TS_IP6_LEN) + l4_len;
}

/* Does the gateway ask, from its known link-layer address? If a forger asks in its name, the answer
 * goes to the gateway, which can use it. */
static bool from_gateway(
	const struct dp_poll *poll, const struct ts_addr *addr, const uint8_t mac[6])
{
	const struct dp_route *route = &poll->scan->config.route;
	bool v4 = ts_addr_is_v4(addr);
	const uint8_t *known = route->has_fixed_mac ? route->fixed_mac : NULL;

	if (known == NULL && (v4 ? route->has_gateway_v4 : route->has_gateway_v6) &&
		ts_addr_equal(addr, v4 ? &route->gateway_v4 : &route->gateway_v6))
		known = dp_neigh_find(&poll->live->neigh, addr);
	return known != NULL && memcmp(known, mac, 6) == 0;
}

/* Answer ARP and ND requests for one of our addresses. The answers never leave our link, so
 * exclusions do not stop them. */
static void answer_neighbour(struct dp_poll *poll, const struct ts_pkt *pkt)
{
	const struct dp_scan *scan = poll->scan;
	bool arp = pkt->kind == TS_PKT_ARP_REQUEST;
	const struct ts_addr *target = arp ? &pkt->arp.target : &pkt->nd.target;
	const struct ts_addr *asker = arp ? &pkt->arp.sender : &pkt->src;
	const uint8_t *mac = arp ? pkt->arp.sender_mac : pkt->nd.lladdr;
	struct ts_link link = {.vlan = scan->config.vlan, .ttl = 255};
	uint32_t cap, len;
	uint8_t *frame;

	if (!dp_route_is_ours(&scan->config.route, target))
		return;
	if (!dp_poll_reply(poll,
		    from_gateway(poll, asker, mac) ? DP_REPLY_GATEWAY : DP_REPLY_NEIGHBOUR,
		    DP_ARP_SUPPRESSED,
		    arp ? DP_WIRE_MIN : frame_len(poll, false, TS_ND_LEN + ND_OPT_LLADDR_LEN)))
		return;
	frame = dp_txq_begin(poll->tx, &cap);
	if (frame == NULL)
		return;
	memcpy(link.src_mac, scan->mac, sizeof(link.src_mac));
	if (arp) {
		len = ts_build_arp(frame, cap, scan->mac, scan->config.vlan, target, asker, mac);
	} else {
		memcpy(link.dst_mac, mac, sizeof(link.dst_mac));
		len = ts_build_nd_advert(frame, cap, &link, target, asker);
	}
	dp_txq_commit(poll->tx, len);
	dp_count(poll->stats, DP_ARP_ANSWERED);
}

static void answer_echo(struct dp_poll *poll, const struct ts_pkt *pkt)
{
	struct ts_link link = {.vlan = poll->scan->config.vlan, .ttl = DP_TTL};
	uint32_t cap;
	uint8_t *frame;

	if (!dp_route_is_ours(&poll->scan->config.route, &pkt->dst))
		return;
	if (dp_live_excludes(poll->live, &pkt->src)) {
		dp_count(poll->stats, DP_RX_EXCLUDED);
		return;
	}
	if (!dp_poll_reply(poll, DP_REPLY_ECHO, DP_ECHO_SUPPRESSED,
		    frame_len(poll, ts_addr_is_v4(&pkt->dst), pkt->echo.len)))
		return;
	frame = dp_txq_begin(poll->tx, &cap);
	if (frame == NULL)
		return;
	memcpy(link.src_mac, poll->scan->mac, sizeof(link.src_mac));
	memcpy(link.dst_mac, pkt->src_mac, sizeof(link.dst_mac));
	dp_txq_commit(poll->tx, ts_build_echo_reply(frame, cap, &link, pkt));
	dp_count(poll->stats, DP_ECHO_ANSWERED);
}

void dp_rx_serve(struct dp_poll *poll, const struct ts_pkt *pkt)
{
	switch (pkt->kind) {
	case TS_PKT_ARP_REQUEST:
	case TS_PKT_ND_SOLICIT:
		answer_neighbour(poll, pkt);
		break;
	case TS_PKT_ARP_REPLY:
	case TS_PKT_ND_ADVERT:
		take_answer(poll, pkt);
		break;
	case TS_PKT_ECHO_REQUEST:
		answer_echo(poll, pkt);
		break;
	case TS_PKT_TCP:
	case TS_PKT_ICMP_ERROR:
		break;
	}
}
