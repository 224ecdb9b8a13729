/* SPDX-License-Identifier: BSD-3-Clause */
#include "sample.h"

/* The finalizer of SplitMix64: every bit of the block number changes every bit of the place. */
static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

/* The sampled index of a block. */
static uint64_t place(struct dp_sample sample, uint64_t block)
{
	uint64_t number = (block + 1) * UINT64_C(0x9e3779b97f4a7c15) + sample.salt;

	return block * sample.every + mix(number) % sample.every;
}

bool dp_sample_has(struct dp_sample sample, uint64_t index)
{
	return sample.every != 0 && place(sample, index / sample.every) == index;
}

uint64_t dp_sample_next(struct dp_sample sample, uint64_t index)
{
	uint64_t block = index / sample.every;
	uint64_t found = place(sample, block);

	return found >= index ? found : place(sample, block + 1);
}
