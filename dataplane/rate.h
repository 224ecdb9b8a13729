/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How many packets may go now: a token bucket in virtual time.
 *
 * Tokens fall into the bucket on an absolute schedule: every tick since the start adds the same
 * exact fraction, whether anyone looks or not, so the rate does not drift with the rhythm of the
 * calls. The bucket holds a burst and no more: after a stall or a suspended machine nothing is
 * caught up, the tokens that found no room are counted instead. In any window of t seconds at most
 * rate * t + DP_RATE_BURST are granted.
 *
 * One owner thread; time comes in as an argument.
 */
#pragma once

#include <stdint.h>

#define DP_RATE_BURST 32

struct dp_rate {
	uint64_t tsc_hz;
	uint64_t last_tsc;
	uint64_t per_tick; /* tokens a tick, times 2^64; 0: no limit */
	int64_t tokens;
	uint64_t fraction; /* of the next token, times 2^64 */
	uint64_t n_lost;   /* tokens that found the bucket full: asked for, not used */
};

/**
 * Start with one token, so that a scan of one packet an hour sends its first now.
 * @param pps      in: packets a second, fractions welcome; 0 or less, or a packet a tick and more:
 * no limit
 * @param tsc_hz   in: ticks a second, above 0
 * @param now_tsc  in: the clock now
 */
void dp_rate_init(struct dp_rate *rate, double pps, uint64_t tsc_hz, uint64_t now_tsc);

/** Change the rate from now on; what has been earned at the old one is kept. */
void dp_rate_set(struct dp_rate *rate, double pps, uint64_t now_tsc);

/**
 * Take tokens for packets that can wait: probes.
 * @param now_tsc  in: a clock that stands still or runs backwards adds nothing
 * @param want     in
 * @return packets allowed now, at most want and DP_RATE_BURST
 */
uint32_t dp_rate_take(struct dp_rate *rate, uint64_t now_tsc, uint32_t want);

/** Put back tokens that dp_rate_take() granted and nobody used: n of the last grant at most. */
void dp_rate_return(struct dp_rate *rate, uint32_t n);
