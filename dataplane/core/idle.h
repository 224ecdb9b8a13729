/* SPDX-License-Identifier: BSD-3-Clause */
/* What a core does after a turn without work: pause, or sleep so that other roles get the CPU. */
#pragma once

#include <rte_common.h>
#include <rte_cycles.h>
#include <rte_pause.h>

#include "stats.h"

/* The naps of roles that share a CPU. After 32 naps in a row a nap is twice as long, at most 320 us:
 * each time a role wakes, the CPU's other roles pay for it. */
#define DP_IDLE_NAP_US	  20
#define DP_IDLE_NAPS	  32
#define DP_IDLE_DOUBLINGS 4

struct dp_idle {
	uint32_t n_pauses; /* idle turns in a row before it sleeps; UINT32_MAX: it never sleeps */
	uint32_t sleep_us; /* the first sleep */
	/* Idle turns after which a sleep is twice as long, and how often it doubles; 0: never. */
	uint32_t n_double, n_doublings;
	uint32_t n_idle; /* in a row, up to now */
};

/** A turn did something. Owner core. */
static inline void dp_idle_worked(struct dp_idle *idle)
{
	idle->n_idle = 0;
}

/** A turn found nothing to do. Owner core. @return how long to sleep, us; 0: pause instead */
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
 * A turn found nothing to do: count it, then pause or sleep. Owner core.
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
