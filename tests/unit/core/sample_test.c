/* SPDX-License-Identifier: BSD-3-Clause */
/* Samples: one in each block, everywhere in bursts and on all cores, and found by stepping. */
#include "dataplane/core/sample.h"
#include "tap.h"

#define N     (1u << 20)
#define BURST 64

/* Stepping from sample to sample meets just those that are of it. */
static void test_next(uint32_t every)
{
	struct dp_sample sample = {.every = every, .salt = 1};
	uint64_t next = dp_sample_next(sample, 0), n = 0, n_wrong = 0;

	for (uint64_t i = 0; i < N; i++) {
		n_wrong += dp_sample_has(sample, i) != (i == next);
		n_wrong += dp_sample_next(sample, i) != next;
		if (i == next) {
			next = dp_sample_next(sample, i + 1);
			n++;
		}
	}
	tap_ok(n_wrong == 0,
		"a sample of one in %u: stepping meets what is in it, and nothing else", every);
	tap_ok(n == N / every || n == N / every + 1, "a sample of one in %u has one of each block",
		every);
}

/* Chi-squared over the places in a burst, or the cores, that samples fall on. */
static double unevenness(struct dp_sample sample, uint32_t n_places)
{
	uint32_t count[BURST] = {0};
	double n = 0, sum = 0;

	for (uint64_t i = dp_sample_next(sample, 0); i < N; i = dp_sample_next(sample, i + 1), n++)
		count[i % n_places]++;
	for (uint32_t p = 0; p < n_places; p++)
		sum += (count[p] - n / n_places) * (count[p] - n / n_places) / (n / n_places);
	return sum;
}

static void test_spread(struct dp_sample sample)
{
	/* 63 degrees of freedom: above 118 for one in 30,000; 1: above 17. */
	tap_ok(unevenness(sample, BURST) < 118,
		"a sample of one in %u with salt %u falls anywhere in a burst", sample.every,
		sample.salt);
	tap_ok(unevenness(sample, 2) < 17,
		"a sample of one in %u with salt %u falls on either of two cores", sample.every,
		sample.salt);
}

static void test_salt(void)
{
	struct dp_sample a = {.every = 256, .salt = 0}, b = {.every = 256, .salt = 1};
	uint32_t n_both = 0;

	for (uint64_t i = dp_sample_next(a, 0); i < N; i = dp_sample_next(a, i + 1))
		n_both += dp_sample_has(b, i);
	tap_ok(n_both < 64, "samples of different salt have their own places (%u of 4096 alike)",
		n_both);
}

int main(void)
{
	static const uint32_t lengths[] = {1, 2, 3, 61, 64, 256, 1000};

	for (uint32_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		test_next(lengths[i]);
	for (uint32_t salt = 0; salt < 2; salt++) {
		test_spread((struct dp_sample){64, salt});
		test_spread((struct dp_sample){256, salt});
	}
	test_salt();
	tap_ok(!dp_sample_has((struct dp_sample){0}, 0), "without a length nothing is sampled");
	return tap_done();
}
