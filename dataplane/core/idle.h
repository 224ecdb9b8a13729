/* SPDX-License-Identifier: BSD-3-Clause */
/* What a core does after a turn without work: pause, or sleep so that other roles on its CPU can
 * run. */
#pragma once

#include <rte_common.h>
#include <rte_cycles.h>
#include <rte_pause.h>

#include "stats.h"

/* The sleeps of roles that share a CPU: DP_IDLE_NAP_US at first, twice as long after each
 * DP_IDLE_NAPS idle turns, at most 320 us. Each time a role wakes, it takes the CPU from others. */
#define DP_IDLE_NAP_US	  20
#define DP_IDLE_NAPS	  32
#define DP_IDLE_DOUBLINGS 4

struct dp_idle {
	uint32_t n_pauses; /* consecutive idle turns before it sleeps; UINT32_MAX: never */
	uint32_t sleep_us; /* the first sleep */
	/* After each n_double idle turns a sleep is twice as long, at most n_doublings times; 0: it
	 * always has the same length. */
	uint32_t n_double, n_doublings;
	uint32_t n_idle; /* consecutive idle turns so far */
};

/**
 * The sleeps of a role that shares a CPU. Any thread.
 * @param n_pauses  in: consecutive idle turns before it sleeps; UINT32_MAX: never
 * @return its first state
 */
static inline struct dp_idle dp_idle_naps(uint32_t n_pauses)
{
	return (struct dp_idle){
		.n_pauses = n_pauses,
		.sleep_us = DP_IDLE_NAP_US,
		.n_double = DP_IDLE_NAPS,
		.n_doublings = DP_IDLE_DOUBLINGS,
	};
}

/** Note that a turn had work. Owner core. */
static inline void dp_idle_worked(struct dp_idle *idle)
{
	idle->n_idle = 0;
}

/**
 * Count an idle turn and say how long to sleep after it. Owner core.
 * @param idle  in/out
 * @return microseconds; 0: pause instead
 */
static inline uint32_t dp_idle_next_us(struct dp_idle *idle)
{
	uint32_t doublings = 0;

	idle->n_idle += idle->n_idle < UINT32_MAX - 1;
	if (idle->n_idle < idle->n_pauses)
		return 0;
	if (idle->n_double > 0)
		doublings = RTE_MIN(idle->n_idle / idle->n_double, idle->n_doublings);
	return idle->sleep_us << doublings;
}

/**
 * Count a turn without work, then pause or sleep. Owner core.
 * @param idle   in/out
 * @param stats  in/out: of the core; a turn that ends in a sleep is left out of its loop times
 */
static inline void dp_idle_wait(struct dp_idle *idle, struct dp_stats *stats)
{
	uint32_t us = dp_idle_next_us(idle);

	dp_count(stats, DP_LOOPS_IDLE);
	if (us == 0) {
		rte_pause();
		return;
	}
	dp_loop_sleep(&stats->loops);
	rte_delay_us_sleep(us);
}
