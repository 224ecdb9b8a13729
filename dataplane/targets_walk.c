/* SPDX-License-Identifier: BSD-3-Clause */
/* What the allow lists named, put together again from what is scanned and what was excluded. */
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
	while (range->last != DP_U128_MAX && next_part(walk, &more, false) &&
		more.first == range->last + 1) {
		range->last = more.last;
		next_part(walk, &more, true);
	}
	return true;
}
