/* SPDX-License-Identifier: BSD-3-Clause */
/* Asking next hops for their link-layer address before a probe can leave. */
#include "prober_internal.h"
#include "tcpstack/packet/build.h"

/* Ask a host for its link-layer address by broadcast; with a known one, ask at that address. */
static void ask(struct dp_prober *prober, const struct ts_addr *next_hop, const uint8_t *mac)
{
	const struct dp_scan *scan = prober->poll->scan;
	const struct ts_addr *ours = dp_route_source(&scan->config.route, next_hop);
	struct ts_link link = {.vlan = scan->config.vlan};
	bool v4 = ts_addr_is_v4(next_hop);
	uint32_t cap, len;
	uint8_t *frame = dp_txq_begin(prober->poll->tx, &cap);

	if (frame == NULL)
		return;
	memcpy(link.src_mac, scan->mac, sizeof(link.src_mac));
	if (mac != NULL)
		memcpy(link.dst_mac, mac, sizeof(link.dst_mac));
	if (v4 && mac != NULL)
		len = ts_build_arp_poll(frame, cap, &link, ours, next_hop);
	else if (v4)
		len = ts_build_arp(frame, cap, scan->mac, scan->config.vlan, ours, next_hop, NULL);
	else if (mac != NULL)
		len = ts_build_nd_poll(frame, cap, &link, ours, next_hop);
	else
		len = ts_build_nd_solicit(frame, cap, scan->mac, scan->config.vlan, ours, next_hop);
	/* Noted before it is sent, so that the answer finds the question. */
	dp_asked_note(scan->asked, next_hop, prober->poll->now_us);
	dp_txq_commit(prober->poll->tx, len);
	dp_count(prober->poll->stats, DP_NEIGHBOUR_REQUESTS);
}

static void ask_gateway(struct dp_prober *prober, const struct ts_addr *gateway, const uint8_t *mac)
{
	uint64_t *asked_us = &prober->gateway_asked_us[ts_addr_is_v4(gateway) ? 0 : 1];

	if (*asked_us != 0 && prober->poll->now_us - *asked_us < DP_NEIGH_GAP_US)
		return;
	*asked_us = prober->poll->now_us;
	ask(prober, gateway, mac);
	dp_count(prober->poll->stats, DP_GATEWAY_REQUESTS);
}

/* All probes of a family wait for its gateway, so it is enough to ask once a second. */
void dp_hop_ask_gateway(struct dp_prober *prober, const struct ts_addr *gateway)
{
	ask_gateway(prober, gateway, NULL);
}

void dp_hop_look_after_gateway(
	struct dp_prober *prober, const struct ts_addr *gateway, enum dp_gateway_state state)
{
	const uint8_t *mac = dp_neigh_find(&prober->poll->live->neigh, gateway);

	if (state == DP_GATEWAY_SEEK || mac != NULL)
		ask_gateway(prober, gateway, mac);
}

void dp_hop_ask(struct dp_burst *burst, struct dp_prober *prober, const struct ts_addr *host)
{
	ask(prober, host, dp_neigh_find(&prober->poll->live->neigh, host));
	burst->end--;
}

static void queue_push(struct dp_prober *prober, const struct dp_deferred *deferred)
{
	prober->deferred[dp_queue_push(&prober->defer_queue, DP_DEFER_SLOTS)] = *deferred;
	prober->defer_floor = RTE_MIN(prober->defer_floor, deferred->pos);
	prober->defer_floor_next = RTE_MIN(prober->defer_floor_next, deferred->pos);
}

/* After a whole round each entry was pushed during the round, so the next floor is below all of
 * them. */
static struct dp_deferred queue_pop(struct dp_prober *prober)
{
	if (prober->defer_turn_left == 0) {
		prober->defer_floor = prober->defer_floor_next;
		prober->defer_floor_next = UINT64_MAX;
		prober->defer_turn_left = dp_queue_len(&prober->defer_queue);
	}
	prober->defer_turn_left--;
	return prober->deferred[dp_queue_pop(&prober->defer_queue, DP_DEFER_SLOTS)];
}

bool dp_hop_defer(struct dp_burst *burst, struct dp_prober *prober, struct dp_deferred deferred)
{
	if (dp_queue_len(&prober->defer_queue) == DP_DEFER_SLOTS)
		return false;
	dp_hop_ask(burst, prober, &deferred.target.addr);
	deferred.due_us = prober->poll->now_us + DP_NEIGH_GAP_US;
	queue_push(prober, &deferred);
	return true;
}

/* The next hop of an entry is still unknown: wait, ask again, or give up. */
static void still_unknown(struct dp_burst *burst, struct dp_prober *prober, struct dp_deferred *d)
{
	if (prober->poll->now_us < d->due_us) {
		/* To the end of the queue, so that the entries behind it are looked at too. */
		queue_push(prober, d);
		return;
	}
	d->tries++;
	if (d->tries <= DP_NEIGH_TRIES && dp_hop_defer(burst, prober, *d))
		return;
	/* A target is counted once: with its first probe, not with its later ones. */
	if (d->first)
		dp_count(prober->poll->stats, DP_NEIGHBOUR_UNRESOLVED);
}

void dp_hop_run(struct dp_burst *burst, struct dp_prober *prober)
{
	uint32_t n_look = RTE_MIN(dp_queue_len(&prober->defer_queue), (uint32_t)DP_PROBE_BURST);

	while (n_look-- > 0 && dp_burst_left(burst) > 0) {
		struct dp_deferred d = queue_pop(prober);

		switch (dp_burst_add(burst, prober, &d.target, (enum dp_probe_kind)d.kind)) {
		case DP_BURST_QUEUED:
			if (d.first)
				dp_count(prober->poll->stats, d.pos < prober->n_again
								      ? DP_TARGETS_AGAIN
								      : DP_TARGETS_STARTED);
			break;
		case DP_BURST_EXCLUDED:
			if (d.first)
				dp_count(prober->poll->stats, DP_TARGETS_EXCLUDED);
			break;
		case DP_BURST_NEEDLESS:
			break;
		case DP_BURST_DEFERRED:
		case DP_BURST_BLOCKED:
			still_unknown(burst, prober, &d);
			break;
		}
	}
	if (dp_queue_is_empty(&prober->defer_queue)) {
		prober->defer_floor = prober->defer_floor_next = UINT64_MAX;
		prober->defer_turn_left = 0;
	}
}
