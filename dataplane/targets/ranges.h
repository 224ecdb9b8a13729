/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sets of addresses as ranges, over the 128-bit number line that holds both families.
 *
 * A set is normal if its ranges are sorted and neither overlap nor touch (dp_ranges_normalize()). A
 * set {0} is empty and normal. The caller owns a set and frees its memory with dp_ranges_free().
 * Pure; one thread at a time changes a set, and any number may read it while none does.
 */
#pragma once

#include "perm.h"
#include "tcpstack/packet/addr.h"

/* IPv4 has ::ffff:0:0/96 of the line (tcpstack/packet/addr.h). */
#define DP_V4_FIRST ((dp_u128)0xffff << 32)
#define DP_V4_LAST  (DP_V4_FIRST | UINT32_MAX)
#define DP_U128_MAX (~(dp_u128)0)

/* Both ends belong to the range. first <= last, and both are of one family. */
struct dp_range {
	dp_u128 first, last;
};

struct dp_ranges {
	struct dp_range *items;
	size_t n, cap;
};

/** The place of an address on the line. */
static inline dp_u128 dp_number_from_addr(const struct ts_addr *addr)
{
	uint64_t half[2];

	memcpy(half, addr->b, sizeof(half));
	return (dp_u128)__builtin_bswap64(half[0]) << 64 | __builtin_bswap64(half[1]);
}

/** The address at a place of the line. */
static inline struct ts_addr dp_addr_from_number(dp_u128 number)
{
	uint64_t half[2] = {
		__builtin_bswap64((uint64_t)(number >> 64)), __builtin_bswap64((uint64_t)number)};
	struct ts_addr addr;

	memcpy(addr.b, half, sizeof(half));
	return addr;
}

/** Is the address at this place an IPv4 address? */
static inline bool dp_number_is_v4(dp_u128 number)
{
	return number >> 32 == 0xffff;
}

/**
 * Does a range that begins at next touch one that ends at last? IPv4 and IPv6 touch on the line but
 * do not count: no list can name a range of both.
 */
static inline bool dp_ranges_touch(dp_u128 last, dp_u128 next)
{
	return last != DP_U128_MAX && next == last + 1 && next != DP_V4_FIRST && last != DP_V4_LAST;
}

/**
 * Make room for ranges.
 * @param ranges  in/out: unchanged on failure
 * @param cap     in: ranges in all, those in the set included
 * @return 0 or -ENOMEM
 */
int dp_ranges_reserve(struct dp_ranges *ranges, size_t cap);

/**
 * Append a range. The set is no longer normal.
 * @param ranges  in/out: unchanged on failure
 * @param range   in: may overlap others, and need not come in their order
 * @return 0 or -ENOMEM
 */
int dp_ranges_push(struct dp_ranges *ranges, struct dp_range range);

/** Make a set normal: sort its ranges, and join those that overlap or touch. Each range is still of
 * one family. */
void dp_ranges_normalize(struct dp_ranges *ranges);

/**
 * Take a normal set away from a normal set.
 * @param ranges  in/out: stays normal; unchanged on failure
 * @param minus   in: another set than ranges; borrowed
 * @return 0 or -ENOMEM
 */
int dp_ranges_subtract(struct dp_ranges *ranges, const struct dp_ranges *minus);

/**
 * Add a normal set to a normal set.
 * @param ranges  in/out: stays normal; unchanged on failure
 * @param more    in: borrowed
 * @return 0 or -ENOMEM
 */
int dp_ranges_add(struct dp_ranges *ranges, const struct dp_ranges *more);

/**
 * What is in either of two normal sets.
 * @param out    out: a new normal set of the caller's, neither left nor right; empty on failure
 * @param left   in: borrowed
 * @param right  in: borrowed
 * @return 0 or -ENOMEM
 */
int dp_ranges_union(
	struct dp_ranges *out, const struct dp_ranges *left, const struct dp_ranges *right);

/**
 * What is in both of two normal sets.
 * @param out    out: a new normal set of the caller's, neither left nor right; empty on failure
 * @param left   in: borrowed
 * @param right  in: borrowed
 * @return 0 or -ENOMEM
 */
int dp_ranges_intersect(
	struct dp_ranges *out, const struct dp_ranges *left, const struct dp_ranges *right);

/**
 * What is in one normal set and not in another.
 * @param out    out: a new normal set of the caller's, neither left nor right; empty on failure
 * @param left   in: the set to take from; borrowed
 * @param right  in: what to take away; borrowed
 * @return 0 or -ENOMEM
 */
int dp_ranges_minus(
	struct dp_ranges *out, const struct dp_ranges *left, const struct dp_ranges *right);

/** Number of addresses in a normal set. The size of the whole line does not fit: it is given as
 * DP_U128_MAX. */
dp_u128 dp_ranges_size(const struct dp_ranges *ranges);

/** The range of a normal set that holds a number, valid until the set changes; NULL: none does. */
const struct dp_range *dp_ranges_find(const struct dp_ranges *ranges, dp_u128 number);

/** Free a set's memory. The set is empty then and may be used again. */
void dp_ranges_free(struct dp_ranges *ranges);
