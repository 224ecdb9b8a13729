/* SPDX-License-Identifier: BSD-3-Clause */
/* The line on standard error once a second: what has been done, how fast, what holds it up. */
#pragma once

#include <stdio.h>

#include "dataplane/scan.h"

struct status {
	uint64_t last_us, start_us;
	uint64_t n_probes, n_tls; /* at the last line */
	uint64_t n_to_send;	  /* probes the whole scan will send at most */
};

/** Begin. @param n_to_send in: targets times probes */
void status_start(struct status *status, uint64_t now_us, uint64_t n_to_send);

/**
 * Print one line.
 * @param n_written  in: records on disk
 * @param left_us    in: known time left of the cooldown or runtime, 0: estimate from the rate
 */
void status_print(struct status *status, const struct dp_scan *scan, uint64_t n_written,
	uint64_t now_us, uint64_t left_us, FILE *out);
