/* SPDX-License-Identifier: BSD-3-Clause */
#include "watch.h"

/* Requests, one a second, and then some patience with the answer to the last. */
#define GATEWAY_TRIES 4
#define GATEWAY_US    1500000
/* Routers of a group take over within seconds; a scan that waits costs nothing. */
#define GATEWAY_PATIENCE_US 30000000
/* Who floods us with claims does not flood the terminal. */
#define CLAIM_GAP_US 10000000

#define MAC_LEN 18

static void mac_text(const uint8_t mac[6], char text[MAC_LEN])
{
	snprintf(text, MAC_LEN, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
		mac[4], mac[5]);
}

static void tell_claim(struct watch *w, const struct dp_resolve_event *event, uint64_t now_us)
{
	char addr[TS_ADDR_STRLEN], mac[MAC_LEN], other[MAC_LEN];

	if (w->neigh.claim_us != 0 && now_us - w->neigh.claim_us < CLAIM_GAP_US) {
		w->neigh.n_untold++;
		return;
	}
	ts_addr_format(&event->addr, addr);
	mac_text(event->mac, mac);
	mac_text(event->other, other);
	fprintf(stderr, "tlsweep: %s%s is at %s and %s claims it too: the first is kept%s",
		event->gateway ? "gateway " : "", addr, mac, other,
		event->gateway ? "; --gateway-mac says which is right" : "");
	if (w->neigh.n_untold > 0)
		fprintf(stderr, " (%" PRIu64 " more such answers)", w->neigh.n_untold);
	fputc('\n', stderr);
	w->neigh.claim_us = now_us;
	w->neigh.n_untold = 0;
}

static void tell(struct watch *w, const struct dp_resolve_event *event, uint64_t now_us)
{
	char addr[TS_ADDR_STRLEN], mac[MAC_LEN], other[MAC_LEN];

	ts_addr_format(&event->addr, addr);
	mac_text(event->mac, mac);
	mac_text(event->other, other);
	switch (event->kind) {
	case DP_RESOLVE_CLAIM:
		tell_claim(w, event, now_us);
		break;
	case DP_RESOLVE_SILENT:
		fprintf(stderr,
			"tlsweep: gateway %s does not answer any more at %s, and nothing comes "
			"from behind it; probes wait\n",
			addr, mac);
		break;
	case DP_RESOLVE_BACK:
		fprintf(stderr, "tlsweep: gateway %s answers again at %s; probes go on\n", addr,
			mac);
		break;
	case DP_RESOLVE_MOVED:
		fprintf(stderr, "tlsweep: gateway %s has moved from %s to %s; probes go on\n", addr,
			mac, other);
		break;
	}
}

/* A gateway that was known and has fallen silent. */
static const struct dp_gateway *lost_gateway(const struct scan_run *run)
{
	const struct dp_gateway *gateway = run->scan->resolve.gateway;

	for (uint32_t i = 0; i < 2; i++) {
		if (gateway[i].state == DP_GATEWAY_SEEK)
			return &gateway[i];
	}
	return NULL;
}

static void watch_lost(struct watch *w, uint64_t now_us)
{
	const struct dp_gateway *lost = lost_gateway(w->run);
	struct scan_run *run = w->run;
	char addr[TS_ADDR_STRLEN];

	if (lost == NULL || w->link.lost_us != 0) {
		w->neigh.lost_us = 0;
	} else if (w->neigh.lost_us == 0) {
		w->neigh.lost_us = now_us;
	} else if (now_us - w->neigh.lost_us >= GATEWAY_PATIENCE_US && w->mode != DP_ABORT) {
		ts_addr_format(&lost->addr, addr);
		snprintf(run->err, sizeof(run->err),
			"gateway %s has not answered on %s for %d s; look after it, then go on "
			"with --resume",
			addr, run->options->interface, GATEWAY_PATIENCE_US / 1000000);
		watch_end(w, DP_ABORT, "gateway-lost", SW_EXIT_PORT);
	}
	watch_hold(w);
}

/* The gateway of a family that is scanned and whose link-layer address nobody has told us. */
static const struct ts_addr *missing_gateway(const struct scan_run *run)
{
	const struct dp_route *route = &run->config.route;
	const struct dp_gateway *gateway = run->scan->resolve.gateway;

	if (route->has_fixed_mac)
		return NULL;
	if (route->has_gateway_v4 && dp_targets_has_v4(run->targets) &&
		gateway[0].state == DP_GATEWAY_UNKNOWN)
		return &route->gateway_v4;
	if (route->has_gateway_v6 && dp_targets_has_v6(run->targets) &&
		gateway[1].state == DP_GATEWAY_UNKNOWN)
		return &route->gateway_v6;
	return NULL;
}

/* The prober stands still for want of a gateway that does not answer: say so instead of waiting for
 * ever. */
static void watch_missing(struct watch *w, uint64_t now_us)
{
	struct scan_run *run = w->run;
	const struct ts_addr *gateway = missing_gateway(run);
	char addr[TS_ADDR_STRLEN];

	if (w->mode != DP_RUN || gateway == NULL || w->link.lost_us != 0 ||
		watch_total(run, DP_GATEWAY_REQUESTS) < GATEWAY_TRIES) {
		w->neigh.worry_us = now_us;
		return;
	}
	if (now_us - w->neigh.worry_us < GATEWAY_US)
		return;
	ts_addr_format(gateway, addr);
	snprintf(run->err, sizeof(run->err),
		"gateway %s does not answer on %s%s; check --gateway-ip, --vlan and the link, or "
		"give its address with --gateway-mac",
		addr, run->options->interface,
		watch_total(run, DP_NEIGHBOUR_REFUSED) > 0
			? ", or its answers name another link-layer address than they come from"
			: "");
	watch_end(w, DP_ABORT, "no-gateway", SW_EXIT_SETUP);
}

void watch_neigh(struct watch *w, uint64_t now_us)
{
	const struct dp_resolve *resolve = &w->run->scan->resolve;

	dp_scan_learn(w->run->scan, now_us);
	for (uint32_t i = 0; i < resolve->n_events; i++)
		tell(w, &resolve->events[i], now_us);
	w->neigh.n_untold += resolve->n_claims_untold;
	watch_lost(w, now_us);
	watch_missing(w, now_us);
}
