/* SPDX-License-Identifier: BSD-3-Clause */
#include "loop_time.h"

/* The longest duration of a bucket, the inverse of dp_loop_bucket(). */
static uint64_t bucket_end(uint32_t bucket)
{
	uint32_t shift;

	if (bucket < 2 * DP_LOOP_SUB)
		return bucket;
	shift = bucket / DP_LOOP_SUB - 1;
	return ((uint64_t)(bucket % DP_LOOP_SUB + DP_LOOP_SUB + 1) << shift) - 1;
}

uint64_t dp_loop_max(const struct dp_loop_times *const *times, uint32_t n)
{
	uint64_t max = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint64_t one = atomic_load_explicit(&times[i]->max_ticks, memory_order_relaxed);

		max = one > max ? one : max;
	}
	return max;
}

uint64_t dp_loop_quantile(const struct dp_loop_times *const *times, uint32_t n, double share)
{
	uint64_t count[DP_LOOP_BUCKETS] = {0}, all = 0, below = 0, max = dp_loop_max(times, n);

	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t b = 0; b < DP_LOOP_BUCKETS; b++)
			count[b] += atomic_load_explicit(
				&times[i]->bucket[b], memory_order_relaxed);
	}
	for (uint32_t b = 0; b < DP_LOOP_BUCKETS; b++)
		all += count[b];
	for (uint32_t b = 0; b < DP_LOOP_BUCKETS && all > 0; b++) {
		below += count[b];
		if ((double)below >= share * (double)all)
			return bucket_end(b) < max ? bucket_end(b) : max;
	}
	return 0;
}
