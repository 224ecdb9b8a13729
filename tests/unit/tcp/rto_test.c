/* SPDX-License-Identifier: BSD-3-Clause */
/* RFC 6298 by its own numbers. */
#include "tcpstack/tcp/rto.h"

#include "tap.h"
#include "tcpstack/tcp/seq.h"

static const struct ts_rtt_limits limits = {
	.min_us = 1000,
	.max_us = 60000000,
	.granularity_us = 10000,
};

static void test_samples(void)
{
	struct ts_rtt rtt = {.rto_us = 1000000};

	ts_rtt_sample(&rtt, 100000, &limits);
	tap_ok(rtt.srtt_us == 100000 && rtt.rttvar_us == 50000,
		"RFC 6298 2.2: the first sample R sets SRTT to R and RTTVAR to R/2");
	tap_eq(rtt.rto_us, 300000, "2.2: RTO = SRTT + 4 * RTTVAR");
	ts_rtt_sample(&rtt, 180000, &limits);
	tap_eq(rtt.rttvar_us, 57500, "2.3: RTTVAR = 3/4 * 50,000 + 1/4 * |100,000 - 180,000|");
	tap_eq(rtt.srtt_us, 110000, "2.3: SRTT = 7/8 * 100,000 + 1/8 * 180,000");
	tap_eq(rtt.rto_us, 340000, "RFC 6298 2.3: the RTO follows from both");
	for (int i = 0; i < 100; i++)
		ts_rtt_sample(&rtt, 50000, &limits);
	tap_ok(rtt.srtt_us >= 50000 && rtt.srtt_us < 50010,
		"the smoothed RTT approaches a steady round trip");
	tap_eq(rtt.rto_us - rtt.srtt_us, 10000,
		"RFC 6298 2.3: the spread is one clock tick at least");
}

static void test_limits(void)
{
	struct ts_rtt rtt = {.rto_us = 1000000};
	struct ts_rtt_limits floor = {.min_us = 300000, .max_us = 4000000, .granularity_us = 1};

	ts_rtt_sample(&rtt, 1000, &floor);
	tap_eq(rtt.rto_us, 300000, "RFC 6298 2.4: the RTO does not fall below the minimum");
	ts_rtt_back_off(&rtt, &floor);
	tap_eq(rtt.rto_us, 600000, "RFC 6298 5.5: the RTO is doubled when it expires");
	for (int i = 0; i < 40; i++)
		ts_rtt_back_off(&rtt, &floor);
	tap_eq(rtt.rto_us, 4000000,
		"RFC 6298 2.5: the RTO is doubled up to the maximum, without overflow");
	ts_rtt_sample(&rtt, 2000, &floor);
	tap_eq(rtt.rto_us, 300000, "Karn: a new sample ends the back-off");
	rtt = (struct ts_rtt){.rto_us = 1000000};
	ts_rtt_sample(&rtt, 0, &floor);
	tap_eq(rtt.srtt_us, 1, "a round trip of 0 microseconds counts as 1");
	ts_rtt_sample(&rtt, UINT32_MAX, &floor);
	tap_eq(rtt.rto_us, 4000000, "an absurd RTT sample is capped");
}

static void test_seq(void)
{
	tap_ok(ts_seq_lt(UINT32_MAX, 0) && !ts_seq_lt(0, UINT32_MAX),
		"the order of sequence numbers holds across the wrap");
	tap_ok(!ts_seq_lt(5, 5) && ts_seq_leq(5, 5), "equal is not before, but at or before");
	tap_ok(ts_seq_in(1, UINT32_MAX, 3) && !ts_seq_in(2, UINT32_MAX, 3),
		"a window across the wrap has both its ends");
	tap_ok(!ts_seq_in(7, 7, 0), "no sequence number is in an empty window");
}

int main(void)
{
	test_samples();
	test_limits();
	test_seq();
	return tap_done();
}
