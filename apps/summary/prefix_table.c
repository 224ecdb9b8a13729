/* SPDX-License-Identifier: BSD-3-Clause */
#include "prefix_table.h"

#include <stdlib.h>

#include "apps/util/flat_table.h"

/* IPv4 networks are numbered where IPv6 has multicast, from which no connection can come. */
#define V4_MARK (UINT64_C(0xff) << 56)

#define SUSPECT_ANSWERS 16
#define SUSPECT_SHARE	0.5

struct network {
	uint64_t number;		/* the key */
	uint32_t n_answers, n_services; /* n_answers is never 0 */
};

struct su_prefix_table {
	struct ut_flat_table networks;
	struct su_prefix_totals totals;
};

struct su_prefix_table *su_prefix_table_new(const struct ts_cookie_key *key)
{
	struct su_prefix_table *table = calloc(1, sizeof(*table));

	if (table == NULL)
		return NULL;
	table->networks = (struct ut_flat_table){
		.key = *key,
		.entry_len = sizeof(struct network),
		.key_len = sizeof(uint64_t),
		.max = SU_MAX_PREFIXES,
	};
	return table;
}

void su_prefix_table_free(struct su_prefix_table *table)
{
	if (table == NULL)
		return;
	ut_flat_table_free(&table->networks);
	free(table);
}

static uint64_t number_of(const struct ts_addr *addr)
{
	uint64_t number = 0;
	bool v4 = ts_addr_is_v4(addr);

	for (size_t i = 0; i < (v4 ? 3 : 8); i++)
		number = number << 8 | addr->b[v4 ? 12 + i : i];
	return v4 ? V4_MARK | number : number;
}

static void prefix_of(const struct network *network, struct su_prefix *prefix)
{
	uint64_t number = network->number;
	bool v4 = (number & V4_MARK) == V4_MARK;

	*prefix = (struct su_prefix){
		.first = v4 ? ts_addr_from_v4(0) : (struct ts_addr){{0}},
		.len = v4 ? 24 : 64,
		.n_answers = network->n_answers,
		.n_services = network->n_services,
	};
	for (size_t i = v4 ? 3 : 8; i-- > 0; number >>= 8)
		prefix->first.b[v4 ? 12 + i : i] = (uint8_t)number;
}

void su_prefix_table_count(
	struct su_prefix_table *table, const struct ts_addr *addr, bool is_service)
{
	uint64_t number = number_of(addr);
	struct network *network = ut_flat_table_find(&table->networks, &number);

	if (network == NULL) {
		network = ut_flat_table_add(&table->networks, &number);
		if (network == NULL) {
			table->totals.n_untracked++;
			return;
		}
		table->totals.n_prefixes++;
	}
	if (network->n_answers < UINT32_MAX) {
		network->n_answers++;
		network->n_services += is_service;
	}
	table->totals.n_answers++;
}

struct su_prefix_totals su_prefix_table_read_totals(const struct su_prefix_table *table)
{
	return table->totals;
}

/* Insert a prefix among the max largest, which drops the smallest. @return how many there are */
static uint32_t insert(
	struct su_prefix *out, uint32_t n, uint32_t max, const struct su_prefix *prefix)
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

uint32_t su_prefix_table_suspects(const struct su_prefix_table *table,
	su_prefix_table_probed *probed, const void *ctx, struct su_prefix *out, uint32_t max,
	uint64_t *n_suspects)
{
	const struct network *network;
	uint32_t n = 0;
	size_t at = 0;

	*n_suspects = 0;
	while ((network = ut_flat_table_next(&table->networks, &at)) != NULL) {
		struct su_prefix prefix;

		if (network->n_answers < SUSPECT_ANSWERS ||
			network->n_services >= SUSPECT_SHARE * network->n_answers)
			continue;
		prefix_of(network, &prefix);
		prefix.n_probed = probed(ctx, &prefix.first, prefix.len);
		if (network->n_answers < SUSPECT_SHARE * prefix.n_probed)
			continue;
		/* An expectation can be lower than the number of answers. */
		if (prefix.n_probed < network->n_answers)
			prefix.n_probed = network->n_answers;
		(*n_suspects)++;
		n = insert(out, n, max, &prefix);
	}
	return n;
}
