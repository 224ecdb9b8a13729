/* SPDX-License-Identifier: BSD-3-Clause */
/* Host names given with addresses. They are looked up once for each answer, so a binary search is
 * fast enough. */
#include "search.h"
#include "targets_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#define FIRST_CAP 64
/* Bytes of a name and of a list in a sentence of DP_ERR_LEN, which has both twice. */
#define NAME_SHOWN 28
#define LIST_SHOWN 24
#define PLACE_LEN  (LIST_SHOWN + 24)

int dp_names_list(struct dp_names *names, const char *list, char err[DP_ERR_LEN])
{
	char **lists, *copy;

	if (names->n_lists == UINT16_MAX) {
		snprintf(err, DP_ERR_LEN, "%.*s: one list too many: join some of them",
			2 * LIST_SHOWN, list);
		return -E2BIG;
	}
	snprintf(err, DP_ERR_LEN, "memory is short for one more list");
	lists = reallocarray(names->lists, names->n_lists + 1u, sizeof(*lists));
	if (lists == NULL)
		return -ENOMEM;
	names->lists = lists;
	copy = strdup(list);
	if (copy == NULL)
		return -ENOMEM;
	lists[names->n_lists] = copy;
	err[0] = '\0';
	return names->n_lists++;
}

int dp_names_push(
	struct dp_names *names, dp_u128 number, const char *name, size_t len, struct dp_place place)
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
	names->items[names->n++] = (struct dp_named){number, names->pool_len, place};
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

/* "FILE:LINE:COLUMN: " or "" */
static void format_place(
	const struct dp_names *names, const struct dp_named *named, char text[PLACE_LEN])
{
	const struct dp_place *place = &named->place;
	const char *list;
	size_t len;

	text[0] = '\0';
	if (place->line == 0)
		return;
	list = names->lists[place->list];
	len = strlen(list);
	snprintf(text, PLACE_LEN, "%s%s:%u:%u: ", len > LIST_SHOWN ? "..." : "",
		len > LIST_SHOWN ? list + len - LIST_SHOWN : list, place->line, place->column);
}

static int refuse_second(const struct dp_names *names, const struct dp_named *first,
	const struct dp_named *second, char err[DP_ERR_LEN])
{
	char at[PLACE_LEN], before[PLACE_LEN], text[TS_ADDR_STRLEN];
	struct ts_addr addr = dp_addr_from_number(first->number);
	size_t len;

	ts_addr_format(&addr, text);
	format_place(names, second, at);
	format_place(names, first, before);
	len = strlen(before);
	if (len > 0)
		before[len - 2] = '\0';
	snprintf(err, DP_ERR_LEN, "%s%s is %.*s here and %.*s %s%s: an address has one name", at,
		text, NAME_SHOWN, names->pool + second->name_off, NAME_SHOWN,
		names->pool + first->name_off, len > 0 ? "in " : "before", before);
	return -EINVAL;
}

int dp_names_finish(struct dp_names *names, char err[DP_ERR_LEN])
{
	size_t n_out = 0;

	if (names->n == 0)
		return 0;
	qsort(names->items, names->n, sizeof(*names->items), named_compare);
	for (size_t i = 1; i < names->n; i++) {
		const struct dp_named *kept = &names->items[n_out], *next = &names->items[i];

		if (next->number != kept->number)
			names->items[++n_out] = *next;
		else if (strcasecmp(names->pool + kept->name_off, names->pool + next->name_off) !=
			 0)
			return refuse_second(names, kept, next, err);
	}
	names->n = n_out + 1;
	return 0;
}

const char *dp_names_find(const struct dp_names *names, dp_u128 number)
{
	size_t at = dp_search_number(names->items, names->n, sizeof(*names->items),
		offsetof(struct dp_named, number), number);

	return at < names->n && names->items[at].number == number
		       ? names->pool + names->items[at].name_off
		       : "";
}

void dp_names_free(struct dp_names *names)
{
	for (size_t i = 0; i < names->n_lists; i++)
		free(names->lists[i]);
	free(names->lists);
	free(names->items);
	free(names->pool);
	*names = (struct dp_names){0};
}
