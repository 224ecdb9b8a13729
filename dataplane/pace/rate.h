/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How much may be sent now: a token bucket in virtual time.
 *
 * Each tick of the clock adds the same exact fraction of a token, whether anyone looks or not, so
 * the rate does not drift with the rhythm of the calls. The bucket holds one burst. After a stall
 * or a suspended machine nothing is caught up: tokens that find the bucket full are lost and
 * counted.
 *
 * What must not wait is charged after it was sent. This may leave the bucket in overdraft, and
 * nothing is granted until the overdraft is paid. So in any window of t seconds at most rate * t
 * and one burst are sent, apart from an overdraft, which the seconds after it pay for. The largest
 * overdraft is one second's worth of tokens, at least DP_RATE_BURST. What is charged beyond that
 * is forgiven and counted.
 *
 * Pure: time comes in as an argument. One thread owns a bucket and calls all functions.
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
	uint64_t per_tick_fraction; /* the rest of that, below one token, times 2^64 */
	int64_t tokens;		    /* -max_overdraft to burst; below 0: an overdraft */
	uint64_t fraction;	    /* of the next token, times 2^64 */
	int64_t burst, max_overdraft;
	uint64_t n_lost;     /* tokens that found the bucket full */
	uint64_t n_forgiven; /* charges beyond the largest overdraft */
};

/**
 * Start with one token in a bucket of DP_RATE_BURST, so that a scan of one packet an hour sends its
 * first packet at once.
 * @param rate     out
 * @param per_s    in: tokens a second, fractions allowed; 0 or less, or 256 and more a tick: no
 *                 limit
 * @param tsc_hz   in: ticks of the clock in a second, above 0
 * @param now_tsc  in: the clock, in ticks
 */
void dp_rate_init(struct dp_rate *rate, double per_s, uint64_t tsc_hz, uint64_t now_tsc);

/**
 * Start a bucket for packets that cost more than one token, such as one token a byte: with one
 * packet's worth of tokens, and room for DP_RATE_BURST packets.
 * @param rate     out
 * @param per_s    in: tokens a second, as for dp_rate_init()
 * @param cost     in: tokens for the largest packet, 1 to 2^27 - 1
 * @param tsc_hz   in: ticks of the clock in a second, above 0
 * @param now_tsc  in: the clock, in ticks
 */
void dp_rate_init_cost(
	struct dp_rate *rate, double per_s, uint32_t cost, uint64_t tsc_hz, uint64_t now_tsc);

/**
 * Start a bucket of any size, full.
 * @param rate     out
 * @param per_s    in: tokens a second, as for dp_rate_init()
 * @param burst    in: tokens that the bucket holds, above 0
 * @param tsc_hz   in: ticks of the clock in a second, above 0
 * @param now_tsc  in: the clock, in ticks
 */
void dp_rate_init_full(
	struct dp_rate *rate, double per_s, uint32_t burst, uint64_t tsc_hz, uint64_t now_tsc);

/**
 * Change the rate from now on. What has been earned at the old rate is kept.
 * @param rate     in/out
 * @param per_s    in: tokens a second, as for dp_rate_init()
 * @param now_tsc  in: the clock, in ticks
 */
void dp_rate_set(struct dp_rate *rate, double per_s, uint64_t now_tsc);

/**
 * Take tokens for packets that can wait.
 * @param rate     in/out
 * @param now_tsc  in: the clock, in ticks; one that stands still or runs backwards adds nothing
 * @param want     in: tokens
 * @return tokens granted now, at most want and the size of the bucket; 0 during an overdraft
 */
uint32_t dp_rate_take(struct dp_rate *rate, uint64_t now_tsc, uint32_t want);

/**
 * Earn tokens up to now, without taking any.
 * @param rate     in/out
 * @param now_tsc  in: the clock, in ticks
 * @return tokens that dp_rate_take() would grant at most; without a limit the size of the bucket
 */
uint32_t dp_rate_look(struct dp_rate *rate, uint64_t now_tsc);

/**
 * Take tokens for what was sent without asking. The bucket earns nothing by this call.
 * @param rate  in/out
 * @param n     in: tokens; those beyond the largest overdraft are forgiven
 */
void dp_rate_charge(struct dp_rate *rate, uint64_t n);

/**
 * Earn tokens up to now after a time in which there was nothing to send: those that find the bucket
 * full do not count as lost.
 * @param rate     in/out
 * @param now_tsc  in: the clock, in ticks
 */
void dp_rate_rest(struct dp_rate *rate, uint64_t now_tsc);
