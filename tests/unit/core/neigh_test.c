/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "dataplane/core/neigh.h"
#include "tap.h"

static struct ts_addr parse(const char *text)
{
	struct ts_addr a = {0};

	ts_addr_parse(text, &a);
	return a;
}

static bool hop_is(const struct dp_route *route, const char *dst, const char *hop)
{
	struct ts_addr d = parse(dst), h = parse(hop);

	return ts_addr_equal(dp_route_next_hop(route, &d), &h);
}

static void test_routes(void)
{
	struct dp_route route = {
		.source_v4 = parse("198.18.5.9"),
		.source_v6 = parse("fd00::9"),
		.has_v4 = true,
		.has_v6 = true,
		.prefix_v4_len = 22,
		.prefix_v6_len = 64,
		.gateway_v4 = parse("198.18.4.1"),
		.gateway_v6 = parse("fd00::1"),
		.has_gateway_v4 = true,
		.has_gateway_v6 = true,
	};
	struct ts_addr ours = parse("198.18.5.9"), other = parse("198.18.5.10");

	tap_ok(hop_is(&route, "198.18.7.255", "198.18.7.255"),
		"the last address of the /22 is on-link");
	tap_ok(hop_is(&route, "198.18.8.0", "198.18.4.1"),
		"the first behind it goes by the gateway");
	tap_ok(hop_is(&route, "198.18.3.255", "198.18.4.1"),
		"the last before it goes by the gateway");
	tap_ok(hop_is(&route, "fd00::ffff", "fd00::ffff"), "an IPv6 neighbour is on-link");
	tap_ok(hop_is(&route, "fd00:0:0:1::1", "fd00::1"), "another /64 goes by the IPv6 gateway");
	tap_ok(dp_route_is_ours(&route, &ours) && !dp_route_is_ours(&route, &other),
		"only the source address itself is ours");
	route.prefix_v4_len = 32;
	tap_ok(hop_is(&route, "198.18.5.10", "198.18.4.1"),
		"without a prefix everything goes by the gateway");
	route.has_gateway_v4 = false;
	tap_ok(hop_is(&route, "198.18.99.1", "198.18.99.1"),
		"without a gateway everything is on-link");
}

static struct dp_neigh_entry entry_new(struct ts_addr addr, uint32_t i, uint32_t proved_s)
{
	return (struct dp_neigh_entry){
		.addr = addr,
		.mac = {2, 0, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i, 1},
		.proved_s = proved_s,
	};
}

static struct ts_addr nth(uint32_t i)
{
	return ts_addr_from_v4(i * 256);
}

/* How many of the hosts 0, step, 2 step ... are not found with their own link-layer address. */
static uint32_t count_wrong(const struct dp_neigh *neigh, uint32_t step)
{
	uint32_t n_wrong = 0;

	for (uint32_t i = 0; i < DP_NEIGH_SLOTS / 2; i += step) {
		struct ts_addr a = nth(i);
		const uint8_t *mac = dp_neigh_find(neigh, &a);

		n_wrong += mac == NULL || mac[4] != (uint8_t)i || mac[3] != (uint8_t)(i >> 8);
	}
	return n_wrong;
}

static void test_table(void)
{
	struct dp_neigh *neigh = calloc(1, sizeof(*neigh));
	struct dp_neigh_entry gateway = entry_new(parse("192.0.2.1"), 77, 0);
	struct dp_neigh_entry one_more = entry_new(parse("203.0.113.1"), 78, 0);
	struct dp_neigh_entry moved = entry_new(nth(0), 0x99999, 0);
	struct ts_addr unknown = parse("203.0.113.2");

	for (uint32_t i = 0; i < DP_NEIGH_SLOTS / 2 - 1; i++) {
		struct dp_neigh_entry entry = entry_new(nth(i), i, 0);

		dp_neigh_put(neigh, &entry);
	}
	gateway.gateway = true;
	dp_neigh_put(neigh, &gateway);
	tap_eq(neigh->n_used, DP_NEIGH_SLOTS / 2, "half of the slots can be used");
	tap_eq(count_wrong(neigh, 1), 1, "every neighbour is found with its own address");
	dp_neigh_put(neigh, &moved);
	tap_ok(memcmp(dp_neigh_find(neigh, &moved.addr), moved.mac, 6) == 0 &&
			neigh->n_used == DP_NEIGH_SLOTS / 2,
		"a neighbour that changed its address is replaced, even in a full table");
	tap_ok(dp_neigh_find(neigh, &unknown) == NULL, "an unknown address is not found");
	dp_neigh_put(neigh, &one_more);
	tap_ok(dp_neigh_find(neigh, &one_more.addr) != NULL && neigh->n_used == 2,
		"one neighbour more than the table holds starts it anew");
	tap_ok(dp_neigh_find(neigh, &gateway.addr) != NULL,
		"a gateway is not pushed out of a table that starts anew");
	free(neigh);
}

/* In a full table rows are long: who is taken out of one must not hide those behind him. */
static void test_drop(void)
{
	struct dp_neigh *neigh = calloc(1, sizeof(*neigh));

	for (uint32_t i = 0; i < DP_NEIGH_SLOTS / 2; i++) {
		struct dp_neigh_entry entry = entry_new(nth(i), i, 0);

		dp_neigh_put(neigh, &entry);
	}
	for (uint32_t i = 1; i < DP_NEIGH_SLOTS / 2; i += 2) {
		struct ts_addr odd = nth(i);

		dp_neigh_drop(neigh, &odd);
		if (dp_neigh_find(neigh, &odd) != NULL)
			tap_ok(false, "a neighbour that was dropped is not found (host %u)", i);
	}
	tap_eq(neigh->n_used, DP_NEIGH_SLOTS / 4,
		"every second neighbour of a full table can be dropped");
	tap_eq(count_wrong(neigh, 2), 0, "all neighbours that were not dropped are still found");
	free(neigh);
}

static void test_age(void)
{
	struct dp_neigh *neigh = calloc(1, sizeof(*neigh));
	const struct dp_neigh_entry *entry;
	struct ts_addr old = nth(1), gateway_addr = nth(DP_NEIGH_SLOTS / 2 - 1);
	uint32_t now_s = 1000 + DP_NEIGH_FRESH_S;

	for (uint32_t i = 0; i < DP_NEIGH_SLOTS / 2; i++) {
		struct dp_neigh_entry e = entry_new(nth(i), i, 1000 + (i % 2 == 0));

		e.gateway = i == DP_NEIGH_SLOTS / 2 - 1;
		dp_neigh_put(neigh, &e);
	}
	tap_ok(!dp_neigh_aged(neigh, now_s - 1), "a host's answer is trusted for a minute");
	tap_ok(dp_neigh_aged(neigh, now_s), "a host's answer is old after a minute");
	dp_neigh_age(neigh, now_s);
	entry = dp_neigh_look(neigh, &old);
	tap_ok(entry != NULL && entry->stale, "an old entry is still there, and to be proved");
	entry = dp_neigh_look(neigh, &gateway_addr);
	tap_ok(entry != NULL && !entry->stale, "a gateway does not age");
	struct dp_neigh_entry fresh = entry_new(old, 1, now_s);
	dp_neigh_put(neigh, &fresh);
	tap_ok(!dp_neigh_look(neigh, &old)->stale, "a neighbour that has answered again is fresh");
	dp_neigh_age(neigh, now_s + DP_NEIGH_STALE_S);
	tap_eq(neigh->n_used, DP_NEIGH_SLOTS / 4 + 2,
		"a neighbour that has not answered again is forgotten, but for the gateway and the "
		"fresh one");
	tap_eq(count_wrong(neigh, 2), 0, "all neighbours that were not forgotten are still found");
	free(neigh);
}

int main(void)
{
	test_routes();
	test_table();
	test_drop();
	test_age();
	return tap_done();
}
