/* SPDX-License-Identifier: BSD-3-Clause */
#include "replies.h"

#define TICKS_HZ 1000000
/* Replies that a part can save up. Requests that come together are often the first in a long
 * time. */
#define PART_BURST    8
#define CHARGED_SHARE 0.1
/* A slower scan answers as if it sent this many frames a second, all cores together. */
#define FLOOR_PPS 100.0

/* Shares of the rate. */
static const double shares[DP_N_REPLY] = {
	[DP_REPLY_GATEWAY] = 0.005,
	[DP_REPLY_NEIGHBOUR] = 0.015,
	[DP_REPLY_ECHO] = 0.01,
	[DP_REPLY_TCP] = 0.02,
};

static double part_pps(const struct dp_replies *replies, enum dp_reply reply, double pps)
{
	double floor = FLOOR_PPS / replies->n_cores;

	return shares[reply] * (pps > floor ? pps : floor);
}

static void set_parts(struct dp_replies *replies, double pps, uint64_t now_us)
{
	for (int i = 0; i < DP_N_REPLY; i++)
		dp_rate_set(&replies->part[i], part_pps(replies, (enum dp_reply)i, pps), now_us);
}

/* At most a second's worth is charged at once, so that the first pings do not delay a very slow
 * scan for long. */
static void set_rate(struct dp_replies *replies, double pps, uint32_t unit_len, uint64_t now_us)
{
	double charged_pps = CHARGED_SHARE * pps;
	uint32_t burst = charged_pps < 1	    ? 1
			 : charged_pps < PART_BURST ? (uint32_t)charged_pps
						    : PART_BURST;

	replies->by_rate = pps > 0;
	replies->unit_len = unit_len;
	dp_rate_init_full(&replies->charged, charged_pps, burst, TICKS_HZ, now_us);
}

void dp_replies_init(struct dp_replies *replies, uint32_t n_cores, double pps, uint32_t unit_len,
	uint64_t now_us)
{
	*replies = (struct dp_replies){
		.n_cores = n_cores,
		.slot_end_us = now_us + DP_REPLY_SLOT_US,
	};
	for (int i = 0; i < DP_N_REPLY; i++)
		dp_rate_init_full(&replies->part[i], part_pps(replies, (enum dp_reply)i, pps),
			PART_BURST, TICKS_HZ, now_us);
	set_rate(replies, pps, unit_len, now_us);
}

void dp_replies_set(struct dp_replies *replies, double pps, uint32_t unit_len, uint64_t now_us)
{
	set_rate(replies, pps, unit_len, now_us);
	set_parts(replies, pps, now_us);
}

void dp_replies_turn(struct dp_replies *replies, uint64_t n_frames, uint64_t now_us)
{
	uint64_t n_slots, oldest = 0;

	if (now_us < replies->slot_end_us)
		return;
	n_slots = 1 + (now_us - replies->slot_end_us) / DP_REPLY_SLOT_US;
	replies->slot_end_us += n_slots * DP_REPLY_SLOT_US;
	if (n_slots > DP_REPLY_SLOTS)
		n_slots = DP_REPLY_SLOTS;
	/* If a turn was longer than a slot, several slots end with it. */
	for (uint64_t i = 0; i < n_slots; i++) {
		oldest = replies->sent[replies->slot];
		replies->sent[replies->slot] = n_frames;
		replies->slot = (replies->slot + 1) % DP_REPLY_SLOTS;
	}
	if (!replies->by_rate)
		set_parts(replies, (double)(n_frames - oldest), now_us);
}

bool dp_replies_take(
	struct dp_replies *replies, enum dp_reply reply, uint32_t wire_len, uint64_t now_us)
{
	struct dp_rate *part = &replies->part[reply];
	uint32_t cost = 1, unit_len = replies->unit_len;

	if (dp_rate_look(part, now_us) == 0)
		return false;
	if (unit_len > 0)
		cost = (wire_len + unit_len - 1) / unit_len;
	dp_rate_charge(part, cost);
	if (dp_rate_look(&replies->charged, now_us) > 0) {
		dp_rate_charge(&replies->charged, cost);
	} else {
		replies->n_frames++;
		replies->n_bytes += wire_len;
	}
	return true;
}
