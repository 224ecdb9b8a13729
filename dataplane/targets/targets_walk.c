/* SPDX-License-Identifier: BSD-3-Clause */
/* Walks through a whole set: to count it, and to list what the allow lists name, merged from what
 * is scanned and what is excluded. */
#include "targets_internal.h"

static struct dp_range span_range(const struct dp_targets *targets, uint32_t at)
{
	const struct dp_span *span = &targets->spans[at];

	return (struct dp_range){
		.first = span->first,
		.last = span->first + (span[1].first_index - span->first_index - 1),
	};
}

/* The next range of either part; both are in order and none overlaps another. */
static bool next_part(struct dp_allow_walk *walk, struct dp_range *range, bool take)
{
	const struct dp_targets *targets = walk->targets;
	const struct dp_ranges *taken = &targets->taken;
	bool has_span = walk->span < targets->n_spans, has_taken = walk->taken < taken->n;

	if (has_span && (!has_taken || targets->spans[walk->span].first <
					       taken->items[walk->taken].first)) {
		*range = span_range(targets, walk->span);
		walk->span += take;
		return true;
	}
	if (has_taken) {
		*range = taken->items[walk->taken];
		walk->taken += take;
	}
	return has_taken;
}

bool dp_allow_next(struct dp_allow_walk *walk, struct dp_range *range)
{
	struct dp_range more;

	if (!next_part(walk, range, true))
		return false;
	while (next_part(walk, &more, false) && dp_ranges_touch(range->last, more.first)) {
		range->last = more.last;
		next_part(walk, &more, true);
	}
	return true;
}

static uint64_t n_v4_in(struct dp_range range)
{
	return dp_number_is_v4(range.first) ? (uint64_t)(range.last - range.first) + 1 : 0;
}

void dp_targets_counts(const struct dp_targets *targets, struct dp_targets_counts *counts)
{
	uint64_t v4 = 0, pairs_v4 = 0, single_v4 = 0, at;

	for (uint32_t i = 0; i < targets->n_spans; i++)
		v4 += n_v4_in(span_range(targets, i));
	for (uint64_t i = 0; i < targets->n_live_pairs; i++) {
		const struct ts_addr *addr = &targets->live_pairs[i].addr;
		bool first = i == 0 || !ts_addr_equal(addr, &targets->live_pairs[i - 1].addr);

		if (!ts_addr_is_v4(addr))
			continue;
		pairs_v4++;
		single_v4 += first && !dp_spans_find(targets, dp_number_from_addr(addr), &at);
	}
	counts->pairs_v4 = v4 * targets->n_product_ports + pairs_v4;
	counts->pairs_v6 = targets->perm.n - counts->pairs_v4;
	counts->addresses_v4 = v4 + single_v4;
	counts->addresses_v6 = dp_targets_n_addresses(targets) - counts->addresses_v4;
	counts->excluded = targets->n_excluded;
}
