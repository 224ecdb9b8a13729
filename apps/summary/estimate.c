/* SPDX-License-Identifier: BSD-3-Clause */
#include "estimate.h"

#include <math.h>
#include <stdio.h>

/* The 97.5 % point of the normal distribution. */
#define Z 1.959963984540054

#define MAX_DIGITS 5

struct su_estimate_share su_estimate_share_of(uint64_t k, uint64_t n)
{
	struct su_estimate_share s = {
		.k = k < n ? k : n, .n = n, .share = NAN, .low = 0, .high = 1};
	double trials = (double)n, middle, half, scale = 1 + Z * Z / trials;

	if (n == 0)
		return s;
	s.share = (double)s.k / trials;
	middle = (s.share + Z * Z / (2 * trials)) / scale;
	half = Z * sqrt(s.share * (1 - s.share) / trials + Z * Z / (4 * trials * trials)) / scale;
	/* For k = 0 and k = n the interval ends exactly at 0 and 1: no rounding here. */
	s.low = s.k == 0 ? 0 : middle - half;
	s.high = s.k == n ? 1 : middle + half;
	return s;
}

struct su_estimate_share su_estimate_complement(struct su_estimate_share share)
{
	return su_estimate_share_of(share.n - share.k, share.n);
}

struct su_estimate_loss su_estimate_loss_of(uint64_t n_first, uint64_t n_second, uint64_t n_both)
{
	return (struct su_estimate_loss){
		.missed = su_estimate_complement(su_estimate_share_of(n_both, n_second)),
		.single = su_estimate_complement(su_estimate_share_of(n_both, n_first)),
	};
}

/* Digits after the point, down to the first digit of half the interval: more are not known. */
static int digits_of(struct su_estimate_share share)
{
	double half = 100 * (share.high - share.low) / 2;
	int digits = half > 0 ? -(int)floor(log10(half)) : 0;

	if (digits < 0)
		return 0;
	return digits < MAX_DIGITS ? digits : MAX_DIGITS;
}

void su_estimate_print(struct su_estimate_share share, char text[SU_ESTIMATE_TEXT_LEN])
{
	int digits = digits_of(share);

	if (share.n == 0)
		snprintf(text, SU_ESTIMATE_TEXT_LEN, "unknown");
	else
		snprintf(text, SU_ESTIMATE_TEXT_LEN, "%.*f %% (%.*f-%.*f %%)", digits,
			100 * share.share, digits, 100 * share.low, digits, 100 * share.high);
}
