/* SPDX-License-Identifier: BSD-3-Clause */
/* Microseconds since the scan began, from the TSC. Each core reads the clock once in a turn and
 * hands the time down. Any thread. */
#pragma once

#include <rte_cycles.h>

struct dp_clock {
	uint64_t start_tsc;
	uint64_t start_unix_us; /* wall clock at start_tsc */
	double us_per_tick;
};

/**
 * The time at a reading of the TSC.
 * @param clock  in
 * @param tsc    in: not below clock->start_tsc
 * @return microseconds since the scan began
 */
static inline uint64_t dp_clock_at(const struct dp_clock *clock, uint64_t tsc)
{
	return (uint64_t)((double)(tsc - clock->start_tsc) * clock->us_per_tick);
}

/** The time now, in microseconds since the scan began. */
static inline uint64_t dp_clock_us(const struct dp_clock *clock)
{
	return dp_clock_at(clock, rte_rdtsc());
}

/**
 * The time between two readings of the TSC.
 * @param clock  in
 * @param ticks  in: their difference
 * @return microseconds, rounded up: 0 only if ticks is 0
 */
static inline uint64_t dp_clock_span_us(const struct dp_clock *clock, uint64_t ticks)
{
	return ticks == 0 ? 0 : 1 + (uint64_t)((double)(ticks - 1) * clock->us_per_tick);
}
