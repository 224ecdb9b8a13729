/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a poll core may send because others have sent something: pings and ARP answered, resets and
 * acknowledgements for what is repeated. Anybody can ask for these without end, so they have a
 * budget of their own, a twentieth of the rate, in parts that cannot use each other up:
 *
 *     rate ─┬─ 95 % and more ──── sessions, probes
 *           └─ 5 % ─┬─ 0.5 %  the gateway asks for our link-layer address
 *                   ├─ 1.5 %  so does anybody else
 *                   ├─ 1 %    pings
 *                   └─ 2 %    TCP: resets and acknowledgements of what comes again
 *
 * Scans slower than 100 a second answer as if they were as fast: five frames a second. Replies are
 * charged to the core's budget (budget.h) as long as they take no more than a tenth of its rate;
 * what the floors take beyond that goes on top of the rate, since a flood would stop a slow scan
 * otherwise. That happens below 50 a second only. Without a rate the parts are of the frames sent
 * in the last second.
 *
 * Pure, owner core only. Time is in microseconds.
 */
#pragma once

#include "rate.h"

enum dp_reply {
	DP_REPLY_GATEWAY,   /* ARP or ND, asked for by the gateway, at its own address */
	DP_REPLY_NEIGHBOUR, /* by anybody else */
	DP_REPLY_ECHO,
	DP_REPLY_TCP,
	DP_N_REPLY
};

/* The last second, in slots of a tenth. */
#define DP_REPLY_SLOTS	 10
#define DP_REPLY_SLOT_US 100000

struct dp_replies {
	uint32_t n_cores;
	bool by_rate;	   /* a rate is given; else by what was sent */
	uint32_t unit_len; /* bytes on the wire that cost one token; 0: any frame does */
	struct dp_rate part[DP_N_REPLY];
	struct dp_rate charged;	    /* what the core's budget may be charged */
	uint64_t n_frames, n_bytes; /* sent beyond that, bytes on the wire: not to be charged */
	/* Frames sent since the start, at the end of each of the last slots; a ring. */
	uint64_t sent[DP_REPLY_SLOTS];
	uint32_t slot;
	uint64_t slot_end_us;
};

/**
 * Start with full parts.
 * @param n_cores   in: poll cores that share the floors, above 0
 * @param pps       in: this core's rate, in frames; 0: none
 * @param unit_len  in: where bandwidth is limited, bytes on the wire of the frame that pps counts;
 *                  else 0
 */
void dp_replies_init(struct dp_replies *replies, uint32_t n_cores, double pps, uint32_t unit_len,
	uint64_t now_us);

/** Change the rate from now on; parameters as above. */
void dp_replies_set(struct dp_replies *replies, double pps, uint32_t unit_len, uint64_t now_us);

/**
 * Once in each turn: tell what the core has sent.
 * @param n_frames  in: all frames since the start, replies included
 */
void dp_replies_turn(struct dp_replies *replies, uint64_t n_frames, uint64_t now_us);

/**
 * May a reply be sent? If so it is taken as sent.
 * @param wire_len  in: bytes on the wire, dp_wire_len()
 * @return false: its part is used up; it has to be counted
 */
bool dp_replies_take(
	struct dp_replies *replies, enum dp_reply reply, uint32_t wire_len, uint64_t now_us);
