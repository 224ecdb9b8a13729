/* SPDX-License-Identifier: BSD-3-Clause */
#include <endian.h>
#include <string.h>

#include "checksum.h"

/* The last one to seven bytes. An odd last byte is the first byte of a word padded with zero (RFC
 * 1071).
 */
static uint64_t add_tail(uint64_t sum, const uint8_t *p, size_t len)
{
	uint32_t w32;
	uint16_t w16;

	if (len & 4) {
		memcpy(&w32, p, sizeof(w32));
		sum += w32;
		p += sizeof(w32);
	}
	if (len & 2) {
		memcpy(&w16, p, sizeof(w16));
		sum += w16;
		p += sizeof(w16);
	}
	if (len & 1) {
		w16 = 0;
		memcpy(&w16, p, 1);
		sum += w16;
	}
	return sum;
}

/* Add eight bytes with end-around carry: 2^64 is 1 modulo 2^16 - 1. */
static inline uint64_t add8(uint64_t sum, const uint8_t *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return __builtin_add_overflow(sum, w, &w) ? w + 1 : w;
}

/* Two sums run in parallel. Their halves are added at the end, so that further pieces can be added
 * without overflow. */
uint64_t ts_csum_add(uint64_t sum, const void *data, size_t len)
{
	const uint8_t *p = data;
	uint64_t even = sum, odd = 0;

	for (; len >= 16; len -= 16, p += 16) {
		even = add8(even, p);
		odd = add8(odd, p + 8);
	}
	if (len >= 8) {
		even = add8(even, p);
		len -= 8;
		p += 8;
	}
	return add_tail(
		(even & UINT32_MAX) + (even >> 32) + (odd & UINT32_MAX) + (odd >> 32), p, len);
}

uint64_t ts_csum_pseudo(const uint8_t *addrs, size_t addrs_len, uint8_t proto, uint32_t l4_len)
{
	return ts_csum_add(0, addrs, addrs_len) + htobe32(proto) + htobe32(l4_len);
}
