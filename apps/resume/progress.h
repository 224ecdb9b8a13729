/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How far a scan has come, said so that a killed one can go on from there.
 *
 * A target is over with when it was probed for the last time longer ago than its answer may take.
 * So the scan is sampled, several times a second:
 *
 *     at_us ──────────────────────────────────────────────────────────► time
 *     settled   no target below it is probed again (but from the list of open work)
 *     begun     no target from here on has been probed
 *     results   bytes of results.jsonl
 *
 * At time t everything below L, the settled position of a sample at least one cooldown before t, is
 * over with: it has its line in the results, is open work, or did not answer. And no target from L
 * on had been probed when results had O bytes, O from the newest sample with begun <= L: whoever
 * goes on at L finds the lines it need not ask for again behind O. O is never taken from a sample
 * later than the one of L, so that what was sent again within the cooldown has its line behind O
 * too.
 *
 * Pure; one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RE_PROGRESS_SAMPLES 512
#define RE_PROGRESS_GAP_US  100000

struct re_progress_sample {
	uint64_t at_us, results_bytes, begun, settled;
};

/* Where to go on. */
struct re_progress_position {
	uint64_t index;		/* L */
	uint64_t results_bytes; /* O */
};

struct re_progress {
	struct re_progress_position sure; /* what was said last; only ever moves on */
	bool moved;	      /* it rests on a sample, no longer on where the run began */
	uint64_t begun_floor; /* where the runs before had been */
	uint64_t gap_us;      /* between samples; doubled when there is no room for more */
	size_t n;
	struct re_progress_sample samples[RE_PROGRESS_SAMPLES]; /* oldest first */
};

/**
 * Begin a run.
 * @param at           in: where it begins
 * @param begun_floor  in: no line that is there already is of a target from here on; at->index when
 *                     there is none
 */
void re_progress_init(
	struct re_progress *progress, struct re_progress_position at, uint64_t begun_floor);

/** Is it time for another sample? */
bool re_progress_due(const struct re_progress *progress, uint64_t now_us);

/**
 * Take a sample. results_bytes is read before the positions, at_us after them; none goes backwards.
 */
void re_progress_add(struct re_progress *progress, const struct re_progress_sample *sample);

/**
 * Where a run would go on that is killed from now on.
 * @param now_us   in: until when answers were received
 * @param wait_us  in: how long an answer may take
 */
struct re_progress_position re_progress_settled(
	struct re_progress *progress, uint64_t now_us, uint64_t wait_us);
