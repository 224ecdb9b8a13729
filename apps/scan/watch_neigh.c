/* SPDX-License-Identifier: BSD-3-Clause */
#include "watch_neigh.h"

#include "scan_engine.h"

/* A gateway is missing after so many requests, one a second, and this wait for the last answer. */
#define GATEWAY_TRIES 4
#define GATEWAY_US    1500000
/* Another router of a redundancy group takes over within seconds, and waiting costs nothing. */
#define GATEWAY_PATIENCE_US 30000000
/* Shortest time between messages: a flood of claims must not flood the terminal. */
#define CLAIM_GAP_US 10000000

#define MAC_LEN 18

static void mac_text(const uint8_t mac[6], char text[MAC_LEN])
{
	snprintf(text, MAC_LEN, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
		mac[4], mac[5]);
}

static void tell_claim(
	struct sc_watch_neigh *neigh, const struct dp_resolve_event *event, uint64_t now_us)
{
	char addr[TS_ADDR_STRLEN], mac[MAC_LEN], other[MAC_LEN];

	if (neigh->claim_us != 0 && now_us - neigh->claim_us < CLAIM_GAP_US) {
		neigh->n_untold++;
		return;
	}
	ts_addr_format(&event->addr, addr);
	mac_text(event->mac, mac);
	mac_text(event->other, other);
	fprintf(stderr, "tlsweep: %s%s is at %s and %s claims it too: the first is kept%s",
		event->gateway ? "gateway " : "", addr, mac, other,
		event->gateway ? "; --gateway-mac says which is right" : "");
	if (neigh->n_untold > 0)
		fprintf(stderr, " (%" PRIu64 " more such answers)", neigh->n_untold);
	fputc('\n', stderr);
	neigh->claim_us = now_us;
	neigh->n_untold = 0;
}

static void tell(
	struct sc_watch_neigh *neigh, const struct dp_resolve_event *event, uint64_t now_us)
{
	char addr[TS_ADDR_STRLEN], mac[MAC_LEN], other[MAC_LEN];

	ts_addr_format(&event->addr, addr);
	mac_text(event->mac, mac);
	mac_text(event->other, other);
	switch (event->kind) {
	case DP_RESOLVE_CLAIM:
		tell_claim(neigh, event, now_us);
		break;
	case DP_RESOLVE_SILENT:
		fprintf(stderr,
			"tlsweep: gateway %s does not answer any more at %s, and nothing comes "
			"from behind it; probes wait\n",
			addr, mac);
		break;
	case DP_RESOLVE_BACK:
		fprintf(stderr, "tlsweep: gateway %s answers again at %s; probes continue\n", addr,
			mac);
		break;
	case DP_RESOLVE_MOVED:
		fprintf(stderr, "tlsweep: gateway %s has moved from %s to %s; probes continue\n",
			addr, mac, other);
		break;
	}
}

/* A known gateway that has become silent; NULL: there is none. */
static const struct dp_gateway *lost_gateway(const struct dp_scan *scan)
{
	const struct dp_gateway *gateway = scan->threads->resolve.gateway;

	for (uint32_t i = 0; i < 2; i++) {
		if (gateway[i].state == DP_GATEWAY_SEEK)
			return &gateway[i];
	}
	return NULL;
}

/* Has a known gateway been silent for too long? lost: one that is silent; NULL: there is none. */
static bool is_lost(struct sc_watch_neigh *neigh, const struct dp_gateway *lost,
	const char *interface, uint64_t now_us, char why[SC_ERR_LEN])
{
	char addr[TS_ADDR_STRLEN];

	if (lost == NULL) {
		neigh->lost_us = 0;
		return false;
	}
	if (neigh->lost_us == 0)
		neigh->lost_us = now_us;
	if (now_us - neigh->lost_us < GATEWAY_PATIENCE_US)
		return false;
	ts_addr_format(&lost->addr, addr);
	snprintf(why, SC_ERR_LEN,
		"gateway %s has not answered on %s for %d s; look after it, then continue "
		"with --resume",
		addr, interface, GATEWAY_PATIENCE_US / 1000000);
	return true;
}

/* The gateway of a scanned family whose link-layer address is not known; NULL: there is none. */
static const struct ts_addr *missing_gateway(const struct sc_plan *plan, const struct dp_scan *scan)
{
	const struct dp_route *route = &plan->config.route;
	const struct dp_gateway *gateway = scan->threads->resolve.gateway;

	if (route->has_fixed_mac)
		return NULL;
	if (route->has_gateway_v4 && dp_targets_has_v4(plan->targets) &&
		gateway[0].state == DP_GATEWAY_UNKNOWN)
		return &route->gateway_v4;
	if (route->has_gateway_v6 && dp_targets_has_v6(plan->targets) &&
		gateway[1].state == DP_GATEWAY_UNKNOWN)
		return &route->gateway_v6;
	return NULL;
}

/* Does the prober wait for a gateway that does not answer? Then the scan ends, so that it does not
 * wait for ever. */
static bool is_missing(struct sc_watch_neigh *neigh, const struct sc_plan *plan,
	const struct dp_scan *scan, bool may_probe, uint64_t now_us, char why[SC_ERR_LEN])
{
	const struct ts_addr *gateway = missing_gateway(plan, scan);
	char addr[TS_ADDR_STRLEN];

	if (!may_probe || gateway == NULL ||
		sc_engine_total(scan, DP_GATEWAY_REQUESTS) < GATEWAY_TRIES) {
		neigh->calm_us = now_us;
		return false;
	}
	if (now_us - neigh->calm_us < GATEWAY_US)
		return false;
	ts_addr_format(gateway, addr);
	snprintf(why, SC_ERR_LEN,
		"gateway %s does not answer on %s%s; check --gateway-ip, --vlan and the link, or "
		"give its address with --gateway-mac",
		addr, plan->options->interface,
		sc_engine_total(scan, DP_NEIGHBOUR_REFUSED) > 0
			? ", or its answers name another link-layer address than they come from"
			: "");
	return true;
}

enum sc_neigh_verdict sc_watch_neigh_take(struct sc_watch_neigh *neigh, const struct sc_plan *plan,
	struct dp_scan *scan, bool no_link, bool probing, uint64_t now_us, char why[SC_ERR_LEN])
{
	const struct dp_resolve *resolve = &scan->threads->resolve;

	dp_scan_learn(scan, now_us);
	for (uint32_t i = 0; i < resolve->n_events; i++)
		tell(neigh, &resolve->events[i], now_us);
	neigh->n_untold += resolve->n_claims_untold;
	if (is_lost(neigh, no_link ? NULL : lost_gateway(scan), plan->options->interface, now_us,
		    why))
		return SC_NEIGH_GATEWAY_LOST;
	if (is_missing(neigh, plan, scan, probing && !no_link, now_us, why))
		return SC_NEIGH_NO_GATEWAY;
	return SC_NEIGH_FINE;
}
