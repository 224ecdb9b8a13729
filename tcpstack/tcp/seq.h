/* SPDX-License-Identifier: BSD-3-Clause */
/* Arithmetic modulo 2^32 (RFC 9293 3.4): for sequence numbers, and for timer ticks, which wrap in
 * the same way. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Is a before b? It is if the distance forward from a to b is below 2^31. */
static inline bool ts_seq_lt(uint32_t a, uint32_t b)
{
	return (a - b) >> 31 != 0;
}

static inline bool ts_seq_leq(uint32_t a, uint32_t b)
{
	return !ts_seq_lt(b, a);
}

/* low <= x < low + len */
static inline bool ts_seq_in(uint32_t x, uint32_t low, uint32_t len)
{
	return x - low < len;
}
