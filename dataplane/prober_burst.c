/* SPDX-License-Identifier: BSD-3-Clause */
/* The frames of one call, all made together. */
#include "prober_internal.h"

void dp_burst_begin(struct dp_burst *burst, const struct dp_poll *poll, uint32_t budget)
{
	const struct dp_route *route = &poll->scan->config.route;
	const struct dp_neigh *neigh = &poll->live->neigh;

	burst->budget = budget;
	burst->n = burst->n_passed_over = 0;
	burst->mac_v4 = burst->mac_v6 = NULL;
	if (!route->has_fixed_mac && route->has_gateway_v4)
		burst->mac_v4 = dp_neigh_find(neigh, &route->gateway_v4);
	if (!route->has_fixed_mac && route->has_gateway_v6)
		burst->mac_v6 = dp_neigh_find(neigh, &route->gateway_v6);
}

/* The next hop's address on the link, or NULL with the reason. */
static const uint8_t *next_hop_mac(const struct dp_burst *burst, struct dp_poll *poll,
	const struct ts_addr *addr, enum dp_burst_result *why)
{
	const struct dp_route *route = &poll->scan->config.route;
	const struct ts_addr *next_hop;
	const uint8_t *mac;

	if (route->has_fixed_mac)
		return route->fixed_mac;
	next_hop = dp_route_next_hop(route, addr);
	if (next_hop == addr) {
		*why = DP_BURST_DEFERRED;
		return dp_neigh_find(&poll->live->neigh, addr);
	}
	mac = ts_addr_is_v4(addr) ? burst->mac_v4 : burst->mac_v6;
	if (mac == NULL) {
		*why = DP_BURST_BLOCKED;
		dp_hop_ask_gateway(poll, next_hop);
	}
	return mac;
}

enum dp_burst_result dp_burst_add(struct dp_burst *burst, struct dp_poll *poll,
	const struct dp_target *target, enum dp_probe_kind kind)
{
	const struct dp_ranges *excluded = poll->live->excluded;
	struct dp_burst_probe *probe = &burst->probes[burst->n];
	enum dp_burst_result why = DP_BURST_BLOCKED;

	if (excluded != NULL &&
		dp_ranges_find(excluded, dp_number_from_addr(&target->addr)) != NULL)
		return DP_BURST_EXCLUDED;
	probe->rport = poll->scan->config.services[target->service].port;
	if (kind == DP_PROBE_CANARY) {
		probe->rport = dp_ident_decoy_port(&poll->ident, &target->addr, DP_CANARY_DECOY);
		if (poll->scan->service_of_port[probe->rport] != 0)
			return DP_BURST_NEEDLESS;
	}
	probe->mac = next_hop_mac(burst, poll, &target->addr, &why);
	if (probe->mac == NULL)
		return why;
	probe->addr = target->addr;
	probe->kind = (uint8_t)kind;
	burst->n++;
	burst->budget--;
	return DP_BURST_QUEUED;
}

/* @return the frame's length */
static uint32_t make_frame(struct dp_poll *poll, const struct ts_addr *addr, uint16_t rport,
	enum dp_probe_kind kind, const uint8_t mac[6], uint8_t *frame)
{
	const struct dp_prober *prober = &poll->prober;
	uint64_t hash = dp_ident_hash(&poll->ident, addr, rport);
	uint32_t len = ts_syn_template_fill(ts_addr_is_v4(addr) ? &prober->tpl_v4 : &prober->tpl_v6,
		frame, addr, dp_ident_port(&poll->ident, hash, kind), rport,
		dp_ident_iss(hash, kind), dp_poll_ip_id(poll));

	memcpy(frame, mac, 6);
	return len;
}

void dp_burst_send(const struct dp_burst *burst, struct dp_poll *poll)
{
	struct rte_mbuf **frames = dp_txq_reserved(&poll->tx, burst->n);
	uint32_t n_kind[DP_N_PROBE_KIND] = {0};
	uint64_t wire_bytes = 0;

	for (uint32_t i = 0; i < burst->n; i++) {
		const struct dp_burst_probe *probe = &burst->probes[i];
		uint32_t len = make_frame(poll, &probe->addr, probe->rport,
			(enum dp_probe_kind)probe->kind, probe->mac,
			rte_pktmbuf_mtod(frames[i], uint8_t *));

		frames[i]->data_len = (uint16_t)len;
		frames[i]->pkt_len = len;
		wire_bytes += dp_wire_len(len);
		n_kind[probe->kind]++;
	}
	dp_txq_commit_n(&poll->tx, burst->n, wire_bytes);
	dp_count_n(poll->stats, DP_PROBES_SENT, burst->n);
	dp_count_n(poll->stats, DP_PROBES_SAMPLED, n_kind[DP_PROBE_SECOND]);
	dp_count_n(poll->stats, DP_CANARIES_SENT, n_kind[DP_PROBE_CANARY]);
}

bool dp_prober_send_one(struct dp_poll *poll, const struct ts_addr *addr, uint16_t rport,
	enum dp_probe_kind kind, const uint8_t mac[6])
{
	uint32_t cap;
	uint8_t *frame = dp_txq_begin(&poll->tx, &cap);

	if (frame == NULL)
		return false;
	dp_txq_commit(&poll->tx, make_frame(poll, addr, rport, kind, mac, frame));
	return true;
}
