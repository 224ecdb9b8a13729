/* SPDX-License-Identifier: BSD-3-Clause */
/* A seeded generator for the model tests (xorshift64*): the same run on every machine. */
#pragma once

#include <stdint.h>

static inline uint32_t random_u32(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return (uint32_t)((x * UINT64_C(0x2545f4914f6cdd1d)) >> 32);
}

/* 0 .. n - 1 */
static inline uint32_t random_below(uint64_t *state, uint32_t n)
{
	return (uint32_t)(((uint64_t)random_u32(state) * n) >> 32);
}
