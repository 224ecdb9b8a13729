/* SPDX-License-Identifier: BSD-3-Clause */
/* Shares and their intervals: published values, the ends, nothing at all; and that the intervals
 * hold what they promise. */
#include "apps/summary/estimate.h"

#include <math.h>

#include "tap.h"

/* R. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3. */
static void test_published(void)
{
	static const struct {
		uint64_t k, n;
		double low, high;
	} cases[] = {
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0, 0.1611},
		{1, 29, 0.0061, 0.1718},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct su_estimate_share s = su_estimate_share_of(cases[i].k, cases[i].n);

		tap_ok(fabs(s.low - cases[i].low) < 5e-5 && fabs(s.high - cases[i].high) < 5e-5,
			"%" PRIu64 " of %" PRIu64 ": the interval is %.4f-%.4f, as published",
			cases[i].k, cases[i].n, s.low, s.high);
	}
}

static void test_ends(void)
{
	struct su_estimate_share none = su_estimate_share_of(0, 0),
				 zero = su_estimate_share_of(0, 10),
				 all = su_estimate_share_of(10, 10),
				 over = su_estimate_share_of(11, 10),
				 large = su_estimate_share_of(1, UINT64_C(1) << 62);

	tap_ok(isnan(none.share) && none.low == 0 && none.high == 1,
		"a share of nothing is unknown, and its interval is from 0 to 1");
	tap_ok(!su_estimate_is_enough(none) &&
			!su_estimate_is_enough(su_estimate_share_of(0, SU_ESTIMATE_ENOUGH - 1)) &&
			su_estimate_is_enough(su_estimate_share_of(0, SU_ESTIMATE_ENOUGH)),
		"an estimate of EST_ENOUGH observations is enough, one of fewer is not");
	tap_ok(zero.share == 0 && zero.low == 0 && zero.high > 0.27 && zero.high < 0.28,
		"the interval of none of ten goes from 0 exactly to 28 %%");
	tap_ok(all.share == 1 && all.high == 1 && all.low > 0.72 && all.low < 0.73,
		"the interval of all of ten goes from 72 %% to 1 exactly");
	tap_ok(over.share == 1 && over.k == 10, "a share of more than all is counted as all");
	tap_ok(large.low >= 0 && large.low < large.share && large.share < large.high,
		"the share of one of 2^62 lies inside its interval");
	tap_ok(su_estimate_complement(zero).share == 1 &&
			su_estimate_complement(su_estimate_share_of(3, 10)).k == 7,
		"the complement of a share counts those that the share does not");
	tap_ok(isnan(su_estimate_complement(none).share), "the complement of nothing is unknown");
}

static void test_loss(void)
{
	struct su_estimate_loss loss = su_estimate_loss_of(980, 981, 960);

	tap_ok(loss.missed.k == 21 && loss.missed.n == 981, "21 of 981 were missed by the scan");
	tap_ok(loss.single.k == 20 && loss.single.n == 980,
		"20 of 980 targets were missed by the second probe alone");
	loss = su_estimate_loss_of(0, 0, 0);
	tap_ok(isnan(loss.missed.share) && isnan(loss.single.share),
		"the loss of a scan without answers is unknown");
	loss = su_estimate_loss_of(5, 0, 0);
	tap_ok(isnan(loss.missed.share) && loss.single.share == 1,
		"the second probes found nothing: a single one misses all, the scan is unknown");
}

static void want_text(uint64_t k, uint64_t n, const char *want)
{
	char text[SU_ESTIMATE_TEXT_LEN];

	su_estimate_print(su_estimate_share_of(k, n), text);
	tap_about("the share of %" PRIu64 " of %" PRIu64, k, n);
	tap_str(text, want, "it is printed with the digits that its interval allows");
	tap_about(NULL);
}

static void test_print(void)
{
	want_text(0, 0, "unknown");
	want_text(19, 1000, "1.9 % (1.2-2.9 %)");
	want_text(1900, 100000, "1.90 % (1.82-1.99 %)");
	want_text(0, 4096, "0.00 % (0.00-0.09 %)");
	want_text(50, 100, "50 % (40-60 %)");
	want_text(700, 1000000, "0.070 % (0.065-0.075 %)");
	want_text(UINT64_C(1) << 40, UINT64_C(1) << 41, "50.00000 % (49.99993-50.00007 %)");
}

/* Draw samples of a known share and see how often its interval holds it. */
static void test_coverage(void)
{
	static const double truths[] = {0.001, 0.02, 0.5};
	uint64_t state = 20240229;

	for (size_t t = 0; t < sizeof(truths) / sizeof(truths[0]); t++) {
		unsigned int held = 0, rounds = 2000;

		for (unsigned int r = 0; r < rounds; r++) {
			struct su_estimate_share s;
			uint64_t k = 0;

			for (unsigned int i = 0; i < 1000; i++) {
				state = state * UINT64_C(6364136223846793005) +
					UINT64_C(1442695040888963407);
				k += (double)(state >> 11) / 9007199254740992.0 < truths[t];
			}
			s = su_estimate_share_of(k, 1000);
			held += s.low <= truths[t] && truths[t] <= s.high;
		}
		tap_ok(held > rounds * 92 / 100, "a share of %g lies in %.1f %% of the intervals",
			truths[t], 100.0 * held / rounds);
	}
}

int main(void)
{
	test_published();
	test_ends();
	test_loss();
	test_print();
	test_coverage();
	return tap_done();
}
