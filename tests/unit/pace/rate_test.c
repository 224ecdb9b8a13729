/* SPDX-License-Identifier: BSD-3-Clause */
/* The token bucket keeps its word in virtual time, whatever the rhythm of the calls. */
#include "dataplane/pace/budget.h"

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
		"%g packets a second over %.0f s of uneven polling keep the schedule to within a "
		"burst",
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
	tap_eq(second, 0, "after an hour of sleep not a packet more than the burst may go");
	tap_eq(dp_rate_take(&rate, START + 3600 * HZ + 2500, 1000), 1,
		"after an hour of sleep and a burst the schedule holds again");
}

static void test_slow(void)
{
	struct dp_rate rate;

	dp_rate_init(&rate, 0.001, HZ, START);
	tap_eq(dp_rate_take(&rate, START, 32), 1, "one packet in 1,000 s: the first goes at once");
	tap_eq(dp_rate_take(&rate, START + 999 * HZ, 32), 0,
		"one packet in 1,000 s: the second does not go before its time");
	tap_eq(dp_rate_take(&rate, START + 1001 * HZ, 32), 1,
		"one packet in 1,000 s: the second is due after its time");
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
		"without a limit on the rate a call may send a whole burst");
	tap_eq(dp_rate_take(&rate, now, 1000), DP_RATE_BURST,
		"without a limit on the rate the next call may send a whole burst too");
}

/* Replies come when they come and are charged; probes take what is left. Over any window the probes
 * fit under the line, and over all the two together do. */
static void test_charges(double pps, uint32_t reply_max)
{
	struct dp_rate rate;
	uint64_t now = START, probes = 0, replies = 0, random = 11, n_stalls = 0;
	double low = 0, worst_window = 0, all, want, overdraft;

	dp_rate_init(&rate, pps, HZ, now);
	for (unsigned int i = 0; i < 300000; i++) {
		uint32_t n = next_random(&random) % 3 == 0
				     ? (uint32_t)(next_random(&random) % reply_max)
				     : 0;
		/* Now and then a stall in which the bucket fills up. */
		bool stall = i % 500 == 0;
		double ahead;

		now += next_random(&random) % (uint64_t)((double)HZ * (stall ? 2000 : 20) / pps);
		n_stalls += stall;
		dp_rate_look(&rate, now);
		dp_rate_charge(&rate, n);
		replies += n;
		ahead = (double)(probes + replies) - (double)(now - START) / (double)HZ * pps -
			(double)rate.n_forgiven;
		low = ahead < low ? ahead : low;
		n = dp_rate_take(&rate, now, DP_RATE_BURST);
		probes += n;
		/* Replies alone may go beyond; a window that ends with a probe may not. */
		if (n > 0 && ahead + n - low > worst_window)
			worst_window = ahead + n - low;
	}
	want = (double)(now - START) / (double)HZ * pps;
	all = (double)(probes + replies);
	tap_ok(worst_window <= DP_RATE_BURST + 1,
		"%g a second, replies charged: no window that a grant ends holds more (%.2f)", pps,
		worst_window);
	overdraft = rate.tokens < 0 ? -(double)rate.tokens : 0;
	tap_ok(all <= want + 1.5 + (double)rate.n_forgiven + overdraft &&
			all >= want - DP_RATE_BURST - (double)(rate.n_lost + n_stalls),
		"probes and replies together are the schedule (%.0f of %.0f)", all, want);
}

static void test_overdraft(void)
{
	struct dp_rate rate;

	dp_rate_init(&rate, 1000, HZ, START);
	dp_rate_charge(&rate, 101);
	tap_eq(dp_rate_take(&rate, START, 32), 0, "after a charge beyond what is there: nothing");
	tap_eq(dp_rate_take(&rate, START + HZ / 10, 32), 0,
		"after a charge beyond what is there nothing goes at the moment it is paid");
	tap_eq(dp_rate_take(&rate, START + HZ / 10 + HZ / 200 + 10, 32), 5,
		"after a charge that is paid packets go at the rate again");
	dp_rate_look(&rate, START + HZ);
	dp_rate_charge(&rate, 32 + 5000);
	tap_eq((int64_t)rate.n_forgiven, 4000,
		"an overdraft holds a second; what is beyond is counted");
	tap_eq(dp_rate_take(&rate, START + 2 * HZ, 32), 0, "a second pays the largest overdraft");
	tap_eq(dp_rate_take(&rate, START + 2 * HZ + HZ / 500 + 10, 32), 2,
		"a second pays no more than the largest overdraft");
	dp_rate_charge(&rate, 500);
	dp_rate_set(&rate, 100, START + 2 * HZ + HZ / 500 + 10);
	tap_eq(rate.tokens, -100, "at a lower rate the overdraft is a second of that");
	tap_eq((int64_t)rate.n_forgiven, 4400,
		"an overdraft beyond a second is counted as forgiven");
}

static void test_slow_overdraft(void)
{
	struct dp_rate rate;

	dp_rate_init(&rate, 0.5, HZ, START);
	dp_rate_charge(&rate, 3);
	tap_eq(dp_rate_take(&rate, START + 3 * HZ, 32), 0,
		"below one a second an overdraft is kept too");
	tap_eq(dp_rate_take(&rate, START + 6 * HZ + 1000, 32), 1,
		"an overdraft below one a second is paid in its time");
}

static void test_rest(void)
{
	struct dp_rate rate;

	dp_rate_init(&rate, 1000, HZ, START);
	dp_rate_rest(&rate, START + 10 * HZ);
	tap_eq((int64_t)rate.n_lost, 0, "a rest of the prober loses nothing");
	tap_eq(dp_rate_take(&rate, START + 10 * HZ, 64), DP_RATE_BURST,
		"a rest earns a burst at most");
}

/* Probes of 84 bytes and replies of any size, against a limit in bits, one in packets, or both. */
static void test_budget(double pps, double bps)
{
	struct dp_budget budget;
	const uint32_t probe = dp_wire_len(58);
	uint64_t now = START, random = 5, n_frames = 0, n_bytes = 0;
	double seconds, forgiven, frames_left, bytes_left;
	bool in_time = true;

	dp_budget_init(&budget, pps, bps, 58, HZ, now);
	for (unsigned int i = 0; i < 200000; i++) {
		uint32_t n;

		now += next_random(&random) % (HZ / 20000);
		if (next_random(&random) % 8 == 0) {
			n_frames++;
			n_bytes += dp_wire_len((uint32_t)(next_random(&random) % 500));
		}
		n = dp_budget_probes(&budget, now, n_frames, n_bytes);
		in_time &= n <= DP_RATE_BURST;
		n_frames += n;
		n_bytes += (uint64_t)n * probe;
		dp_budget_sent(&budget, n_frames, n_bytes);
		seconds = (double)(now - START) / (double)HZ;
		forgiven = (double)(budget.frames.n_forgiven + budget.bytes.n_forgiven);
		if (n > 0 && pps > 0)
			in_time &= (double)n_frames <= seconds * pps + 33 + forgiven;
		if (n > 0 && bps > 0)
			in_time &= (double)n_bytes <= seconds * bps / 8 + 33 * probe + forgiven;
	}
	tap_ok(in_time, "%g packets and %g bits a second: neither is passed at any moment", pps,
		bps);
	frames_left = pps > 0 ? (seconds * pps - (double)n_frames) / (seconds * pps) : 1;
	bytes_left = bps > 0 ? (seconds * bps - (double)n_bytes * 8) / (seconds * bps) : 1;
	tap_ok(frames_left < 0.01 || bytes_left < 0.01,
		"the stricter of two limits is used up (%.4f, %.4f left)", frames_left, bytes_left);
}

static void test_wire_lengths(void)
{
	struct dp_budget budget;

	tap_eq(dp_wire_len(54), 84, "the smallest frame takes 84 bytes on the wire");
	tap_eq(dp_wire_len(1514), 1538, "the largest frame takes 1,538 bytes on the wire");
	/* 10 Mbit/s of smallest frames: 14,880.95 a second. */
	dp_budget_init(&budget, 0, 10e6, 58, HZ, START);
	tap_eq(dp_budget_probes(&budget, START, 0, 0), 1,
		"a limit in bits: the first goes at once");
	tap_eq(dp_budget_probes(&budget, START + HZ / 1000, 1, 84), 14,
		"10 Mbit/s allow 14 probes in the first millisecond");
	dp_budget_sent(&budget, 15, 15 * 84);
	dp_budget_set(&budget, 0, 20e6, START + HZ / 1000);
	tap_eq(dp_budget_probes(&budget, START + 2 * HZ / 1000, 15, 15 * 84), 30,
		"20 Mbit/s from there: 29.76 and what was left");
	dp_budget_init(&budget, 0, 100e9, 58, HZ, START);
	tap_eq(dp_budget_probes(&budget, START + 10, 0, 0), 1, "100 Gbit/s are 5 bytes a tick");
	tap_eq(dp_budget_probes(&budget, START + 10 + 168, 1, 84), 10,
		"a probe in 16.8 ticks: more than a token a tick is no longer no limit");
	dp_budget_init(&budget, 0, 0, 58, HZ, START);
	tap_ok(!budget.limited, "a rate without a limit is known as such");
}

static void test_clock(void)
{
	struct dp_rate rate;

	dp_rate_init(&rate, 1e6, HZ, START);
	dp_rate_take(&rate, START, 32);
	tap_eq(dp_rate_take(&rate, START - 1000000, 32), 0,
		"a clock that runs backwards grants nothing");
	tap_eq(dp_rate_take(&rate, START + 2500 * 4, 32), 4,
		"a clock that runs backwards takes nothing away");
	tap_eq((int64_t)rate.n_lost, 0, "a clock that runs backwards loses no token");
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
	test_charges(1000, 4);
	test_charges(123456.789, 40);
	test_charges(14880952, 24);
	test_charges(14880952, 64);
	test_overdraft();
	test_slow_overdraft();
	test_rest();
	test_budget(50000, 0);
	test_budget(0, 30e6);
	test_budget(50000, 30e6);
	test_budget(20000, 1e9);
	test_wire_lengths();
	test_clock();
	return tap_done();
}
