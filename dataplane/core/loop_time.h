/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How long the turns of a core's loop take: a histogram that its owner fills, with one TSC reading
 * in each turn, and that any thread may read.
 *
 *     ticks   0 .. 7 | 8 9 .. 15 | 16 18 .. 30 | 32 36 .. 60 | ...
 *     bucket  0 .. 7 | 8   .. 15 | 16    .. 23 | 24    .. 31 | ...
 *
 * Log-linear: eight buckets for each power of two, so a bucket's end is at most an eighth above any
 * time in it. A turn lasts from its TSC reading to the next one, so nothing between two turns is
 * left out. A turn after which the core slept on purpose is not counted. Turns without work are not
 * in the histogram, where they would be nearly all. They count for the maximum, which shows if a
 * core was taken off its CPU.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define DP_LOOP_SUB	8u
#define DP_LOOP_BUCKETS (8u * 38u) /* up to 2^40 ticks: five minutes at 3 GHz */

struct dp_loop_times {
	_Atomic uint64_t bucket[DP_LOOP_BUCKETS]; /* written by the owner, read by any thread */
	_Atomic uint64_t max_ticks;		  /* the same */
	uint64_t begin_ticks; /* of the current turn, 0: there is none; owner only */
};

/** The bucket of a duration. The last one takes all longer durations. Pure; any thread. */
static inline uint32_t dp_loop_bucket(uint64_t ticks)
{
	uint32_t shift, bucket;

	if (ticks < DP_LOOP_SUB)
		return (uint32_t)ticks;
	shift = 60u - (uint32_t)__builtin_clzll(ticks);
	bucket = DP_LOOP_SUB * shift + (uint32_t)(ticks >> shift);
	return bucket < DP_LOOP_BUCKETS ? bucket : DP_LOOP_BUCKETS - 1;
}

/**
 * Begin a turn, which ends the turn before it. Owner only.
 * @param times      in/out
 * @param now_ticks  in: rte_rdtsc()
 * @param worked     in: the turn before it had work
 */
static inline void dp_loop_turn(struct dp_loop_times *times, uint64_t now_ticks, bool worked)
{
	uint64_t ticks = now_ticks - times->begin_ticks;
	_Atomic uint64_t *bucket;

	if (times->begin_ticks != 0) {
		if (worked) {
			bucket = &times->bucket[dp_loop_bucket(ticks)];
			atomic_store_explicit(bucket,
				atomic_load_explicit(bucket, memory_order_relaxed) + 1,
				memory_order_relaxed);
		}
		if (ticks > atomic_load_explicit(&times->max_ticks, memory_order_relaxed))
			atomic_store_explicit(&times->max_ticks, ticks, memory_order_relaxed);
	}
	times->begin_ticks = now_ticks;
}

/** Do not count the current turn, because the core is about to sleep. Owner only. */
static inline void dp_loop_sleep(struct dp_loop_times *times)
{
	times->begin_ticks = 0;
}

/**
 * The time that a share of the turns with work did not exceed, over several cores. Any thread.
 * @param times  in: n blocks, borrowed
 * @param n      in: how many
 * @param share  in: 0 to 1, such as 0.999
 * @return ticks, rounded up to the end of a bucket but never above the longest turn; 0: no turns
 */
uint64_t dp_loop_quantile(const struct dp_loop_times *const *times, uint32_t n, double share);

/**
 * The longest turn of several cores. Any thread.
 * @param times  in: n blocks, borrowed
 * @param n      in: how many
 * @return ticks; 0: no turns
 */
uint64_t dp_loop_max(const struct dp_loop_times *const *times, uint32_t n);
