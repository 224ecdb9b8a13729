/* SPDX-License-Identifier: BSD-3-Clause */
#include "ranges.h"
#include "ranges_sort.h"
#include "search.h"

#include <errno.h>
#include <stdlib.h>

#define FIRST_CAP 64

int dp_ranges_reserve(struct dp_ranges *ranges, size_t cap)
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
		dp_ranges_reserve(ranges, ranges->cap == 0 ? FIRST_CAP : 2 * ranges->cap) != 0)
		return -ENOMEM;
	ranges->items[ranges->n++] = range;
	return 0;
}

void dp_ranges_normalize(struct dp_ranges *ranges)
{
	struct dp_range *items = ranges->items;
	size_t n_out = 0;

	if (ranges->n == 0)
		return;
	dp_ranges_sort(items, ranges->n);
	for (size_t i = 1; i < ranges->n; i++) {
		struct dp_range *into = &items[n_out];

		if (items[i].first > into->last && !dp_ranges_touch(into->last, items[i].first))
			items[++n_out] = items[i];
		else if (items[i].last > into->last)
			into->last = items[i].last;
	}
	ranges->n = n_out + 1;
}

/*
 * In place: the ranges are moved to the end of their memory, and their pieces are written from the
 * start. Each subtracted range splits at most one range in two. So with room for minus->n more
 * ranges the pieces never overwrite a range that is still to be read.
 */
int dp_ranges_subtract(struct dp_ranges *ranges, const struct dp_ranges *minus)
{
	size_t n = ranges->n, n_out = 0, m = 0;
	struct dp_range *out, *in;

	if (minus->n == 0)
		return 0;
	if (dp_ranges_reserve(ranges, n + minus->n) != 0)
		return -ENOMEM;
	out = ranges->items;
	in = out + minus->n;
	memmove(in, out, n * sizeof(*in));
	for (size_t i = 0; i < n; i++) {
		struct dp_range left = in[i];
		bool any = true;

		while (m < minus->n && minus->items[m].last < left.first)
			m++;
		/* m stays on the last overlapping range: it may reach into the next one too. */
		for (size_t k = m; any && k < minus->n && minus->items[k].first <= left.last; k++) {
			const struct dp_range *cut = &minus->items[k];

			m = k;
			if (cut->first > left.first)
				out[n_out++] = (struct dp_range){left.first, cut->first - 1};
			any = cut->last < left.last;
			left.first = any ? cut->last + 1 : left.first;
		}
		if (any)
			out[n_out++] = left;
	}
	ranges->n = n_out;
	return 0;
}

static int copy(struct dp_ranges *out, const struct dp_ranges *from, size_t cap)
{
	*out = (struct dp_ranges){0};
	if (dp_ranges_reserve(out, cap) != 0)
		return -ENOMEM;
	if (from->n > 0)
		memcpy(out->items, from->items, from->n * sizeof(*out->items));
	out->n = from->n;
	return 0;
}

int dp_ranges_union(
	struct dp_ranges *out, const struct dp_ranges *left, const struct dp_ranges *right)
{
	if (copy(out, left, left->n + right->n) != 0)
		return -ENOMEM;
	if (right->n > 0)
		memcpy(out->items + out->n, right->items, right->n * sizeof(*out->items));
	out->n += right->n;
	dp_ranges_normalize(out);
	return 0;
}

int dp_ranges_add(struct dp_ranges *ranges, const struct dp_ranges *more)
{
	struct dp_ranges sum;

	if (dp_ranges_union(&sum, ranges, more) != 0)
		return -ENOMEM;
	dp_ranges_free(ranges);
	*ranges = sum;
	return 0;
}

int dp_ranges_intersect(
	struct dp_ranges *out, const struct dp_ranges *left, const struct dp_ranges *right)
{
	size_t l = 0, r = 0;

	*out = (struct dp_ranges){0};
	while (l < left->n && r < right->n) {
		const struct dp_range *a = &left->items[l], *b = &right->items[r];
		struct dp_range both = {
			.first = a->first > b->first ? a->first : b->first,
			.last = a->last < b->last ? a->last : b->last,
		};

		if (both.first <= both.last && dp_ranges_push(out, both) != 0) {
			dp_ranges_free(out);
			return -ENOMEM;
		}
		if (a->last < b->last)
			l++;
		else
			r++;
	}
	return 0;
}

int dp_ranges_minus(
	struct dp_ranges *out, const struct dp_ranges *left, const struct dp_ranges *right)
{
	if (copy(out, left, left->n + right->n) != 0)
		return -ENOMEM;
	return dp_ranges_subtract(out, right);
}

dp_u128 dp_ranges_size(const struct dp_ranges *ranges)
{
	dp_u128 size = 0;

	for (size_t i = 0; i < ranges->n; i++)
		size += ranges->items[i].last - ranges->items[i].first + 1;
	return size == 0 && ranges->n > 0 ? DP_U128_MAX : size;
}

const struct dp_range *dp_ranges_find(const struct dp_ranges *ranges, dp_u128 number)
{
	size_t at = dp_search_number(ranges->items, ranges->n, sizeof(*ranges->items),
		offsetof(struct dp_range, last), number);

	return at < ranges->n && ranges->items[at].first <= number ? &ranges->items[at] : NULL;
}

void dp_ranges_free(struct dp_ranges *ranges)
{
	free(ranges->items);
	*ranges = (struct dp_ranges){0};
}
