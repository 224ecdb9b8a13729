/* SPDX-License-Identifier: BSD-3-Clause */
/* Microseconds since the scan began, from the TSC; read once per loop and handed down. */
#pragma once

#include <rte_cycles.h>

struct dp_clock {
	uint64_t start_tsc;
	uint64_t start_unix_us; /* wall clock at start_tsc */
	double us_per_tick;
};

static inline uint64_t dp_clock_us(const struct dp_clock *clock)
{
	return (uint64_t)((double)(rte_rdtsc() - clock->start_tsc) * clock->us_per_tick);
}
