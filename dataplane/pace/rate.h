/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How much may go now: a token bucket in virtual time.
 *
 * Tokens fall into the bucket on an absolute schedule: every tick since the start adds the same
 * exact fraction, whether anyone looks or not, so the rate does not drift with the rhythm of the
 * calls. The bucket holds a burst and no more: after a stall or a suspended machine nothing is
 * caught up, the tokens that found no room are counted instead.
 *
 * What must not wait is charged after it was sent and may leave the bucket in overdraft. Nothing is
 * granted until the overdraft is paid. So in any window of t seconds at most rate * t and one burst
 * are sent, and the seconds after an overdraft pay for it. An overdraft holds one second's worth,
 * and DP_RATE_BURST tokens at least: what is charged beyond that is forgiven, and counted.
 *
 * One owner thread; time comes in as an argument.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define DP_RATE_BURST 32

struct dp_rate {
	uint64_t tsc_hz;
	uint64_t last_tsc;
	bool limited;
	uint64_t per_tick_whole;    /* tokens a tick, below 256 */
	uint64_t per_tick_fraction; /* and what is behind the point, times 2^64 */
	int64_t tokens;	   /* at most burst; below 0: an overdraft, of max_overdraft at most */
	uint64_t fraction; /* of the next token, times 2^64 */
	int64_t burst, max_overdraft;
	uint64_t n_lost;     /* tokens that found the bucket full: asked for, not used */
	uint64_t n_forgiven; /* charges beyond the largest overdraft */
};

/**
 * Start with one token in a bucket of DP_RATE_BURST, so that a scan of one packet an hour sends its
 * first now.
 * @param per_s    in: tokens a second, fractions welcome; 0 or less, or 256 a tick and more: no
 *         limit
 * @param tsc_hz   in: ticks a second, above 0
 * @param now_tsc  in: the clock now
 */
void dp_rate_init(struct dp_rate *rate, double per_s, uint64_t tsc_hz, uint64_t now_tsc);

/**
 * The same for packets that cost more than one token: bytes.
 * @param cost  in: tokens for the largest packet; one packet's worth to start with, DP_RATE_BURST
 * packets' worth of room
 */
void dp_rate_init_cost(
	struct dp_rate *rate, double per_s, uint32_t cost, uint64_t tsc_hz, uint64_t now_tsc);

/**
 * The same, full to start with.
 * @param burst  in: tokens the bucket holds, 1 and more
 */
void dp_rate_init_full(
	struct dp_rate *rate, double per_s, uint32_t burst, uint64_t tsc_hz, uint64_t now_tsc);

/** Change the rate from now on; what has been earned at the old one is kept. */
void dp_rate_set(struct dp_rate *rate, double per_s, uint64_t now_tsc);

/**
 * Take tokens for packets that can wait.
 * @param now_tsc  in: a clock that stands still or runs backwards adds nothing
 * @param want     in
 * @return tokens granted now, at most want and the burst
 */
uint32_t dp_rate_take(struct dp_rate *rate, uint64_t now_tsc, uint32_t want);

/** Earn up to now; what dp_rate_take() would grant at most. Nothing is taken. */
uint32_t dp_rate_look(struct dp_rate *rate, uint64_t now_tsc);

/** Take tokens for what has gone without asking, at the time of the last look. */
void dp_rate_charge(struct dp_rate *rate, uint64_t n);

/** A time in which nothing could be wanted ends now: the bucket fills up, nothing counts as
 * lost. */
void dp_rate_rest(struct dp_rate *rate, uint64_t now_tsc);
