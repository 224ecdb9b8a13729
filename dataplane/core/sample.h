/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which targets are in a sample: one of each block of indices, at a place that differs from block
 * to block.
 *
 * One index at a fixed distance after another would not do. Probes leave in bursts, and an overflow
 * on the way loses the last probes of a burst, not the first. If the distance is a multiple of the
 * burst, all samples could be first ones. The place depends only on the block, so that a resumed
 * scan has the same sample. Pure; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct dp_sample {
	uint32_t every; /* indices in a block; 0: nothing is sampled */
	uint32_t salt;	/* samples of different salt have different places */
};

/** Is an index in the sample? */
bool dp_sample_has(struct dp_sample sample, uint64_t index);

/**
 * The first index of the sample that is not below a given one.
 * @param sample  in: every is above 0
 * @param index   in: below 2^63
 * @return the index of the sample
 */
uint64_t dp_sample_next(struct dp_sample sample, uint64_t index);
