/* SPDX-License-Identifier: BSD-3-Clause */
/* The guard of --min-hitrate: ends a scan that finds nothing, whatever is displayed. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct sc_guard {
	double min_share;      /* 0: no guard */
	uint64_t start_us;     /* when probing began */
	uint64_t low_since_us; /* since when the share has been too low, 0: it is not */
};

/**
 * Look: the share of answers is of all targets since the start, as ZMap counts it, looked at after
 * 5 s of warm-up.
 * @param n_answers  in: targets with a valid SYN-ACK
 * @param n_targets  in: targets probed
 * @return true when it has been too low for 5 s
 */
bool sc_guard_look(struct sc_guard *guard, uint64_t now_us, uint64_t n_answers, uint64_t n_targets);
