/* SPDX-License-Identifier: BSD-3-Clause */
/* The histogram of loop times: every duration falls into the bucket that holds it, and what is read
 * out is at most an eighth too long. */
#include "dataplane/core/loop_time.h"

#include "tap.h"

static struct dp_loop_times times;

/* One turn of this length, then a sleep. */
static void turn(uint64_t ticks, bool worked)
{
	dp_loop_turn(&times, 1000, false);
	dp_loop_turn(&times, 1000 + ticks, worked);
	dp_loop_sleep(&times);
}

static uint64_t quantile(double share)
{
	const struct dp_loop_times *one = &times;

	return dp_loop_quantile(&one, 1, share);
}

static void test_buckets(void)
{
	unsigned int wrong = 0, unordered = 0;
	uint32_t last = 0;

	for (uint64_t ticks = 0; ticks < (UINT64_C(1) << 40); ticks += 1 + ticks / 37) {
		const struct dp_loop_times *one = &times;
		uint32_t bucket = dp_loop_bucket(ticks);
		uint64_t end;

		unordered += bucket < last;
		last = bucket;
		memset(&times, 0, sizeof(times));
		turn(ticks, true);
		turn(UINT64_C(1) << 41, false);
		end = dp_loop_quantile(&one, 1, 1);
		wrong += end < ticks || end > ticks + ticks / DP_LOOP_SUB;
	}
	tap_eq(wrong, 0, "a time is read back at most an eighth longer, and never shorter");
	tap_eq(unordered, 0, "longer loop times are in later buckets");
	tap_eq(dp_loop_bucket(UINT64_MAX), DP_LOOP_BUCKETS - 1,
		"the longest loop time has a bucket");
}

static void test_quantiles(void)
{
	const struct dp_loop_times *two[2] = {&times, &times};

	memset(&times, 0, sizeof(times));
	tap_eq((int64_t)quantile(0.999), 0, "a turn of the loop takes some time");
	for (int i = 0; i < 998; i++)
		turn(100, true);
	turn(5000, true);
	turn(90000, true);
	tap_eq((int64_t)quantile(0.5), 103,
		"the median of the loop times is that of the short turns");
	tap_ok(quantile(0.999) >= 5000 && quantile(0.999) < 5000 * 9 / 8,
		"one turn in a thousand was longer than p99.9");
	tap_eq((int64_t)quantile(1), 90000, "no quantile is above the maximum");
	tap_ok(dp_loop_quantile(two, 2, 0.999) == quantile(0.999) && dp_loop_max(two, 2) == 90000,
		"two cores with the same loop times have those of one");
}

static void test_turns(void)
{
	memset(&times, 0, sizeof(times));
	dp_loop_turn(&times, 1000, true);
	dp_loop_turn(&times, 1100, true);
	dp_loop_sleep(&times);
	dp_loop_turn(&times, 999999, true);
	tap_eq((int64_t)dp_loop_max(&(const struct dp_loop_times *){&times}, 1), 100,
		"a sleep is no part of a turn");
	dp_loop_turn(&times, 1999999, false);
	tap_eq((int64_t)dp_loop_max(&(const struct dp_loop_times *){&times}, 1), 1000000,
		"a long turn without work is seen in the maximum");
	tap_eq((int64_t)quantile(1), 103, "a long turn without work is not in the histogram");
}

int main(void)
{
	test_buckets();
	test_quantiles();
	test_turns();
	return tap_done();
}
