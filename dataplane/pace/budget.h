/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A poll core's share of what the port may send: packets a second, bits a second, or both.
 *
 * One budget for all frames. What connections send goes first and is never held back; it is charged
 * when it has been queued. So are replies to strangers, which have bounds of their own (replies.h).
 * New probes get what is left, and nothing while there is an overdraft. So a scan keeps its word as a
 * whole: more sessions, fewer probes.
 *
 *     receive ─► replies ─► TLS ─► charge all that ─► is anything left? ─► probes
 *
 * Owner core only; the clock and the totals come in as arguments.
 */
#pragma once

#include "rate.h"

/* What a frame occupies on the wire besides its own bytes: checksum 4, preamble and delimiter 8,
 * gap 12; and it is padded to 60. */
#define DP_WIRE_MORE 24
#define DP_WIRE_MIN  60

static inline uint32_t dp_wire_len(uint32_t frame_len)
{
	return (frame_len < DP_WIRE_MIN ? DP_WIRE_MIN : frame_len) + DP_WIRE_MORE;
}

struct dp_budget {
	bool limited;
	uint32_t probe_wire_len; /* bytes, of the longest probe */
	struct dp_rate frames, bytes;
	uint64_t n_frames, n_bytes; /* charged so far */
};

/**
 * @param pps        in: frames a second, 0: no limit
 * @param bps        in: bits a second on the wire, 0: no limit
 * @param probe_len  in: length of the longest probe's frame
 */
void dp_budget_init(struct dp_budget *budget, double pps, double bps, uint32_t probe_len,
	uint64_t tsc_hz, uint64_t now_tsc);

/**
 * Probes a second that two limits allow together. Pure.
 * @param pps, bps  in: as above
 * @return 0: no limit
 */
double dp_budget_pps(const struct dp_budget *budget, double pps, double bps);

/** Change the limits from now on. */
void dp_budget_set(struct dp_budget *budget, double pps, double bps, uint64_t now_tsc);

/**
 * Charge what has been queued since the last call, and see what is left.
 * @param n_frames, n_bytes  in: all frames queued since the start that are to be charged, and their
 *         dp_wire_len()s
 * @return probes that may be queued now, at most DP_RATE_BURST; dp_budget_sent() is due then
 */
uint32_t dp_budget_probes(
	struct dp_budget *budget, uint64_t now_tsc, uint64_t n_frames, uint64_t n_bytes);

/** Charge the probes themselves. @param n_frames, n_bytes in: as above, probes included */
void dp_budget_sent(struct dp_budget *budget, uint64_t n_frames, uint64_t n_bytes);

/** As dp_budget_probes(), when there is nothing to probe: no token counts as lost for want of
 * one. */
void dp_budget_rest(
	struct dp_budget *budget, uint64_t now_tsc, uint64_t n_frames, uint64_t n_bytes);

/** Probes that the limits would have allowed while something else held them up. */
uint64_t dp_budget_lost(const struct dp_budget *budget);

/** Frames that sessions have sent beyond what an overdraft may hold. */
uint64_t dp_budget_forgiven(const struct dp_budget *budget);
