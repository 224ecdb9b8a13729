/* SPDX-License-Identifier: BSD-3-Clause */
/* Binary search among records that are sorted by a number of 128 bits. Pure; any thread. */
#pragma once

#include <stddef.h>
#include <string.h>

#include "perm.h"

/**
 * Find the first record whose number is not below a given one.
 * @param items   in: n records, ascending by their number; may be NULL if n is 0
 * @param size    in: bytes of a record
 * @param offset  in: byte of a record where its number stands, a dp_u128
 * @param number  in
 * @return its index; n: all numbers are below
 */
static inline size_t dp_search_number(
	const void *items, size_t n, size_t size, size_t offset, dp_u128 number)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		dp_u128 found;

		memcpy(&found, (const char *)items + middle * size + offset, sizeof(found));
		if (found < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
