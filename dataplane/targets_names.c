/* SPDX-License-Identifier: BSD-3-Clause */
/* Host names given with addresses: looked up once per answer, so a binary search will do. */
#include "targets_internal.h"

#include <errno.h>
#include <stdlib.h>

#define FIRST_CAP 64

int dp_names_push(struct dp_names *names, dp_u128 number, const char *name, size_t len)
{
	if (names->n == names->cap) {
		size_t cap = names->cap == 0 ? FIRST_CAP : 2 * names->cap;
		struct dp_named *items = reallocarray(names->items, cap, sizeof(*items));

		if (items == NULL)
			return -ENOMEM;
		names->items = items;
		names->cap = cap;
	}
	if (names->pool_cap - names->pool_len <= len) {
		size_t cap = 2 * names->pool_cap + DP_LINE_MAX;
		char *pool = realloc(names->pool, cap);

		if (pool == NULL)
			return -ENOMEM;
		names->pool = pool;
		names->pool_cap = cap;
	}
	names->items[names->n++] = (struct dp_named){.number = number, .name_off = names->pool_len};
	memcpy(names->pool + names->pool_len, name, len);
	names->pool[names->pool_len + len] = '\0';
	names->pool_len += len + 1;
	return 0;
}

/* By address, then by the order in which they were given, so that messages do not depend on
 * qsort(). */
static int named_compare(const void *left, const void *right)
{
	const struct dp_named *a = left, *b = right;

	if (a->number != b->number)
		return a->number > b->number ? 1 : -1;
	return (a->name_off > b->name_off) - (a->name_off < b->name_off);
}

int dp_names_finish(struct dp_names *names, char err[DP_ERR_LEN])
{
	size_t n_out = 0;

	if (names->n == 0)
		return 0;
	qsort(names->items, names->n, sizeof(*names->items), named_compare);
	for (size_t i = 1; i < names->n; i++) {
		const struct dp_named *kept = &names->items[n_out], *next = &names->items[i];
		const char *name = names->pool + kept->name_off,
			   *other = names->pool + next->name_off;
		char text[TS_ADDR_STRLEN];
		struct ts_addr addr = dp_addr_from_number(kept->number);

		if (next->number != kept->number) {
			names->items[++n_out] = *next;
		} else if (strcmp(name, other) != 0) {
			ts_addr_format(&addr, text);
			snprintf(err, DP_ERR_LEN,
				"%s is given with two names, %.64s and %.64s: an address is "
				"scanned under one name",
				text, name, other);
			return -EINVAL;
		}
	}
	names->n = n_out + 1;
	return 0;
}

const char *dp_names_find(const struct dp_names *names, dp_u128 number)
{
	size_t low = 0, high = names->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (names->items[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < names->n && names->items[low].number == number
		       ? names->pool + names->items[low].name_off
		       : "";
}

void dp_names_free(struct dp_names *names)
{
	free(names->items);
	free(names->pool);
	*names = (struct dp_names){0};
}
