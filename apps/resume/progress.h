/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From where a scan can be resumed if it is killed now.
 *
 * A target is done if its last probe was sent longer ago than its answer may take (the cooldown).
 * So the scan is sampled several times a second:
 *
 *     at_us     time of the sample
 *     settled   no target below this index is probed again (except from the list of open work)
 *     begun     no target from this index on has been probed
 *     results   bytes of results.jsonl
 *
 * The position at time t is an index L and a byte O:
 *
 * - L is the settled index of the newest sample that is at least one cooldown older than t. Every
 *   target below L is done: it has its line in the results, is open work, or did not answer.
 * - O is the size of the results in the newest sample with begun <= L. When the file had this size,
 *   no target from L on had been probed. So all lines of such targets begin at O or later, and a
 *   resumed run reads from O which of them it need not probe again. O is never taken from a later
 *   sample than L, so that targets that were probed again within the cooldown have their lines
 *   behind O too.
 *
 * Pure; one thread at a time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RE_PROGRESS_SAMPLES 512
#define RE_PROGRESS_GAP_US  100000 /* between samples at first */

struct re_progress_sample {
	uint64_t at_us, results_bytes, begun, settled;
};

/* Where a resumed run begins. */
struct re_progress_position {
	uint64_t index;		/* L */
	uint64_t results_bytes; /* O */
};

struct re_progress {
	struct re_progress_position sure; /* returned last; it never goes back */
	bool moved;	      /* sure comes from a sample, and no longer from where the run began */
	uint64_t begun_floor; /* as given to re_progress_init() */
	uint64_t gap_us;      /* between samples; doubled if there is no room for more */
	size_t n;
	struct re_progress_sample samples[RE_PROGRESS_SAMPLES]; /* oldest first */
};

/**
 * Begin a run.
 * @param progress     out: without samples
 * @param at           in: where the run begins
 * @param begun_floor  in: the results hold no line of a target from this index on; at.index if
 *                     there are no such lines
 */
void re_progress_init(
	struct re_progress *progress, struct re_progress_position at, uint64_t begun_floor);

/**
 * Is it time for another sample?
 * @param progress  in: the samples so far
 * @param now_us    in: scan time
 */
bool re_progress_due(const struct re_progress *progress, uint64_t now_us);

/**
 * Add a sample. Of its fields none is lower than in the sample before.
 * @param progress  in/out: if it has no room, every second sample is dropped
 * @param sample    in: the caller has read results_bytes before begun and settled, and at_us after
 *                  them; copied
 */
void re_progress_add(struct re_progress *progress, const struct re_progress_sample *sample);

/**
 * The position from which a run can be resumed if it is killed from now on.
 * @param progress  in/out: samples that are not needed any more are dropped
 * @param now_us    in: scan time until which answers were received
 * @param wait_us   in: how long an answer may take
 * @return the position, never lower than the one before
 */
struct re_progress_position re_progress_settled(
	struct re_progress *progress, uint64_t now_us, uint64_t wait_us);
