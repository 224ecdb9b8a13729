/* SPDX-License-Identifier: BSD-3-Clause */
/* The token bucket keeps its word in virtual time, whatever the rhythm of the calls. */
#include "dataplane/rate.h"

#include "tap.h"

#define HZ    UINT64_C(2500000000)
#define START (UINT64_MAX / 3)

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Polls at uneven intervals, all shorter than the bucket is deep. */
static void test_long_run(double pps)
{
	struct dp_rate rate;
	uint64_t now = START, granted = 0, random = 1;
	uint64_t max_gap = (uint64_t)((double)HZ * 30 / pps);
	double seconds, want;

	dp_rate_init(&rate, pps, HZ, now);
	for (unsigned int i = 0; i < 200000; i++) {
		now += next_random(&random) % max_gap;
		granted += dp_rate_take(&rate, now, DP_RATE_BURST);
	}
	seconds = (double)(now - START) / (double)HZ;
	want = seconds * pps;
	tap_ok((double)granted >= want - DP_RATE_BURST && (double)granted <= want + 1.5,
		"%g packets a second over %.0f s of uneven polling: the schedule to within a burst",
		pps, seconds);
}

/* Any window: the difference of cumulative grants and cumulative rate moves by no more than a
 * burst. */
static void test_any_window(void)
{
	struct dp_rate rate;
	uint64_t now = START, granted = 0, random = 7;
	double pps = 123456.789, low = 0, high = 0, worst_window = 0;

	dp_rate_init(&rate, pps, HZ, now);
	for (unsigned int i = 0; i < 500000; i++) {
		double ahead;

		/* Now and then a stall far longer than the bucket is deep. */
		now += next_random(&random) % (i % 1000 == 0 ? 100000000 : 500000);
		granted += dp_rate_take(&rate, now, 1 + (uint32_t)(next_random(&random) % 40));
		ahead = (double)granted - (double)(now - START) / (double)HZ * pps;
		low = ahead < low ? ahead : low;
		high = ahead;
		worst_window = high - low > worst_window ? high - low : worst_window;
	}
	tap_ok(worst_window <= DP_RATE_BURST + 1,
		"no window holds more than its time is worth and one burst (%.2f)", worst_window);
	tap_ok(rate.n_lost > 0, "what stalls lost is counted, not caught up");
}

static void test_suspension(void)
{
	struct dp_rate rate;
	uint32_t first, second;

	dp_rate_init(&rate, 1e6, HZ, START);
	first = dp_rate_take(&rate, START + 3600 * HZ, 1000);
	second = dp_rate_take(&rate, START + 3600 * HZ, 1000);
	tap_eq(first, DP_RATE_BURST, "after an hour of sleep one burst may go");
	tap_eq(second, 0, "and not a packet more at that moment");
	tap_eq(dp_rate_take(&rate, START + 3600 * HZ + 2500, 1000), 1,
		"from then on it is the schedule again");
}

static void test_slow(void)
{
	struct dp_rate rate;

	dp_rate_init(&rate, 0.001, HZ, START);
	tap_eq(dp_rate_take(&rate, START, 32), 1, "one packet in 1,000 s: the first goes at once");
	tap_eq(dp_rate_take(&rate, START + 999 * HZ, 32), 0, "the second not before its time");
	tap_eq(dp_rate_take(&rate, START + 1001 * HZ, 32), 1, "a second later it is due");
}

static void test_live_change(void)
{
	struct dp_rate rate;
	uint64_t now = START, granted = 0;

	dp_rate_init(&rate, 1000, HZ, now);
	for (unsigned int ms = 0; ms < 2000; ms++) {
		if (ms == 1000)
			dp_rate_set(&rate, 5000, now);
		now += HZ / 1000;
		granted += dp_rate_take(&rate, now, 32);
	}
	tap_ok(granted >= 5999 && granted <= 6001,
		"a second at 1,000 and one at 5,000 make 6,000 (%" PRIu64 ")", granted);
	dp_rate_set(&rate, 0, now);
	tap_eq(dp_rate_take(&rate, now, 1000), DP_RATE_BURST,
		"no limit: every call may send a burst");
	tap_eq(dp_rate_take(&rate, now, 1000), DP_RATE_BURST, "and the next one too");
}

static void test_return(void)
{
	struct dp_rate rate;

	dp_rate_init(&rate, 1000, HZ, START);
	tap_eq(dp_rate_take(&rate, START + HZ / 100 + 10, 32), 11, "ten earned and the first");
	dp_rate_return(&rate, 4);
	tap_eq(dp_rate_take(&rate, START + HZ / 100 + 10, 32), 4,
		"what was not used can be had again");
	dp_rate_return(&rate, 4);
	tap_eq(dp_rate_take(&rate, START + HZ, 64), DP_RATE_BURST,
		"and never makes more than a burst");
}

static void test_clock(void)
{
	struct dp_rate rate;

	dp_rate_init(&rate, 1e6, HZ, START);
	dp_rate_take(&rate, START, 32);
	tap_eq(dp_rate_take(&rate, START - 1000000, 32), 0,
		"a clock that runs backwards grants nothing");
	tap_eq(dp_rate_take(&rate, START + 2500 * 4, 32), 4, "and takes nothing away");
	tap_eq((int64_t)rate.n_lost, 0, "nothing was lost on the way");
}

int main(void)
{
	test_long_run(0.5);
	test_long_run(1000);
	test_long_run(33333.3);
	test_long_run(14880952);
	test_long_run(148809523);
	test_any_window();
	test_suspension();
	test_slow();
	test_live_change();
	test_return();
	test_clock();
	return tap_done();
}
