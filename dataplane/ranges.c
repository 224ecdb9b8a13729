/* SPDX-License-Identifier: BSD-3-Clause */
#include "ranges.h"

#include <errno.h>
#include <stdlib.h>

#define FIRST_CAP 64

static int ranges_reserve(struct dp_ranges *ranges, size_t cap)
{
	struct dp_range *items;

	if (cap <= ranges->cap)
		return 0;
	items = reallocarray(ranges->items, cap, sizeof(*items));
	if (items == NULL)
		return -ENOMEM;
	ranges->items = items;
	ranges->cap = cap;
	return 0;
}

int dp_ranges_push(struct dp_ranges *ranges, struct dp_range range)
{
	if (ranges->n == ranges->cap &&
		ranges_reserve(ranges, ranges->cap == 0 ? FIRST_CAP : 2 * ranges->cap) != 0)
		return -ENOMEM;
	ranges->items[ranges->n++] = range;
	return 0;
}

static int range_compare(const void *left, const void *right)
{
	const struct dp_range *a = left, *b = right;

	return (a->first > b->first) - (a->first < b->first);
}

void dp_ranges_normalize(struct dp_ranges *ranges)
{
	struct dp_range *items = ranges->items;
	size_t n_out = 0;

	if (ranges->n == 0)
		return;
	qsort(items, ranges->n, sizeof(*items), range_compare);
	for (size_t i = 1; i < ranges->n; i++) {
		struct dp_range *into = &items[n_out];

		if (into->last != DP_U128_MAX && items[i].first > into->last + 1)
			items[++n_out] = items[i];
		else if (items[i].last > into->last)
			into->last = items[i].last;
	}
	ranges->n = n_out + 1;
}

int dp_ranges_subtract(struct dp_ranges *ranges, const struct dp_ranges *minus)
{
	struct dp_ranges out = {0};
	size_t m = 0;

	/* Each subtracted range splits at most one range in two. */
	if (ranges_reserve(&out, ranges->n + minus->n) != 0)
		return -ENOMEM;
	for (size_t i = 0; i < ranges->n; i++) {
		struct dp_range left = ranges->items[i];
		bool any = true;

		while (m < minus->n && minus->items[m].last < left.first)
			m++;
		/* m stays on the last overlapping range: it may reach into the next one too. */
		for (size_t k = m; any && k < minus->n && minus->items[k].first <= left.last; k++) {
			const struct dp_range *cut = &minus->items[k];

			m = k;
			if (cut->first > left.first)
				out.items[out.n++] = (struct dp_range){left.first, cut->first - 1};
			any = cut->last < left.last;
			left.first = any ? cut->last + 1 : left.first;
		}
		if (any)
			out.items[out.n++] = left;
	}
	dp_ranges_free(ranges);
	*ranges = out;
	return 0;
}

dp_u128 dp_ranges_size(const struct dp_ranges *ranges)
{
	dp_u128 size = 0;

	if (ranges->n == 1 && ranges->items[0].first == 0 && ranges->items[0].last == DP_U128_MAX)
		return DP_U128_MAX;
	for (size_t i = 0; i < ranges->n; i++)
		size += ranges->items[i].last - ranges->items[i].first + 1;
	return size;
}

const struct dp_range *dp_ranges_find(const struct dp_ranges *ranges, dp_u128 number)
{
	size_t low = 0, high = ranges->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ranges->items[middle].last < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < ranges->n && ranges->items[low].first <= number ? &ranges->items[low] : NULL;
}

void dp_ranges_free(struct dp_ranges *ranges)
{
	free(ranges->items);
	*ranges = (struct dp_ranges){0};
}
