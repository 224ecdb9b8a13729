/* SPDX-License-Identifier: BSD-3-Clause */
#include "neigh.h"

const struct ts_addr *dp_route_source(const struct dp_route *route, const struct ts_addr *dst)
{
	return ts_addr_is_v4(dst) ? &route->source_v4 : &route->source_v6;
}

static bool same_prefix(const struct ts_addr *a, const struct ts_addr *b, unsigned int prefix_len)
{
	unsigned int n_whole = prefix_len / 8;
	unsigned int n_bits = prefix_len % 8;

	if (memcmp(a->b, b->b, n_whole) != 0)
		return false;
	return n_bits == 0 || ((a->b[n_whole] ^ b->b[n_whole]) >> (8 - n_bits)) == 0;
}

const struct ts_addr *dp_route_next_hop(const struct dp_route *route, const struct ts_addr *dst)
{
	bool v4 = ts_addr_is_v4(dst);
	/* An IPv4 prefix of n bits is one of 96 + n bits in the mapped form. */
	unsigned int prefix_len = v4 ? 96u + route->prefix_v4_len : route->prefix_v6_len;
	bool has_gateway = v4 ? route->has_gateway_v4 : route->has_gateway_v6;

	if (!has_gateway || same_prefix(dst, dp_route_source(route, dst), prefix_len))
		return dst;
	return v4 ? &route->gateway_v4 : &route->gateway_v6;
}

bool dp_route_is_ours(const struct dp_route *route, const struct ts_addr *addr)
{
	if (ts_addr_is_v4(addr))
		return route->has_v4 && ts_addr_equal(addr, &route->source_v4);
	return route->has_v6 && ts_addr_equal(addr, &route->source_v6);
}

/* Neighbours are few and ours: a plain multiplicative hash will do. */
static uint32_t slot_of(const struct ts_addr *addr)
{
	uint64_t hi, lo;

	memcpy(&hi, addr->b, sizeof(hi));
	memcpy(&lo, &addr->b[8], sizeof(lo));
	return (uint32_t)(((hi ^ lo) * UINT64_C(0x9e3779b97f4a7c15)) >> 40) % DP_NEIGH_SLOTS;
}

const uint8_t *dp_neigh_find(const struct dp_neigh *neigh, const struct ts_addr *addr)
{
	for (uint32_t i = slot_of(addr); neigh->slots[i].used; i = (i + 1) % DP_NEIGH_SLOTS) {
		if (ts_addr_equal(&neigh->slots[i].addr, addr))
			return neigh->slots[i].mac;
	}
	return NULL;
}

bool dp_neigh_put(struct dp_neigh *neigh, const struct ts_addr *addr, const uint8_t mac[6])
{
	uint32_t i = slot_of(addr);

	while (neigh->slots[i].used && !ts_addr_equal(&neigh->slots[i].addr, addr))
		i = (i + 1) % DP_NEIGH_SLOTS;
	if (neigh->slots[i].used &&
		memcmp(neigh->slots[i].mac, mac, sizeof(neigh->slots[i].mac)) == 0)
		return false;
	if (!neigh->slots[i].used) {
		/* Full: begin anew. Who is still needed is asked again, who is not makes room. */
		if (neigh->n_used >= DP_NEIGH_SLOTS / 2) {
			memset(neigh, 0, sizeof(*neigh));
			i = slot_of(addr);
		}
		neigh->n_used++;
	}
	neigh->slots[i].used = true;
	neigh->slots[i].addr = *addr;
	memcpy(neigh->slots[i].mac, mac, sizeof(neigh->slots[i].mac));
	return true;
}
