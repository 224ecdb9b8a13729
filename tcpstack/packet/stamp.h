/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The timestamps we send (RFC 7323 3), without state: a clock of milliseconds (5.4: 1 ms to 1 s a
 * tick) that stands somewhere else for each connection.
 *
 * Where it stands follows from the initial sequence number and a random key of the scan, as
 * RFC 7323 7.1 wants it: a peer learns neither how long we run nor what other peers see. A SYN
 * that is sent again has the same number and a later time, so the clock of a connection never goes
 * back.
 */
#pragma once

#include <stdint.h>

#define TS_STAMP_US 1000 /* one tick */

/** The time of the clock of all stamps, in ticks. @param now_us in: time. Pure. */
static inline uint32_t ts_stamp_ticks(uint64_t now_us)
{
	return (uint32_t)(now_us / TS_STAMP_US);
}

/**
 * The TSval of a segment.
 * @param key    in: random for each scan
 * @param iss    in: our initial sequence number on this connection
 * @param ticks  in: of ts_stamp_ticks()
 * Pure; any thread.
 */
static inline uint32_t ts_stamp(uint64_t key, uint32_t iss, uint32_t ticks)
{
	uint32_t x = iss ^ (uint32_t)key;

	x = (x ^ x >> 16) * UINT32_C(0x7feb352d);
	x = (x ^ x >> 15) * UINT32_C(0x846ca68b);
	return (x ^ x >> 16) + (uint32_t)(key >> 32) + ticks;
}
