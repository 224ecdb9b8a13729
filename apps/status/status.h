/* SPDX-License-Identifier: BSD-3-Clause */
/* The line on standard error once a second: what has been done, how fast, what holds it up. */
#pragma once

#include "tally.h"

#include <stdio.h>

struct st_status {
	uint64_t last_us, start_us;
	/* at the last line */
	uint64_t n_probes, n_frames, wire_bytes, n_tls, n_noise, n_held_back;
};

/** Begin. */
void st_status_start(struct st_status *status, uint64_t now_us);

/**
 * Print one line.
 * @param left_us    in: known time left of the cooldown, 0: estimate from the progress; while the
 *                   scan stops nothing is said of it
 */
void st_status_print(
	struct st_status *status, const struct st_tally *tally, uint64_t left_us, FILE *out);
