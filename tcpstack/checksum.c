/* SPDX-License-Identifier: BSD-3-Clause */
#include <endian.h>
#include <string.h>

#include "checksum.h"

/* The last one to seven bytes; an odd last byte is the first of a word padded with zero (RFC 1071).
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

/* Halves are summed apart: 32-bit words leave the carries room, and the two chains run side by
 * side. */
uint64_t ts_csum_add(uint64_t sum, const void *data, size_t len)
{
	const uint8_t *p = data;
	uint64_t high = 0;

	for (; len >= 8; len -= 8, p += 8) {
		uint64_t w;

		memcpy(&w, p, sizeof(w));
		sum += w & UINT32_MAX;
		high += w >> 32;
	}
	return add_tail(sum + high, p, len);
}

uint64_t ts_csum_pseudo(const uint8_t *addrs, size_t addrs_len, uint8_t proto, uint32_t l4_len)
{
	return ts_csum_add(0, addrs, addrs_len) + htobe32(proto) + htobe32(l4_len);
}
