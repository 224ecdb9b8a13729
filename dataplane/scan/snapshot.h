/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The open work of a poll core, copied for a checkpoint while the core runs.
 *
 *   writer                                   poll core, a bounded step per turn
 *     dp_snapshot_ask() ──wanted──►          connections ► retries ► deferred ► recent
 *     dp_snapshot_ready() ◄──published──     n_records: records handed over until then
 *     writes those records, then the targets
 *
 * During a walk a target moves forwards through that order: a connection may go to the retry list,
 * and a target that was asked again stays among the recent ones until its answer is overdue. Two
 * ways lead back, and both are noted when they happen: a second connection is opened for a target,
 * or a target that was asked again answers. So each target that is open work from the request to
 * the publication is in the copy. Some are in it twice, or have got their record meanwhile. A
 * resumed scan finds those in the results.
 */
#pragma once

#include <stdatomic.h>

#include "dataplane/core/scan_config.h"

/* Entries looked at in one step. */
#define DP_SNAPSHOT_STEP 256

struct dp_prober;
struct dp_rx;

enum dp_snapshot_phase {
	DP_SNAPSHOT_IDLE,
	DP_SNAPSHOT_CONNS,
	DP_SNAPSHOT_RETRIES,
	DP_SNAPSHOT_DEFERRED,
	DP_SNAPSHOT_RECENT,
};

struct dp_snapshot {
	struct dp_rx *rx;		/* of this core: connections, retry list, notes */
	const struct dp_prober *prober; /* the same */
	/* Written by the core before it publishes, read by the writer from then to its next
	 * request, as is the copy in the core's notes (core/notes.h). */
	uint64_t n_records;	    /* DP_RECORDS at the end of the walk */
	_Atomic uint32_t published; /* number of the last complete copy; written by the core */
	/* Read and written by the core alone. */
	enum dp_snapshot_phase phase;
	uint32_t number; /* of the current or last copy */
	uint32_t at;	 /* place in the current phase */
};

/** Bytes that a core's notes need; 0 if the scan keeps no checkpoint. Any thread. */
size_t dp_snapshot_memory(const struct dp_scan_config *config);

/**
 * Prepare the snapshot and the notes of a core. Main thread, before the lcores start.
 * @param s       out: zeroed before
 * @param rx      in/out: of this core, with poll and work set; its notes begin; borrowed
 * @param prober  in: of this core; borrowed
 * @param memory  in: dp_snapshot_memory() bytes; borrowed, outlives the core
 */
void dp_snapshot_init(
	struct dp_snapshot *s, struct dp_rx *rx, const struct dp_prober *prober, void *memory);

/**
 * Continue the copy that was asked for, if there is one. Owner core. Not called after an abort: the
 * connections are gone and their work is still open, so the last checkpoint stays valid.
 */
void dp_snapshot_step(struct dp_snapshot *s);
