/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A scan visits (address, port) pairs in an order in which no network sees a burst. Two questions
 * about that order must be plain arithmetic: which pair has index i (shards, retries, resume after
 * a crash), and which index has this pair. So the order is a bijection of [0, n) that can be
 * computed at any point in both directions, and n is exactly the number of pairs.
 *
 * The usual ways lack one of these. A walk through a multiplicative group mod p (ZMap) is a chain:
 * the element at index i costs an exponentiation, values above n are skipped, and for p above 2^32
 * a product needs 128 bits. If a program keeps only 64 of them, its walk is no permutation. A
 * Feistel network over the next power of two drops up to half of its outputs, and the branch that
 * does so is often mispredicted.
 *
 * Here the index is written as two digits of nearly equal size, and a Feistel network adds to each
 * digit in turn a keyed function of the other:
 *
 *     index = left * b + right         left in [0, a), right in [0, b)
 *                                      a = ceil(sqrt n), b = ceil(n / a)
 *
 *     left  ──── + mod a ────────●──────── ...        4 or 6 rounds, half of them for each digit
 *                  ▲             │
 *                  F0            F1
 *                  │             ▼
 *     right ───────●───────── + mod b ──── ...
 *
 * A round changes one digit by an amount that depends only on the other one. Subtracting the same
 * amount undoes it. So each round is a bijection of [0, a*b) whatever F is, and so is their
 * sequence. The domain exceeds n by a*b - n < a, which is less than one part in sqrt(n). An output
 * in that margin is sent through again (cycle walking). A cycle of a bijection that starts below n
 * comes back below n, at the latest where it started. The result is a bijection of [0, n). For all
 * of IPv4 one index in 60,000 takes a second pass; for small n an index takes at most two passes on
 * average.
 *
 * Nothing overflows: n < 2^63, so a, b < 2^32 and a*b < n + a < 2^64; digit + F < 2^33.
 *
 * F maps a digit to [0, size): a keyed multiply and add, then the high half folded onto the low
 * one, a second multiply, and a third that scales the upper 32 bits to the size without a division.
 * One multiplication alone is linear: neighbours would differ by the same step in each round, and
 * the scan order would show stripes. The fold between two multiplications breaks that. Theory asks
 * for four rounds of a good F (Luby and Rackoff), and from n = 2^24 on four pass every test here.
 * The digits of a smaller n have few values. With four rounds the steps between neighbours are
 * visibly uneven at 2^20, so a smaller n takes six rounds. This is no cipher and need not be one:
 * the order of a scan is no secret. The key of the cookies is a secret and never comes from this
 * seed.
 */
#include "perm.h"

#include <assert.h>

/* 2^64 divided by the golden ratio, and the fractional part of sqrt(3): odd, with no pattern in
 * their bits. */
#define GOLDEN 0x9e3779b97f4a7c15u
#define ROOT_3 0xbb67ae8584caa73bu

/* Indices that dp_perm_get_many() works on together. */
#define AT_ONCE 64

#define FEW_ROUNDS_FROM (UINT64_C(1) << 24)

/* splitmix64 (Steele, Lea, Flood 2014): turns any seed, 0 and 1 included, into a sequence of
 * unrelated numbers. */
static uint64_t next_word(uint64_t *state)
{
	uint64_t z = *state += GOLDEN;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* Smallest a with a * a >= n. */
static uint64_t root_ceil(uint64_t n)
{
	uint64_t root = 0;

	for (uint64_t bit = UINT64_C(1) << 31; bit != 0; bit >>= 1)
		if ((root + bit) * (root + bit) < n)
			root += bit;
	return root + 1;
}

static inline uint64_t round_amount(
	const struct dp_perm_round *round, uint64_t digit, uint64_t size)
{
	uint64_t h = digit * round->multiplier + round->addend;

	h = (h ^ (h >> 32)) * ROOT_3;
	return ((h >> 32) * size) >> 32;
}

/* Both operands are below size. */
static inline uint64_t add_mod(uint64_t x, uint64_t y, uint64_t size)
{
	uint64_t sum = x + y;

	return sum >= size ? sum - size : sum;
}

static inline uint64_t sub_mod(uint64_t x, uint64_t y, uint64_t size)
{
	return x >= y ? x - y : x + size - y;
}

void dp_perm_init(struct dp_perm *perm, uint64_t n, uint64_t seed)
{
	assert(n >= 1 && n <= DP_PERM_MAX_N);
	perm->n = n;
	perm->n_left = root_ceil(n);
	perm->n_right = dp_divisor_make((n + perm->n_left - 1) / perm->n_left);
	perm->n_rounds = n < FEW_ROUNDS_FROM ? DP_PERM_MAX_ROUNDS : 4;
	for (unsigned int i = 0; i < DP_PERM_MAX_ROUNDS; i++) {
		perm->rounds[i].multiplier = next_word(&seed) | 1;
		perm->rounds[i].addend = next_word(&seed);
	}
}

/* The digits of some indices. */
struct digits {
	uint64_t left[AT_ONCE], right[AT_ONCE];
};

/* One pass through the network. Callers that are hot give n_rounds as a constant. */
static inline uint64_t pass(
	const struct dp_perm *perm, uint64_t left, uint64_t right, unsigned int n_rounds)
{
	const uint64_t a = perm->n_left, b = perm->n_right.by;

	for (unsigned int i = 0; i < n_rounds; i += 2) {
		left = add_mod(left, round_amount(&perm->rounds[i], right, a), a);
		right = add_mod(right, round_amount(&perm->rounds[i + 1], left, b), b);
	}
	return left * b + right;
}

uint64_t dp_perm_get(const struct dp_perm *perm, uint64_t index)
{
	do {
		uint64_t right, left = dp_divide(perm->n_right, index, &right);

		index = pass(perm, left, right, perm->n_rounds);
	} while (__builtin_expect(index >= perm->n, 0));
	return index;
}

/* One pass for each of a few pairs of digits; outputs in the margin are left in it. */
static inline void pass_all(const struct dp_perm *perm, const struct digits *digits, size_t n,
	uint64_t *restrict values, unsigned int n_rounds)
{
	const struct dp_perm own = *perm; /* or the compiler assumes that values may overlap perm */

	for (size_t i = 0; i < n; i++)
		values[i] = pass(&own, digits->left[i], digits->right[i], n_rounds);
}

/* The indices are independent, so the processor works on several at a time. */
static inline void pass_each(
	const struct dp_perm *perm, const struct digits *digits, size_t n, uint64_t *values)
{
	if (perm->n_rounds == 4)
		pass_all(perm, digits, n, values, 4);
	else
		pass_all(perm, digits, n, values, DP_PERM_MAX_ROUNDS);
}

#ifdef __x86_64__
/* The same loops: the compiler puts eight indices into a register. */
__attribute__((target("avx512dq"))) static void pass_each_avx512(
	const struct dp_perm *perm, const struct digits *digits, size_t n, uint64_t *values)
{
	pass_each(perm, digits, n, values);
}
#endif

static void pass_some(
	const struct dp_perm *perm, const struct digits *digits, size_t n, uint64_t *values)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx512dq")) {
		pass_each_avx512(perm, digits, n, values);
		return;
	}
#endif
	pass_each(perm, digits, n, values);
}

void dp_perm_get_many(const struct dp_perm *perm, uint64_t first, uint64_t stride, size_t n_values,
	uint64_t *values)
{
	const uint64_t b = perm->n_right.by;
	uint64_t right, left = dp_divide(perm->n_right, first, &right);
	uint64_t step_right, step_left = dp_divide(perm->n_right, stride, &step_right);
	struct digits digits;

	for (size_t done = 0, n; done < n_values; done += n) {
		n = n_values - done < AT_ONCE ? n_values - done : AT_ONCE;
		/* The digits of the next index follow from those of this one by an addition with
		 * carry. */
		for (size_t i = 0; i < n; i++) {
			digits.left[i] = left;
			digits.right[i] = right;
			left += step_left;
			right += step_right;
			left += right >= b;
			right -= right >= b ? b : 0;
		}
		pass_some(perm, &digits, n, &values[done]);
		for (size_t i = done; i < done + n; i++) {
			if (__builtin_expect(values[i] >= perm->n, 0))
				values[i] = dp_perm_get(perm, values[i]);
		}
	}
}

uint64_t dp_perm_inverse(const struct dp_perm *perm, uint64_t value)
{
	const uint64_t a = perm->n_left, b = perm->n_right.by;
	uint64_t left, right;

	do {
		left = dp_divide(perm->n_right, value, &right);
		for (unsigned int i = perm->n_rounds; i > 0; i -= 2) {
			right = sub_mod(right, round_amount(&perm->rounds[i - 1], left, b), b);
			left = sub_mod(left, round_amount(&perm->rounds[i - 2], right, a), a);
		}
		value = left * b + right;
	} while (__builtin_expect(value >= perm->n, 0));
	return value;
}
