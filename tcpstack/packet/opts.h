/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TCP options: which of them a segment of ours carries, and the order of a SYN-ACK's in 32 bits (up
 * to eleven letters as digits to the base seven).
 */
#pragma once

#include <stdint.h>
#include <string.h>

#include "pkt.h"

/* Options beside the segment size, as bits. */
#define TS_OPT_SACK_OK 0x1 /* RFC 2018 2 */
#define TS_OPT_TS      0x2 /* RFC 7323 3 */
#define TS_OPT_WSCALE  0x4 /* RFC 7323 2 */
#define TS_OPT_ALL     0x7

/* What timestamps take of a segment behind the SYN, two NOPs included. */
#define TS_OPT_TS_ROOM 12
/* Most blocks of a SACK option: that many fit beside timestamps (RFC 2018 3). */
#define TS_SACK_MAX 3

/* Bytes that have arrived behind a gap: from first on, before end. */
struct ts_sack {
	uint32_t first, end;
};

#define TS_OPTS_LETTERS "MSTWNU" /* digits 1 to 6; 0 ends the number */

_Static_assert(TS_OPTS_ORDER_LEN - 1 <= 11, "7^11 < 2^31: eleven letters fit 32 bits");

/** Pack letters into a number; letters that are not in TS_OPTS_LETTERS become U. Pure. */
static inline uint32_t ts_opts_pack(const char order[TS_OPTS_ORDER_LEN])
{
	uint32_t packed = 0, weight = 1;

	for (uint32_t i = 0; i < TS_OPTS_ORDER_LEN - 1 && order[i] != '\0'; i++) {
		const char *at = strchr(TS_OPTS_LETTERS, order[i]);
		uint32_t digit = at != NULL ? (uint32_t)(at - TS_OPTS_LETTERS) + 1 : 6;

		packed += digit * weight;
		weight *= 7;
	}
	return packed;
}

/** Unpack the letters, NUL-terminated. Pure. */
static inline void ts_opts_unpack(uint32_t packed, char order[TS_OPTS_ORDER_LEN])
{
	uint32_t n = 0;

	for (; packed > 0 && n < TS_OPTS_ORDER_LEN - 1; packed /= 7)
		order[n++] = packed % 7 > 0 ? TS_OPTS_LETTERS[packed % 7 - 1] : 'U';
	memset(order + n, 0, TS_OPTS_ORDER_LEN - n);
}
