/* SPDX-License-Identifier: BSD-3-Clause */
/* The frames of one call, all made together. */
#include "prober_internal.h"

static uint32_t mask_be(uint8_t prefix_len)
{
	return prefix_len == 0 ? 0 : rte_cpu_to_be_32(UINT32_MAX << (32 - prefix_len));
}

void dp_burst_begin(struct dp_burst *burst, const struct dp_prober *prober, uint32_t budget)
{
	const struct dp_route *route = &prober->config->route;
	const struct dp_neigh *neigh = &prober->poll->live->neigh;

	burst->end = budget;
	burst->n = burst->n_v6 = burst->n_passed_over = 0;
	burst->excluded = prober->poll->live->excluded;
	burst->on_link_mask_be = mask_be(route->prefix_v4_len);
	burst->on_link_be = ts_addr_v4_be(&route->source_v4) & burst->on_link_mask_be;
	burst->mac_v4 = burst->mac_v6 = NULL;
	if (route->has_gateway_v4)
		burst->mac_v4 = dp_neigh_find(neigh, &route->gateway_v4);
	if (route->has_gateway_v6)
		burst->mac_v6 = dp_neigh_find(neigh, &route->gateway_v6);
	if (!route->has_fixed_mac)
		return;
	/* Nothing is on-link: no address & 0 equals 1. */
	burst->on_link_mask_be = 0;
	burst->on_link_be = 1;
	burst->mac_v4 = burst->mac_v6 = route->fixed_mac;
}

const uint8_t *dp_burst_find_mac(const struct dp_burst *burst, struct dp_prober *prober,
	const struct ts_addr *addr, enum dp_burst_result *why)
{
	const struct dp_route *route = &prober->config->route;
	const struct dp_poll *poll = prober->poll;
	const struct ts_addr *next_hop;
	const uint8_t *mac;

	if (route->has_fixed_mac)
		return route->fixed_mac;
	next_hop = dp_route_next_hop(route, addr);
	if (next_hop == addr) {
		const struct dp_neigh_entry *entry = dp_neigh_look(&poll->live->neigh, addr);

		*why = DP_BURST_DEFERRED;
		/* A host that has not answered for a minute is asked before it is probed. */
		return entry == NULL || (entry->stale && !dp_asked_lately(poll->scan->asked, addr,
								 poll->now_us))
			       ? NULL
			       : entry->mac;
	}
	mac = ts_addr_is_v4(addr) ? burst->mac_v4 : burst->mac_v6;
	if (mac == NULL) {
		*why = DP_BURST_BLOCKED;
		dp_hop_ask_gateway(prober, next_hop);
	}
	return mac;
}

uint16_t dp_burst_canary_port(const struct dp_prober *prober, const struct dp_target *target)
{
	const struct dp_poll *poll = prober->poll;
	uint16_t rport = dp_probe_id_decoy_port(&poll->probe_id, &target->addr, DP_CANARY_DECOY);

	if (poll->scan->service_of_port[rport] != 0)
		return 0;
	return dp_targets_represents(poll->scan->targets, target) ? rport : 0;
}

/* @return the frame's length */
static inline uint32_t make_frame(struct dp_prober *prober, const struct ts_addr *addr,
	uint16_t rport, enum dp_probe_kind kind, uint64_t hash, const uint8_t mac[6],
	uint8_t *frame)
{
	uint32_t len = ts_syn_template_fill(ts_addr_is_v4(addr) ? &prober->tpl_v4 : &prober->tpl_v6,
		frame, addr, dp_probe_id_port(&prober->poll->probe_id, hash, kind), rport,
		dp_probe_id_iss(hash, kind), dp_poll_ip_id(prober->poll));

	memcpy(frame, mac, 6);
	return len;
}

void dp_burst_send(const struct dp_burst *burst, struct dp_prober *prober)
{
	struct dp_poll *poll = prober->poll;
	struct rte_mbuf **frames = dp_txq_reserved(poll->tx, burst->n);
	uint32_t n_kind[DP_N_PROBE_KIND] = {0};
	uint64_t hashes[DP_PROBE_BURST], wire_bytes = 0;

	ts_cookie_hash_words(&poll->probe_id.key, burst->words, burst->n, hashes);
	for (uint32_t i = 0; burst->n_v6 > 0 && i < burst->n; i++)
		hashes[i] = dp_probe_id_hash(
			&poll->probe_id, &burst->targets[i].addr, burst->rports[i]);
	for (uint32_t i = 0; i < burst->n; i++) {
		uint32_t len = make_frame(prober, &burst->targets[i].addr, burst->rports[i],
			(enum dp_probe_kind)burst->kinds[i], hashes[i], burst->macs[i],
			rte_pktmbuf_mtod(frames[i], uint8_t *));

		frames[i]->data_len = (uint16_t)len;
		frames[i]->pkt_len = len;
		wire_bytes += dp_wire_len(len);
		n_kind[burst->kinds[i]]++;
	}
	dp_txq_commit_n(poll->tx, burst->n, wire_bytes);
	dp_count_n(poll->stats, DP_PROBES_SENT, burst->n);
	dp_count_n(poll->stats, DP_PROBES_SAMPLED, n_kind[DP_PROBE_SECOND]);
	dp_count_n(poll->stats, DP_CANARIES_SENT, n_kind[DP_PROBE_CANARY]);
	dp_count_n(poll->stats, DP_DECOYS_SENT, n_kind[DP_PROBE_DECOY]);
}
