/* SPDX-License-Identifier: BSD-3-Clause */
/* The line on standard error once a second: what has been done, how fast, what the scan waits
 * for. */
#pragma once

#include "tally.h"

#include <stdio.h>

struct st_status {
	uint64_t last_us, start_us; /* scan time of the last line and of the start */
	/* The counters at the last line. */
	uint64_t n_probes, n_frames, wire_bytes, n_tls, n_noise, n_held_back;
};

/**
 * Begin.
 * @param status  out: started
 * @param now_us  in: scan time
 */
void st_status_start(struct st_status *status, uint64_t now_us);

/**
 * Print one line. Prints nothing if no time has passed since the line before.
 * @param status   in/out: started
 * @param tally    in: the sums now
 * @param left_us  in: time that is left of the cooldown; 0: it is estimated from the progress. Not
 *                 printed while the scan stops.
 * @param out      in: the stream that it is printed to
 */
void st_status_print(
	struct st_status *status, const struct st_tally *tally, uint64_t left_us, FILE *out);
