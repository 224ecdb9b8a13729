/* SPDX-License-Identifier: BSD-3-Clause */
#include "rx_internal.h"
#include "tcpstack/build.h"
#include "tcpstack/wire.h"

static void tell_sighting(struct dp_poll *poll, const struct ts_addr *addr, const uint8_t mac[6])
{
	struct dp_sighting s = {.addr = *addr};

	memcpy(s.mac, mac, sizeof(s.mac));
	/* The next request is answered again. */
	if (rte_ring_sp_enqueue_elem(poll->scan->to_control[poll->index], &s, sizeof(s)) != 0)
		dp_count(poll->stats, DP_SIGHTINGS_LOST);
}

/* Of the advertisement's option. */
#define ND_OPT_LLADDR_LEN 8

/* A frame of ours with so many bytes behind its IP header. */
static uint32_t frame_len(const struct dp_poll *poll, bool v4, uint32_t l4_len)
{
	return TS_ETH_LEN + (poll->scan->config.vlan != 0 ? TS_VLAN_LEN : 0) +
	       (v4 ? TS_IP4_LEN : TS_IP6_LEN) + l4_len;
}

/* Is it the gateway that asks, by the address that we send to? What a forger sends in its name is
 * answered to the gateway, which so hears what it needs to hear. */
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

/* ARP and ND requests for one of our addresses. They never leave our link, so that exclusions do
 * not stop them. */
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
	frame = dp_txq_begin(&poll->tx, &cap);
	if (frame == NULL)
		return;
	memcpy(link.src_mac, scan->mac, sizeof(link.src_mac));
	if (arp) {
		len = ts_build_arp(frame, cap, scan->mac, scan->config.vlan, target, asker, mac);
	} else {
		memcpy(link.dst_mac, mac, sizeof(link.dst_mac));
		len = ts_build_nd_advert(frame, cap, &link, target, asker);
	}
	dp_txq_commit(&poll->tx, len);
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
	frame = dp_txq_begin(&poll->tx, &cap);
	if (frame == NULL)
		return;
	memcpy(link.src_mac, poll->scan->mac, sizeof(link.src_mac));
	memcpy(link.dst_mac, pkt->src_mac, sizeof(link.dst_mac));
	dp_txq_commit(&poll->tx, ts_build_echo_reply(frame, cap, &link, pkt));
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
		tell_sighting(poll, &pkt->arp.sender, pkt->arp.sender_mac);
		break;
	case TS_PKT_ND_ADVERT:
		tell_sighting(poll, &pkt->nd.target, pkt->nd.lladdr);
		break;
	case TS_PKT_ECHO_REQUEST:
		answer_echo(poll, pkt);
		break;
	case TS_PKT_TCP:
	case TS_PKT_ICMP_ERROR:
		break;
	}
}
