/* SPDX-License-Identifier: BSD-3-Clause */
/* The guard of --min-hitrate: ends a scan that finds nothing. Pure; one thread at a time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct sc_guard {
	double min_share;      /* answers by targets, 0 to 1; 0: no guard */
	uint64_t start_us;     /* scan time when probing began */
	uint64_t low_since_us; /* scan time since when the share has been too low; 0: it is not */
};

/**
 * Take in the counters. The share is that of all targets since the start, as in ZMap, and is judged
 * after 5 s of warm-up.
 * @param guard      in/out: min_share and start_us are set
 * @param now_us     in: scan time
 * @param n_answers  in: targets with a valid SYN-ACK
 * @param n_targets  in: targets probed
 * @return true if the share has been too low for 5 s
 */
bool sc_guard_look(struct sc_guard *guard, uint64_t now_us, uint64_t n_answers, uint64_t n_targets);
