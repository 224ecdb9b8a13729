/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a poll core may send because others have sent something: answers to pings, ARP and ND, and
 * resets and acknowledgements for repeated segments. Anybody can ask for these without end, so they
 * have a budget of their own. It is a twentieth of the rate, in parts that cannot use each other
 * up:
 *
 *     rate ─┬─ 95 % and more ──── sessions, probes
 *           └─ 5 % ─┬─ 0.5 %  the gateway asks for our link-layer address
 *                   ├─ 1.5 %  others ask for it
 *                   ├─ 1 %    pings
 *                   └─ 2 %    TCP: resets and acknowledgements for repeated segments
 *
 * A scan slower than 100 frames a second answers as if it sent 100: five replies a second. Replies
 * are charged to the core's budget (budget.h) as long as they take no more than a tenth of its
 * rate. What they take beyond that is sent in addition to the rate, since a flood could stop a slow
 * scan otherwise. This happens only below 50 frames a second. If there is no rate, the parts are
 * shares of the frames sent in the last second.
 *
 * Pure: time comes in as an argument, in microseconds. Only the core that owns the budget calls
 * these functions.
 */
#pragma once

#include "rate.h"

enum dp_reply {
	DP_REPLY_GATEWAY,   /* ARP or ND, asked for by the gateway from its known MAC address */
	DP_REPLY_NEIGHBOUR, /* ARP or ND, asked for by anybody else */
	DP_REPLY_ECHO,	    /* a ping */
	DP_REPLY_TCP,	    /* RST or ACK for a repeated segment */
	DP_N_REPLY
};

/* The frames of the last second are counted in ten slots. */
#define DP_REPLY_SLOTS	 10
#define DP_REPLY_SLOT_US 100000

struct dp_replies {
	uint32_t n_cores;
	bool by_rate;	   /* parts are shares of a rate; false: of the frames sent */
	uint32_t unit_len; /* bytes on the wire that cost one token; 0: a frame costs one */
	struct dp_rate part[DP_N_REPLY];
	struct dp_rate charged;	    /* replies that may be charged to the core's budget */
	uint64_t n_frames, n_bytes; /* replies beyond that, and their bytes on the wire */
	/* Frames sent since the start, as counted at the end of each of the last slots; a ring. */
	uint64_t sent[DP_REPLY_SLOTS];
	uint32_t slot; /* the oldest one, overwritten next */
	uint64_t slot_end_us;
};

/**
 * Start with full parts.
 * @param replies   out
 * @param n_cores   in: poll cores that share the smallest budget of five replies a second, above 0
 * @param pps       in: frames a second of this core; 0: no rate
 * @param unit_len  in: if bandwidth is limited, bytes on the wire of the frame that pps counts;
 *                  otherwise 0
 * @param now_us    in: time
 */
void dp_replies_init(struct dp_replies *replies, uint32_t n_cores, double pps, uint32_t unit_len,
	uint64_t now_us);

/**
 * Change the rate from now on.
 * @param replies   in/out
 * @param pps       in: as for dp_replies_init()
 * @param unit_len  in: as for dp_replies_init()
 * @param now_us    in: time
 */
void dp_replies_set(struct dp_replies *replies, double pps, uint32_t unit_len, uint64_t now_us);

/**
 * Say what the core has sent. Called once in each turn.
 * @param replies   in/out
 * @param n_frames  in: frames since the start, replies included
 * @param now_us    in: time
 */
void dp_replies_turn(struct dp_replies *replies, uint64_t n_frames, uint64_t now_us);

/**
 * May a reply be sent? If so, it is charged as sent.
 * @param replies   in/out
 * @param reply     in: its kind, below DP_N_REPLY
 * @param wire_len  in: its dp_wire_len(), in bytes
 * @param now_us    in: time
 * @return false if its part is used up; the caller counts it as suppressed
 */
bool dp_replies_take(
	struct dp_replies *replies, enum dp_reply reply, uint32_t wire_len, uint64_t now_us);
