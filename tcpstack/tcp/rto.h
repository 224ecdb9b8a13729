/* SPDX-License-Identifier: BSD-3-Clause */
/* The retransmission time-out (RFC 6298): smoothed round trip, its variance, and the back-off. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct ts_rtt {
	uint32_t srtt_us, rttvar_us; /* 0/0 until the first sample */
	uint32_t rto_us;	     /* after back-off; a new sample ends the back-off (Karn) */
};

struct ts_rtt_limits {
	uint32_t min_us, max_us;
	uint32_t granularity_us; /* G of RFC 6298 2: one timer tick */
};

/**
 * Add one round trip of a segment that was sent exactly once (RFC 6298 2.2, 2.3, 3).
 * @param rtt        in/out: the estimate
 * @param sample_us  in: 0 counts as 1, because srtt 0 means "no sample yet"; capped at
 * limits->max_us
 * @param limits     in: bounds of the time-out
 * Pure; any thread.
 */
void ts_rtt_sample(struct ts_rtt *rtt, uint32_t sample_us, const struct ts_rtt_limits *limits);

/** Double the time-out after it has expired, up to limits->max_us (RFC 6298 5.5). Pure. */
void ts_rtt_back_off(struct ts_rtt *rtt, const struct ts_rtt_limits *limits);
