/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A poll core's share of what the port may send: packets a second, bits a second, or both.
 *
 * All frames share one budget. Frames of connections are never held back: they are charged when
 * they have been queued. Replies to strangers are charged the same way and have a budget of their
 * own (replies.h). New probes get what is left, and nothing while there is an overdraft. So the
 * whole scan keeps its rate: the more sessions there are, the fewer probes are sent.
 *
 *     receive ─► replies ─► TLS ─► charge all that ─► is anything left? ─► probes
 *
 * Pure: the clock and the totals come in as arguments. Only the core that owns a budget calls these
 * functions, unless their contract says otherwise.
 */
#pragma once

#include "rate.h"

/* Bytes that a frame takes on the wire besides its own: checksum 4, preamble and delimiter 8, gap
 * 12. A frame shorter than DP_WIRE_MIN bytes is padded to that. */
#define DP_WIRE_MORE 24
#define DP_WIRE_MIN  60

/**
 * Bytes that a frame takes on the wire, with padding, checksum, preamble and gap.
 * @param frame_len  in: bytes of the frame, without checksum
 * @return bytes; pure, any thread
 */
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
 * Start with one probe's worth of tokens.
 * @param budget     out
 * @param pps        in: frames a second, fractions allowed; 0: no limit
 * @param bps        in: bits a second on the wire; 0: no limit
 * @param probe_len  in: bytes of the longest probe's frame, above 0
 * @param tsc_hz     in: ticks of the clock in a second, above 0
 * @param now_tsc    in: the clock, in ticks
 */
void dp_budget_init(struct dp_budget *budget, double pps, double bps, uint32_t probe_len,
	uint64_t tsc_hz, uint64_t now_tsc);

/**
 * Probes a second that two limits allow together. Pure.
 * @param budget  in: says how long a probe is on the wire; its own limits are not read
 * @param pps     in: frames a second; 0: no limit
 * @param bps     in: bits a second on the wire; 0: no limit
 * @return the stricter of both limits in probes a second; 0: no limit
 */
double dp_budget_pps(const struct dp_budget *budget, double pps, double bps);

/**
 * Change the limits from now on. Tokens earned so far are kept.
 * @param budget   in/out
 * @param pps      in: frames a second; 0: no limit
 * @param bps      in: bits a second on the wire; 0: no limit
 * @param now_tsc  in: the clock, in ticks
 */
void dp_budget_set(struct dp_budget *budget, double pps, double bps, uint64_t now_tsc);

/**
 * Charge what has been queued since the last call, and say what is left for probes.
 * @param budget    in/out
 * @param now_tsc   in: the clock, in ticks
 * @param n_frames  in: frames queued since the start that are to be charged, a running total
 * @param n_bytes   in: the sum of their dp_wire_len(), a running total
 * @return probes that may be queued now, 0 to DP_RATE_BURST; the caller reports the new totals with
 *         dp_budget_sent() when it has queued them
 */
uint32_t dp_budget_probes(
	struct dp_budget *budget, uint64_t now_tsc, uint64_t n_frames, uint64_t n_bytes);

/**
 * Charge what has been queued since the last call, such as probes.
 * @param budget    in/out
 * @param n_frames  in: as for dp_budget_probes(), probes included; a smaller total than the last
 *                  one charges nothing
 * @param n_bytes   in: the same in bytes on the wire
 */
void dp_budget_sent(struct dp_budget *budget, uint64_t n_frames, uint64_t n_bytes);

/**
 * Do the same as dp_budget_probes() when no target is left to probe. Tokens that find the bucket
 * full do not count as lost then.
 * @param budget    in/out
 * @param now_tsc   in: the clock, in ticks
 * @param n_frames  in: as for dp_budget_probes()
 * @param n_bytes   in: as for dp_budget_probes()
 */
void dp_budget_rest(
	struct dp_budget *budget, uint64_t now_tsc, uint64_t n_frames, uint64_t n_bytes);

/** Probes since the start that the limits would have allowed while something else held them up. */
uint64_t dp_budget_lost(const struct dp_budget *budget);

/** Frames since the start that were not charged because the overdraft was at its largest. */
uint64_t dp_budget_forgiven(const struct dp_budget *budget);
