/* SPDX-License-Identifier: BSD-3-Clause */
/* The retransmission timeout (RFC 6298): smoothed round trip, its variance, and the back-off. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct ts_rtt {
	uint32_t srtt_us, rttvar_us; /* 0/0 until the first sample */
	uint32_t rto_us;	     /* as backed off; a new sample ends the back-off (Karn) */
};

struct ts_rtt_limits {
	uint32_t min_us, max_us;
	uint32_t granularity_us; /* G of RFC 6298 2: one timer tick */
};

/**
 * Fold in one round trip of a segment sent exactly once (RFC 6298 2.2, 2.3, 3).
 * @param rtt        in, out
 * @param sample_us  in: 0 counts as 1, for srtt 0 means "no sample yet"; capped at limits->max_us
 * Pure; any thread.
 */
void ts_rtt_sample(struct ts_rtt *rtt, uint32_t sample_us, const struct ts_rtt_limits *limits);

/** Double the timeout after an expiry, up to limits->max_us (RFC 6298 5.5). */
void ts_rtt_back_off(struct ts_rtt *rtt, const struct ts_rtt_limits *limits);
