/* SPDX-License-Identifier: BSD-3-Clause */
#include "resolve.h"

#define WINDOW_US 10000000
#define US_PER_S  1000000

void dp_resolve_init(struct dp_resolve *resolve, const struct dp_route *route)
{
	*resolve = (struct dp_resolve){0};
	resolve->gateway[0].addr = route->gateway_v4;
	resolve->gateway[1].addr = route->gateway_v6;
	resolve->has_gateway[0] = route->has_gateway_v4;
	resolve->has_gateway[1] = route->has_gateway_v6;
}

/* @return NULL if it is none */
static struct dp_gateway *gateway_of(struct dp_resolve *resolve, const struct ts_addr *addr)
{
	for (uint32_t i = 0; i < 2; i++) {
		if (resolve->has_gateway[i] && ts_addr_equal(addr, &resolve->gateway[i].addr))
			return &resolve->gateway[i];
	}
	return NULL;
}

static void tell(struct dp_resolve *resolve, struct dp_resolve_event event)
{
	/* Claims leave the last places free for events of the gateways. */
	if (event.kind == DP_RESOLVE_CLAIM && resolve->n_events >= DP_RESOLVE_CLAIMS)
		resolve->n_claims_untold++;
	else if (resolve->n_events < DP_RESOLVE_EVENTS)
		resolve->events[resolve->n_events++] = event;
}

static struct dp_resolve_event event_new(enum dp_resolve_kind kind, bool gateway,
	const struct ts_addr *addr, const uint8_t mac[6], const uint8_t other[6])
{
	struct dp_resolve_event event = {.kind = kind, .gateway = gateway, .addr = *addr};

	memcpy(event.mac, mac, sizeof(event.mac));
	memcpy(event.other, other, sizeof(event.other));
	return event;
}

static void enter(struct dp_gateway *gateway, enum dp_gateway_state state, uint64_t now_us)
{
	gateway->state = state;
	gateway->state_us = now_us;
	if (state == DP_GATEWAY_REST)
		gateway->proved_us = now_us;
}

/* @return true if the table is to be changed */
static bool gateway_answer(struct dp_resolve *resolve, struct dp_gateway *gateway,
	const uint8_t mac[6], uint64_t now_us)
{
	bool same = memcmp(gateway->mac, mac, sizeof(gateway->mac)) == 0;
	bool known = gateway->state == DP_GATEWAY_REST || gateway->state == DP_GATEWAY_POLL;

	if (known && !same) {
		tell(resolve, event_new(DP_RESOLVE_CLAIM, true, &gateway->addr, gateway->mac, mac));
		return false;
	}
	if (gateway->state == DP_GATEWAY_SEEK)
		tell(resolve, event_new(same ? DP_RESOLVE_BACK : DP_RESOLVE_MOVED, true,
				      &gateway->addr, gateway->mac, mac));
	if (!known)
		gateway->heard_us = now_us;
	memcpy(gateway->mac, mac, sizeof(gateway->mac));
	enter(gateway, DP_GATEWAY_REST, now_us);
	return !known;
}

bool dp_resolve_answer(struct dp_resolve *resolve, const struct dp_neigh_entry *known,
	const struct ts_addr *addr, const uint8_t mac[6], uint64_t now_us,
	struct dp_neigh_entry *put)
{
	struct dp_gateway *gateway = gateway_of(resolve, addr);

	*put = (struct dp_neigh_entry){
		.addr = *addr,
		.gateway = gateway != NULL,
		.proved_s = (uint32_t)(now_us / US_PER_S),
	};
	memcpy(put->mac, mac, sizeof(put->mac));
	if (gateway != NULL)
		return gateway_answer(resolve, gateway, mac, now_us);
	if (known == NULL)
		return true;
	if (memcmp(known->mac, mac, sizeof(known->mac)) == 0)
		return known->stale;
	tell(resolve, event_new(DP_RESOLVE_CLAIM, false, addr, known->mac, mac));
	return false;
}

/* Take in how many answers have come from behind a gateway. */
static void hear(struct dp_gateway *gateway, uint64_t n_heard, uint64_t now_us)
{
	if (now_us - gateway->window_us >= WINDOW_US) {
		gateway->busy = n_heard - gateway->window_heard >= DP_RESOLVE_BUSY;
		gateway->window_us = now_us;
		gateway->window_heard = n_heard;
	}
	if (n_heard == gateway->n_heard)
		return;
	gateway->busy |= n_heard - gateway->window_heard >= DP_RESOLVE_BUSY;
	gateway->n_heard = n_heard;
	gateway->heard_us = gateway->proved_us = now_us;
	if (gateway->state == DP_GATEWAY_POLL)
		enter(gateway, DP_GATEWAY_REST, now_us);
}

static void look(struct dp_resolve *resolve, struct dp_gateway *gateway, uint64_t now_us)
{
	uint64_t unproved_us = now_us - gateway->proved_us;

	if (gateway->state == DP_GATEWAY_REST &&
		now_us - gateway->heard_us >= DP_RESOLVE_QUIET_US &&
		unproved_us >= (gateway->busy ? DP_RESOLVE_QUIET_US : DP_RESOLVE_CHECK_US))
		enter(gateway, DP_GATEWAY_POLL, now_us);
	if (gateway->state == DP_GATEWAY_POLL &&
		now_us - gateway->state_us >= DP_RESOLVE_GIVE_UP_US) {
		enter(gateway, DP_GATEWAY_SEEK, now_us);
		tell(resolve, event_new(DP_RESOLVE_SILENT, true, &gateway->addr, gateway->mac,
				      gateway->mac));
	}
}

void dp_resolve_pause(struct dp_resolve *resolve, uint64_t now_us)
{
	for (uint32_t i = 0; i < 2; i++) {
		if (resolve->gateway[i].state == DP_GATEWAY_POLL)
			resolve->gateway[i].state_us = now_us;
	}
}

void dp_resolve_look(struct dp_resolve *resolve, const uint64_t n_heard[2], uint64_t now_us)
{
	for (uint32_t i = 0; i < 2; i++) {
		hear(&resolve->gateway[i], n_heard[i], now_us);
		look(resolve, &resolve->gateway[i], now_us);
	}
}
