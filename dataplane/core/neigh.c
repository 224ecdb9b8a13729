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

bool dp_route_is_gateway(const struct dp_route *route, const struct ts_addr *addr)
{
	if (ts_addr_is_v4(addr))
		return route->has_gateway_v4 && ts_addr_equal(addr, &route->gateway_v4);
	return route->has_gateway_v6 && ts_addr_equal(addr, &route->gateway_v6);
}

/* Only hosts of our own network are in the table, so a plain multiplicative hash is enough. */
static uint32_t slot_of(const struct ts_addr *addr)
{
	uint64_t hi, lo;

	memcpy(&hi, addr->b, sizeof(hi));
	memcpy(&lo, &addr->b[8], sizeof(lo));
	return (uint32_t)(((hi ^ lo) * UINT64_C(0x9e3779b97f4a7c15)) >> 40) % DP_NEIGH_SLOTS;
}

const struct dp_neigh_entry *dp_neigh_look(const struct dp_neigh *neigh, const struct ts_addr *addr)
{
	for (uint32_t i = slot_of(addr); neigh->slots[i].used; i = (i + 1) % DP_NEIGH_SLOTS) {
		if (ts_addr_equal(&neigh->slots[i].addr, addr))
			return &neigh->slots[i];
	}
	return NULL;
}

const uint8_t *dp_neigh_find(const struct dp_neigh *neigh, const struct ts_addr *addr)
{
	const struct dp_neigh_entry *entry = dp_neigh_look(neigh, addr);

	return entry != NULL ? entry->mac : NULL;
}

/* Remove an entry and move those behind it up, so that each is still found by a walk from its own
 * slot (Knuth, The Art of Computer Programming 3, 6.4, Algorithm R). */
static void remove_at(struct dp_neigh *neigh, uint32_t gap)
{
	uint32_t at = gap;

	neigh->slots[gap].used = false;
	neigh->n_used--;
	for (;;) {
		uint32_t own;

		at = (at + 1) % DP_NEIGH_SLOTS;
		if (!neigh->slots[at].used)
			return;
		own = slot_of(&neigh->slots[at].addr);
		/* Is its own slot behind the gap? Then a walk does not pass the gap. */
		if ((at - own) % DP_NEIGH_SLOTS < (at - gap) % DP_NEIGH_SLOTS)
			continue;
		neigh->slots[gap] = neigh->slots[at];
		neigh->slots[at].used = false;
		gap = at;
	}
}

/* Forget all hosts except gateways. Those that are still needed will be asked again. */
static void begin_anew(struct dp_neigh *neigh)
{
	for (uint32_t i = 0; i < DP_NEIGH_SLOTS; i++) {
		while (neigh->slots[i].used && !neigh->slots[i].gateway)
			remove_at(neigh, i);
	}
}

static uint32_t find_slot(const struct dp_neigh *neigh, const struct ts_addr *addr)
{
	uint32_t i = slot_of(addr);

	while (neigh->slots[i].used && !ts_addr_equal(&neigh->slots[i].addr, addr))
		i = (i + 1) % DP_NEIGH_SLOTS;
	return i;
}

void dp_neigh_put(struct dp_neigh *neigh, const struct dp_neigh_entry *entry)
{
	uint32_t i = find_slot(neigh, &entry->addr);

	if (!neigh->slots[i].used) {
		if (neigh->n_used >= DP_NEIGH_SLOTS / 2) {
			begin_anew(neigh);
			i = find_slot(neigh, &entry->addr);
		}
		neigh->n_used++;
	}
	neigh->slots[i] = *entry;
	neigh->slots[i].used = true;
	neigh->slots[i].stale = false;
}

void dp_neigh_drop(struct dp_neigh *neigh, const struct ts_addr *addr)
{
	uint32_t i = find_slot(neigh, addr);

	if (neigh->slots[i].used)
		remove_at(neigh, i);
}

static bool is_over(const struct dp_neigh_entry *entry, uint32_t now_s)
{
	return entry->used && !entry->gateway &&
	       now_s - entry->proved_s >= DP_NEIGH_FRESH_S + DP_NEIGH_STALE_S;
}

static bool turns_stale(const struct dp_neigh_entry *entry, uint32_t now_s)
{
	return entry->used && !entry->gateway && !entry->stale &&
	       now_s - entry->proved_s >= DP_NEIGH_FRESH_S;
}

bool dp_neigh_aged(const struct dp_neigh *neigh, uint32_t now_s)
{
	for (uint32_t i = 0; i < DP_NEIGH_SLOTS; i++) {
		if (is_over(&neigh->slots[i], now_s) || turns_stale(&neigh->slots[i], now_s))
			return true;
	}
	return false;
}

void dp_neigh_age(struct dp_neigh *neigh, uint32_t now_s)
{
	for (uint32_t i = 0; i < DP_NEIGH_SLOTS; i++) {
		while (is_over(&neigh->slots[i], now_s))
			remove_at(neigh, i);
		if (turns_stale(&neigh->slots[i], now_s))
			neigh->slots[i].stale = true;
	}
}
