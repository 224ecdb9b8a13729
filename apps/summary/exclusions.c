/* SPDX-License-Identifier: BSD-3-Clause */
#include "exclusions.h"

#include <stdio.h>
#include <stdlib.h>

/* A list of millions of lines would make the summary unreadable; the checkpoint has them all. */
#define RANGES_SHOWN 1000

struct su_exclusion *su_exclusions_add(struct su_exclusions *all)
{
	struct su_exclusion *items = realloc(all->items, (all->n + 1) * sizeof(*items));

	if (items == NULL)
		return NULL;
	all->items = items;
	items[all->n] = (struct su_exclusion){0};
	return &items[all->n++];
}

static unsigned int n_trailing_zeros(dp_u128 number)
{
	uint64_t low = (uint64_t)number, high = (uint64_t)(number >> 64);

	if (low != 0)
		return (unsigned int)__builtin_ctzll(low);
	return high != 0 ? 64 + (unsigned int)__builtin_ctzll(high) : 128;
}

/* The number of host bits of a range that is one prefix; -1: it is none. */
static int prefix_bits(const struct dp_range *range)
{
	dp_u128 size = range->last - range->first + 1;
	unsigned int bits = n_trailing_zeros(size);

	if (bits < 128 && size >> bits != 1)
		return -1;
	return n_trailing_zeros(range->first) >= bits ? (int)bits : -1;
}

void su_exclusion_range_text(const struct dp_range *range, char *text, size_t len)
{
	struct ts_addr ends[2] = {
		dp_addr_from_number(range->first), dp_addr_from_number(range->last)};
	bool v4 = dp_number_is_v4(range->first) && dp_number_is_v4(range->last);
	char first[TS_ADDR_STRLEN], last[TS_ADDR_STRLEN];
	int bits = prefix_bits(range);

	ts_addr_format(&ends[0], first);
	ts_addr_format(&ends[1], last);
	if (bits == 0)
		snprintf(text, len, "%s", first);
	else if (bits > 0)
		snprintf(text, len, "%s/%d", first, (v4 ? 32 : 128) - bits);
	else
		snprintf(text, len, "%s-%s", first, last);
}

static void put_one(struct js_buf *js, const struct su_exclusion *e)
{
	char text[2 * TS_ADDR_STRLEN];

	js_object(js, NULL);
	js_time_us(js, "time", e->at_unix_us);
	js_str(js, "source", e->source);
	js_bool(js, "confirmed", e->confirmed);
	js_u64(js, "connections_reset", e->n_conns);
	js_u64(js, "n_ranges", e->ranges.n);
	js_array(js, "ranges");
	for (size_t i = 0; i < e->ranges.n && i < RANGES_SHOWN; i++) {
		su_exclusion_range_text(&e->ranges.items[i], text, sizeof(text));
		js_str(js, NULL, text);
	}
	js_end_array(js);
	js_end_object(js);
}

void su_exclusions_json(const struct su_exclusions *all, struct js_buf *js, const char *key)
{
	js_array(js, key);
	for (size_t i = 0; i < all->n; i++)
		put_one(js, &all->items[i]);
	js_end_array(js);
}

void su_exclusions_free(struct su_exclusions *all)
{
	for (size_t i = 0; i < all->n; i++)
		dp_ranges_free(&all->items[i].ranges);
	free(all->items);
	*all = (struct su_exclusions){0};
}
