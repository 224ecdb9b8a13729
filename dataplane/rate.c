/* SPDX-License-Identifier: BSD-3-Clause */
#include "rate.h"

__extension__ typedef unsigned __int128 u128;

#define TWO_POW_64 0x1p64

/* Add what the ticks since the last look are worth, exactly: whole tokens and the fraction of the
 * next. */
static void rate_earn(struct dp_rate *rate, uint64_t now_tsc)
{
	u128 earned;
	uint64_t whole, room;

	if (now_tsc <= rate->last_tsc)
		return;
	earned = (u128)(now_tsc - rate->last_tsc) * rate->per_tick + rate->fraction;
	rate->last_tsc = now_tsc;
	rate->fraction = (uint64_t)earned;
	whole = (uint64_t)(earned >> 64);
	room = (uint64_t)(DP_RATE_BURST - rate->tokens);
	if (whole > room) {
		rate->n_lost += whole - room;
		whole = room;
	}
	rate->tokens += (int64_t)whole;
	/* A full bucket holds no part of another token either, or a burst would be 33. */
	if (rate->tokens == DP_RATE_BURST)
		rate->fraction = 0;
}

static void rate_apply(struct dp_rate *rate, double pps)
{
	double per_tick = pps / (double)rate->tsc_hz;

	rate->per_tick = per_tick > 0 && per_tick < 1 ? (uint64_t)(per_tick * TWO_POW_64) : 0;
}

void dp_rate_init(struct dp_rate *rate, double pps, uint64_t tsc_hz, uint64_t now_tsc)
{
	*rate = (struct dp_rate){.tsc_hz = tsc_hz, .last_tsc = now_tsc, .tokens = 1};
	rate_apply(rate, pps);
}

void dp_rate_set(struct dp_rate *rate, double pps, uint64_t now_tsc)
{
	rate_earn(rate, now_tsc);
	rate_apply(rate, pps);
}

uint32_t dp_rate_take(struct dp_rate *rate, uint64_t now_tsc, uint32_t want)
{
	uint32_t granted = want < DP_RATE_BURST ? want : DP_RATE_BURST;

	rate_earn(rate, now_tsc);
	if (rate->per_tick == 0)
		return granted;
	if (rate->tokens <= 0)
		return 0;
	if (granted > rate->tokens)
		granted = (uint32_t)rate->tokens;
	rate->tokens -= granted;
	return granted;
}

void dp_rate_return(struct dp_rate *rate, uint32_t n)
{
	if (rate->per_tick == 0)
		return;
	rate->tokens += n;
	if (rate->tokens > DP_RATE_BURST)
		rate->tokens = DP_RATE_BURST;
}
