/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sorting ranges by their first address, in linear time and in place: lists of millions of
 * addresses come in any order, and a sort that copies would need their memory twice. This is a
 * radix sort from the highest byte in which the addresses differ (McIlroy, Bostic, McIlroy 1993,
 * "Engineering radix sort"). It counts the ranges of each of 256 piles, moves each range to its
 * pile by cycles of swaps, and sorts each pile by the next byte. A list that is in order already,
 * as most prefix dumps are, costs one look at each range.
 */
#include "ranges_sort.h"

#define N_PILES	  256
#define FEW	  32 /* sorted by insertion */
#define BYTE_BITS 8

static void sort_few(struct dp_range *items, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct dp_range item = items[i];
		size_t at = i;

		for (; at > 0 && items[at - 1].first > item.first; at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
}

static unsigned int pile_of(const struct dp_range *item, unsigned int shift)
{
	return (uint8_t)(item->first >> shift);
}

/* Put each range on its pile; ends[k] becomes the end of pile k. */
static void deal(struct dp_range *items, size_t n, unsigned int shift, size_t ends[N_PILES])
{
	size_t next[N_PILES], at = 0;

	memset(ends, 0, N_PILES * sizeof(*ends));
	for (size_t i = 0; i < n; i++)
		ends[pile_of(&items[i], shift)]++;
	for (unsigned int k = 0; k < N_PILES; k++) {
		next[k] = at;
		at += ends[k];
		ends[k] = at;
	}
	for (unsigned int k = 0; k < N_PILES; k++) {
		while (next[k] < ends[k]) {
			struct dp_range item = items[next[k]];
			unsigned int pile = pile_of(&item, shift);

			items[next[k]] = items[next[pile]];
			items[next[pile]++] = item;
		}
	}
}

/* At most 16 deep: one level for each byte of the address. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void sort_from(struct dp_range *items, size_t n, unsigned int shift)
{
	size_t ends[N_PILES], start = 0;

	if (n <= FEW) {
		sort_few(items, n);
		return;
	}
	deal(items, n, shift, ends);
	for (unsigned int k = 0; k < N_PILES && shift > 0; start = ends[k++])
		sort_from(items + start, ends[k] - start, shift - BYTE_BITS);
}

void dp_ranges_sort(struct dp_range *items, size_t n)
{
	dp_u128 differ = 0;
	bool in_order = true;
	unsigned int shift = 0;

	for (size_t i = 1; i < n; i++) {
		differ |= items[i].first ^ items[0].first;
		in_order = in_order && items[i - 1].first <= items[i].first;
	}
	if (in_order)
		return;
	while (differ >> shift > UINT8_MAX)
		shift += BYTE_BITS;
	sort_from(items, n, shift);
}
