/* SPDX-License-Identifier: BSD-3-Clause */
/* Sets of addresses as sorted ranges, over the 128-bit number line that holds both families. */
#pragma once

#include "perm.h"
#include "tcpstack/packet/addr.h"

/* IPv4 lives in ::ffff:0:0/96 of the line (see tcpstack/packet/addr.h). */
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

static inline dp_u128 dp_number_from_addr(const struct ts_addr *addr)
{
	uint64_t half[2];

	memcpy(half, addr->b, sizeof(half));
	return (dp_u128)__builtin_bswap64(half[0]) << 64 | __builtin_bswap64(half[1]);
}

static inline struct ts_addr dp_addr_from_number(dp_u128 number)
{
	uint64_t half[2] = {
		__builtin_bswap64((uint64_t)(number >> 64)), __builtin_bswap64((uint64_t)number)};
	struct ts_addr addr;

	memcpy(addr.b, half, sizeof(half));
	return addr;
}

static inline bool dp_number_is_v4(dp_u128 number)
{
	return number >> 32 == 0xffff;
}

/** Does a range that begins at next go on where one that ends at last has ended? The families touch
 * on the line, but are no neighbours: one range of both could not be written in any list. */
static inline bool dp_ranges_touch(dp_u128 last, dp_u128 next)
{
	return last != DP_U128_MAX && next == last + 1 && next != DP_V4_FIRST && last != DP_V4_LAST;
}

/** Make room for cap ranges in all. 0 or -ENOMEM. */
int dp_ranges_reserve(struct dp_ranges *ranges, size_t cap);

/** Append a range in any order, overlaps included. 0 or -ENOMEM. */
int dp_ranges_push(struct dp_ranges *ranges, struct dp_range range);

/** Sort, and join what overlaps or touches: from then on the set is normal. Each range is of one
 * family still. */
void dp_ranges_normalize(struct dp_ranges *ranges);

/** Take a normal set away from a normal set, which stays normal. 0 or -ENOMEM (then nothing has
 * changed). */
int dp_ranges_subtract(struct dp_ranges *ranges, const struct dp_ranges *minus);

/** Add a normal set to a normal set, which stays normal. 0 or -ENOMEM (then nothing has
 * changed). */
int dp_ranges_add(struct dp_ranges *ranges, const struct dp_ranges *more);

/** What is in either of two normal sets. @param out  out: a new normal set. 0 or -ENOMEM. */
int dp_ranges_union(
	struct dp_ranges *out, const struct dp_ranges *left, const struct dp_ranges *right);

/** What is in both of two normal sets. @param out  out: a new normal set. 0 or -ENOMEM. */
int dp_ranges_intersect(
	struct dp_ranges *out, const struct dp_ranges *left, const struct dp_ranges *right);

/** What is in a normal set and not in another. @param out  out: a new normal set. 0 or -ENOMEM. */
int dp_ranges_minus(
	struct dp_ranges *out, const struct dp_ranges *left, const struct dp_ranges *right);

/** Addresses in a normal set; DP_U128_MAX for the one set whose size does not fit, the whole line.
 */
dp_u128 dp_ranges_size(const struct dp_ranges *ranges);

/** The range of a normal set that holds a number, or NULL. */
const struct dp_range *dp_ranges_find(const struct dp_ranges *ranges, dp_u128 number);

void dp_ranges_free(struct dp_ranges *ranges);
