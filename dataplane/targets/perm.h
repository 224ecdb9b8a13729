/* SPDX-License-Identifier: BSD-3-Clause */
/* A keyed bijection of [0, n) with random access in both directions: the order of a scan. Pure; any
 * thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define DP_PERM_MAX_ROUNDS 6
#define DP_PERM_MAX_N	   ((uint64_t)INT64_MAX)

__extension__ typedef unsigned __int128 dp_u128;

/* Division by a number that stays the same: one multiplication instead of 40 to 90 cycles. */
struct dp_divisor {
	uint64_t by, reciprocal;
};

/** Prepare division by a number, which is above 0. */
static inline struct dp_divisor dp_divisor_make(uint64_t by)
{
	return (struct dp_divisor){.by = by, .reciprocal = UINT64_MAX / by};
}

/**
 * Divide exactly.
 *
 * reciprocal = 2^64 / by - e with 0 < e <= 1. So for value < 2^64 the product falls short of
 * value / by by less than 1, and its floor by at most 1. One correction makes the quotient exact.
 * @param d      in: of dp_divisor_make()
 * @param value  in: any
 * @param rest   out: value modulo d.by
 * @return the quotient
 */
static inline uint64_t dp_divide(struct dp_divisor d, uint64_t value, uint64_t *rest)
{
	uint64_t quotient = (uint64_t)(((dp_u128)value * d.reciprocal) >> 64);
	uint64_t left = value - quotient * d.by;
	uint64_t more = left >= d.by;

	*rest = left - (d.by & -more);
	return quotient + more;
}

struct dp_perm_round {
	uint64_t multiplier, addend;
};

/* Read-only after dp_perm_init(): any number of threads may map at once. */
struct dp_perm {
	uint64_t n;
	uint64_t n_left;	   /* a = ceil(sqrt(n)) */
	struct dp_divisor n_right; /* b = ceil(n / a); a * b - n < a */
	unsigned int n_rounds;	   /* even */
	struct dp_perm_round rounds[DP_PERM_MAX_ROUNDS];
};

/**
 * Choose a permutation.
 * @param perm  out
 * @param n     in: 1..DP_PERM_MAX_N
 * @param seed  in: any value; the same n and seed give the same permutation on every machine and in
 *              every version
 */
void dp_perm_init(struct dp_perm *perm, uint64_t n, uint64_t seed);

/** The value at an index below n. */
uint64_t dp_perm_get(const struct dp_perm *perm, uint64_t index);

/**
 * The values at several indices that lie stride apart: as dp_perm_get() of each, in half the time.
 * @param perm      in
 * @param first     in: the first index; the last one, first + (n_values - 1) * stride, is below n
 * @param stride    in: 1..n
 * @param n_values  in: how many; 0 is allowed
 * @param values    out: n_values of them
 */
void dp_perm_get_many(const struct dp_perm *perm, uint64_t first, uint64_t stride, size_t n_values,
	uint64_t *values);

/** The index of a value below n: dp_perm_inverse(p, dp_perm_get(p, i)) == i. */
uint64_t dp_perm_inverse(const struct dp_perm *perm, uint64_t value);
