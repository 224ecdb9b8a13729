/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which targets are of a sample: one in each block of so many indices, at a place of its own in it.
 *
 * Every N-th index would not do. Probes leave in bursts, and what overflows on the way loses the
 * last ones of a burst, not the first; with N a multiple of the burst all samples would come first.
 * The place depends on nothing but the block, so that a resumed scan has the same sample.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct dp_sample {
	uint32_t every; /* block length; 0: nothing is sampled */
	uint32_t salt;	/* samples of different salt have their own places */
};

/** Is an index of the sample? Pure. */
bool dp_sample_has(struct dp_sample sample, uint64_t index);

/**
 * The first index of the sample that is not below index. Pure.
 * @param sample  in: every is not 0
 * @param index   in: below 2^63
 */
uint64_t dp_sample_next(struct dp_sample sample, uint64_t index);
