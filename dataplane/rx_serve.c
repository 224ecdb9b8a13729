/* SPDX-License-Identifier: BSD-3-Clause */
#include "rx_internal.h"
#include "tcpstack/build.h"

static void tell_sighting(struct dp_poll *poll, const struct ts_addr *addr, const uint8_t mac[6])
{
	struct dp_sighting s = {.addr = *addr};

	memcpy(s.mac, mac, sizeof(s.mac));
	/* The next request is answered again. */
	if (rte_ring_sp_enqueue_elem(poll->scan->to_control[poll->index], &s, sizeof(s)) != 0)
		dp_count(poll->stats, DP_SIGHTINGS_LOST);
}

/* ARP and ND requests for one of our addresses. They never leave our link, so that exclusions do
 * not stop them. */
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

	if (!dp_route_is_ours(&poll->scan->config.route, &pkt->dst))
		return;
	if (dp_live_excludes(poll->live, &pkt->src)) {
		dp_count(poll->stats, DP_RX_EXCLUDED);
		return;
	}
	if (dp_rate_take(&poll->reset_budget, poll->now_us, 1) == 0) {
		dp_count(poll->stats, DP_ECHO_SUPPRESSED);
		return;
	}
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
