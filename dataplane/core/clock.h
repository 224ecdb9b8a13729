/* SPDX-License-Identifier: BSD-3-Clause */
/* Microseconds since the scan began, from the TSC; read once per loop and handed down. */
#pragma once

#include <rte_cycles.h>

struct dp_clock {
	uint64_t start_tsc;
	uint64_t start_unix_us; /* wall clock at start_tsc */
	double us_per_tick;
};

/* At a reading of the TSC taken before. */
static inline uint64_t dp_clock_at(const struct dp_clock *clock, uint64_t tsc)
{
	return (uint64_t)((double)(tsc - clock->start_tsc) * clock->us_per_tick);
}

static inline uint64_t dp_clock_us(const struct dp_clock *clock)
{
	return dp_clock_at(clock, rte_rdtsc());
}

/* Ticks between two readings, rounded up: what took time never took none. */
static inline uint64_t dp_clock_span_us(const struct dp_clock *clock, uint64_t ticks)
{
	return ticks == 0 ? 0 : 1 + (uint64_t)((double)(ticks - 1) * clock->us_per_tick);
}
