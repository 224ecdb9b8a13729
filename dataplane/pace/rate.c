/* SPDX-License-Identifier: BSD-3-Clause */
#include "rate.h"

__extension__ typedef unsigned __int128 u128;

#define TWO_POW_64   0x1p64
#define MAX_PER_TICK 256.0
/* Longer than any bucket takes to fill; keeps the products below within their types. */
#define MAX_TICKS (UINT64_C(1) << 52)

/* Add exactly what the ticks since the last call are worth: whole tokens and a fraction of the next
 * one. Returns the tokens that found no room. */
static uint64_t rate_earn(struct dp_rate *rate, uint64_t now_tsc)
{
	uint64_t ticks, whole, room, lost = 0;
	u128 parts;

	if (!rate->limited || now_tsc <= rate->last_tsc)
		return 0;
	ticks = now_tsc - rate->last_tsc;
	rate->last_tsc = now_tsc;
	if (ticks > MAX_TICKS)
		ticks = MAX_TICKS;
	parts = (u128)ticks * rate->per_tick_fraction + rate->fraction;
	rate->fraction = (uint64_t)parts;
	whole = ticks * rate->per_tick_whole + (uint64_t)(parts >> 64);
	room = (uint64_t)(rate->burst - rate->tokens);
	if (whole > room) {
		lost = whole - room;
		whole = room;
	}
	rate->tokens += (int64_t)whole;
	/* A full bucket keeps no fraction of another token. Otherwise a burst could be one more. */
	if (rate->tokens == rate->burst)
		rate->fraction = 0;
	return lost;
}

static void rate_apply(struct dp_rate *rate, double per_s)
{
	double per_tick = per_s / (double)rate->tsc_hz;

	rate->limited = per_tick > 0 && per_tick < MAX_PER_TICK;
	if (!rate->limited)
		return;
	rate->per_tick_whole = (uint64_t)per_tick;
	rate->per_tick_fraction = (uint64_t)((per_tick - (double)rate->per_tick_whole) *
					     TWO_POW_64);
	rate->max_overdraft = rate->burst > DP_RATE_BURST ? rate->burst : DP_RATE_BURST;
	if (per_s > (double)rate->max_overdraft)
		rate->max_overdraft = (int64_t)per_s;
	if (rate->tokens < -rate->max_overdraft) {
		rate->n_forgiven += (uint64_t)(-rate->max_overdraft - rate->tokens);
		rate->tokens = -rate->max_overdraft;
	}
}

void dp_rate_init_cost(
	struct dp_rate *rate, double per_s, uint32_t cost, uint64_t tsc_hz, uint64_t now_tsc)
{
	*rate = (struct dp_rate){
		.tsc_hz = tsc_hz,
		.last_tsc = now_tsc,
		.tokens = cost,
		.burst = (int64_t)cost * DP_RATE_BURST,
	};
	rate_apply(rate, per_s);
}

void dp_rate_init(struct dp_rate *rate, double per_s, uint64_t tsc_hz, uint64_t now_tsc)
{
	dp_rate_init_cost(rate, per_s, 1, tsc_hz, now_tsc);
}

void dp_rate_init_full(
	struct dp_rate *rate, double per_s, uint32_t burst, uint64_t tsc_hz, uint64_t now_tsc)
{
	*rate = (struct dp_rate){
		.tsc_hz = tsc_hz,
		.last_tsc = now_tsc,
		.tokens = burst,
		.burst = burst,
	};
	rate_apply(rate, per_s);
}

void dp_rate_set(struct dp_rate *rate, double per_s, uint64_t now_tsc)
{
	rate->n_lost += rate_earn(rate, now_tsc);
	/* Without a limit rate_earn() does not follow the clock. */
	if (!rate->limited)
		rate->last_tsc = now_tsc;
	rate_apply(rate, per_s);
}

uint32_t dp_rate_look(struct dp_rate *rate, uint64_t now_tsc)
{
	rate->n_lost += rate_earn(rate, now_tsc);
	if (!rate->limited)
		return (uint32_t)rate->burst;
	return rate->tokens > 0 ? (uint32_t)rate->tokens : 0;
}

uint32_t dp_rate_take(struct dp_rate *rate, uint64_t now_tsc, uint32_t want)
{
	uint32_t granted = dp_rate_look(rate, now_tsc);

	if (granted > want)
		granted = want;
	if (rate->limited)
		rate->tokens -= granted;
	return granted;
}

void dp_rate_charge(struct dp_rate *rate, uint64_t n)
{
	uint64_t room;

	if (!rate->limited)
		return;
	room = (uint64_t)(rate->tokens + rate->max_overdraft);
	if (n > room) {
		rate->n_forgiven += n - room;
		n = room;
	}
	rate->tokens -= (int64_t)n;
}

void dp_rate_rest(struct dp_rate *rate, uint64_t now_tsc)
{
	rate_earn(rate, now_tsc);
}
