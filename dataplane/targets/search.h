/* SPDX-License-Identifier: BSD-3-Clause */
/* Binary search. Pure; any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "perm.h"

/**
 * Find the first index in [low, high) that has come to what is searched for.
 * @param low     in
 * @param high    in: not below low
 * @param reaches in: has this index come to it? False for all indices before some place, and true
 *                from there on. An inline function, so that the search becomes a plain loop
 * @param to      in: passed on to reaches
 * @return the index; high: none has
 */
static inline size_t dp_search_first(
	size_t low, size_t high, bool (*reaches)(const void *to, size_t index), const void *to)
{
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (reaches(to, middle))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Records sorted by a number of 128 bits, and the number that is searched for. */
struct dp_search_records {
	const char *first; /* the number of the first record */
	size_t size;
	dp_u128 number;
};

static inline bool dp_search_reaches_number(const void *to, size_t index)
{
	const struct dp_search_records *records = to;
	dp_u128 found;

	memcpy(&found, records->first + index * records->size, sizeof(found));
	return found >= records->number;
}

/**
 * Find the first record whose number is not below a given one.
 * @param items   in: n records, ascending by their number; may be NULL if n is 0
 * @param n       in: records
 * @param size    in: bytes of a record
 * @param offset  in: bytes from a record's start to its number, a dp_u128
 * @param number  in: any
 * @return its index; n: all numbers are below
 */
static inline size_t dp_search_number(
	const void *items, size_t n, size_t size, size_t offset, dp_u128 number)
{
	const struct dp_search_records records = {
		n > 0 ? (const char *)items + offset : NULL, size, number};

	return dp_search_first(0, n, dp_search_reaches_number, &records);
}
