/* SPDX-License-Identifier: BSD-3-Clause */
#include "flat_table.h"

#include <stdlib.h>

#define FIRST_CAP 1024

static uint8_t *place(const struct ut_flat_table *table, size_t at)
{
	return table->entries + at * table->entry_len;
}

static bool is_empty(const struct ut_flat_table *table, const uint8_t *entry)
{
	/* All bytes are equal, and the first one is zero. */
	return entry[0] == 0 && memcmp(entry, entry + 1, table->entry_len - 1) == 0;
}

/* The place of the key's entry, or the empty place where it belongs. The loop ends, because a
 * quarter of the places is empty. */
static uint8_t *place_of(const struct ut_flat_table *table, const void *key)
{
	size_t at = (size_t)ts_siphash(&table->key, key, table->key_len) & (table->cap - 1);

	while (!is_empty(table, place(table, at)) &&
		memcmp(place(table, at), key, table->key_len) != 0)
		at = (at + 1) & (table->cap - 1);
	return place(table, at);
}

static bool grow(struct ut_flat_table *table)
{
	struct ut_flat_table larger = *table;

	larger.cap = table->cap == 0 ? FIRST_CAP : table->cap * 2;
	larger.entries = calloc(larger.cap, table->entry_len);
	if (larger.entries == NULL)
		return false;
	for (size_t i = 0; i < table->cap; i++) {
		const uint8_t *entry = place(table, i);

		if (!is_empty(table, entry))
			memcpy(place_of(&larger, entry), entry, table->entry_len);
	}
	free(table->entries);
	*table = larger;
	return true;
}

void *ut_flat_table_find(const struct ut_flat_table *table, const void *key)
{
	uint8_t *entry = table->cap == 0 ? NULL : place_of(table, key);

	return entry == NULL || is_empty(table, entry) ? NULL : entry;
}

void *ut_flat_table_add(struct ut_flat_table *table, const void *key)
{
	uint8_t *entry;

	if (table->max != 0 && table->n == table->max)
		return NULL;
	if (table->n >= table->cap / 4 * 3 && !grow(table))
		return NULL;
	entry = place_of(table, key);
	memcpy(entry, key, table->key_len);
	table->n++;
	return entry;
}

const void *ut_flat_table_next(const struct ut_flat_table *table, size_t *at)
{
	while (*at < table->cap) {
		const uint8_t *entry = place(table, (*at)++);

		if (!is_empty(table, entry))
			return entry;
	}
	return NULL;
}

void ut_flat_table_free(struct ut_flat_table *table)
{
	free(table->entries);
	table->entries = NULL;
	table->n = table->cap = 0;
}
