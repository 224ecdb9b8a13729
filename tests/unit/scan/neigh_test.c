/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "dataplane/neigh.h"
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

static void test_table(void)
{
	struct dp_neigh *neigh = calloc(1, sizeof(*neigh));
	uint32_t n_wrong = 0, n_put = 0;

	for (uint32_t i = 0; i < DP_NEIGH_SLOTS / 2; i++) {
		struct ts_addr a = ts_addr_from_v4(i * 256);
		uint8_t mac[6] = {2, 0, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i, 1};

		n_put += dp_neigh_put(neigh, &a, mac);
	}
	tap_eq(n_put, DP_NEIGH_SLOTS / 2, "half of the slots can be used");
	for (uint32_t i = 0; i < n_put; i++) {
		struct ts_addr a = ts_addr_from_v4(i * 256);
		const uint8_t *mac = dp_neigh_find(neigh, &a);

		n_wrong += mac == NULL || mac[4] != (uint8_t)i || mac[3] != (uint8_t)(i >> 8);
	}
	tap_eq(n_wrong, 0, "every neighbour is found with its own address");
	struct ts_addr known = ts_addr_from_v4(0);
	uint8_t moved[6] = {2, 9, 9, 9, 9, 9};
	tap_ok(dp_neigh_put(neigh, &known, moved) &&
			memcmp(dp_neigh_find(neigh, &known), moved, 6) == 0,
		"a neighbour that changed its address is replaced, even in a full table");
	tap_ok(!dp_neigh_put(neigh, &known, moved), "the same again changes nothing");
	struct ts_addr unknown = parse("203.0.113.1");
	tap_ok(dp_neigh_find(neigh, &unknown) == NULL, "an unknown address is not found");
	tap_ok(dp_neigh_put(neigh, &unknown, moved) && dp_neigh_find(neigh, &unknown) != NULL &&
			neigh->n_used == 1,
		"one more than it holds starts the table anew");
	free(neigh);
}

int main(void)
{
	test_routes();
	test_table();
	return tap_done();
}
