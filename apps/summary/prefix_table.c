/* SPDX-License-Identifier: BSD-3-Clause */
#include "prefix_table.h"

#include <stdlib.h>

#define FIRST_SLOTS 1024
#define MAX_SLOTS   (2 * PT_MAX_PREFIXES)
/* IPv4 networks stand where IPv6 has multicast: no connection comes from there. */
#define V4_MARK (UINT64_C(0xff) << 56)

#define SUSPECT_ANSWERS 16
#define SUSPECT_SHARE	0.5

struct slot {
	uint64_t network;
	uint32_t n_answers, n_services; /* n_answers 0: empty */
};

struct prefix_table {
	struct slot *slots;
	uint32_t n_slots; /* a power of two, at least twice the networks in it */
	struct ts_cookie_key key;
	struct pt_totals totals;
};

struct prefix_table *pt_new(const struct ts_cookie_key *key)
{
	struct prefix_table *table = calloc(1, sizeof(*table));

	if (table == NULL)
		return NULL;
	table->key = *key;
	table->n_slots = FIRST_SLOTS;
	table->slots = calloc(table->n_slots, sizeof(*table->slots));
	if (table->slots != NULL)
		return table;
	free(table);
	return NULL;
}

void pt_free(struct prefix_table *table)
{
	if (table == NULL)
		return;
	free(table->slots);
	free(table);
}

static uint64_t network_of(const struct ts_addr *addr)
{
	uint64_t network = 0;
	bool v4 = ts_addr_is_v4(addr);

	for (size_t i = 0; i < (v4 ? 3 : 8); i++)
		network = network << 8 | addr->b[v4 ? 12 + i : i];
	return v4 ? V4_MARK | network : network;
}

static void prefix_of(const struct slot *slot, struct pt_prefix *prefix)
{
	uint64_t network = slot->network;
	bool v4 = (network & V4_MARK) == V4_MARK;

	*prefix = (struct pt_prefix){
		.first = v4 ? ts_addr_from_v4(0) : (struct ts_addr){{0}},
		.len = v4 ? 24 : 64,
		.n_answers = slot->n_answers,
		.n_services = slot->n_services,
	};
	for (size_t i = v4 ? 3 : 8; i-- > 0; network >>= 8)
		prefix->first.b[v4 ? 12 + i : i] = (uint8_t)network;
}

/* The network's slot, or the empty one where it belongs. Ends: half of the slots are empty. */
static struct slot *find(const struct prefix_table *table, uint64_t network)
{
	uint64_t at = ts_siphash(&table->key, &network, sizeof(network));
	struct slot *slot;

	do {
		slot = &table->slots[at++ & (table->n_slots - 1)];
	} while (slot->n_answers != 0 && slot->network != network);
	return slot;
}

static bool grow(struct prefix_table *table)
{
	struct prefix_table larger = *table;

	if (table->n_slots == MAX_SLOTS)
		return false;
	larger.n_slots = 2 * table->n_slots;
	larger.slots = calloc(larger.n_slots, sizeof(*larger.slots));
	if (larger.slots == NULL)
		return false;
	for (uint32_t i = 0; i < table->n_slots; i++) {
		if (table->slots[i].n_answers != 0)
			*find(&larger, table->slots[i].network) = table->slots[i];
	}
	free(table->slots);
	*table = larger;
	return true;
}

void pt_count(struct prefix_table *table, const struct ts_addr *addr, bool is_service)
{
	uint64_t network = network_of(addr);
	struct slot *slot = find(table, network);

	if (slot->n_answers == 0) {
		if (table->totals.n_prefixes == table->n_slots / 2) {
			if (!grow(table)) {
				table->totals.n_untracked++;
				return;
			}
			slot = find(table, network);
		}
		slot->network = network;
		table->totals.n_prefixes++;
	}
	if (slot->n_answers < UINT32_MAX) {
		slot->n_answers++;
		slot->n_services += is_service;
	}
	table->totals.n_answers++;
}

struct pt_totals pt_totals(const struct prefix_table *table)
{
	return table->totals;
}

/* Put a prefix in its place among the largest; the smallest falls out. */
static uint32_t insert(
	struct pt_prefix *out, uint32_t n, uint32_t max, const struct pt_prefix *prefix)
{
	uint32_t at = n < max ? n : max;

	while (at > 0 && out[at - 1].n_answers < prefix->n_answers) {
		if (at < max)
			out[at] = out[at - 1];
		at--;
	}
	if (at < max)
		out[at] = *prefix;
	return n < max ? n + 1 : max;
}

uint32_t pt_suspects(const struct prefix_table *table, pt_probed *probed, const void *ctx,
	struct pt_prefix *out, uint32_t max, uint64_t *n_suspects)
{
	uint32_t n = 0;

	*n_suspects = 0;
	for (uint32_t i = 0; i < table->n_slots; i++) {
		const struct slot *slot = &table->slots[i];
		struct pt_prefix prefix;

		if (slot->n_answers < SUSPECT_ANSWERS ||
			slot->n_services >= SUSPECT_SHARE * slot->n_answers)
			continue;
		prefix_of(slot, &prefix);
		prefix.n_probed = probed(ctx, &prefix.first, prefix.len);
		if (slot->n_answers < SUSPECT_SHARE * prefix.n_probed)
			continue;
		/* An expectation can be below what has come. */
		if (prefix.n_probed < slot->n_answers)
			prefix.n_probed = slot->n_answers;
		(*n_suspects)++;
		n = insert(out, n, max, &prefix);
	}
	return n;
}
