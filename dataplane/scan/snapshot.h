/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The open work of a poll core, copied for a checkpoint while the core goes on.
 *
 *   writer                                   poll core, a bounded step per loop
 *     dp_snapshot_ask() ──wanted──►          connections ► retries ► deferred ► recent
 *     dp_snapshot_ready() ◄──published──     n_records: records handed over until then
 *     writes those records, then the targets
 *
 * A target moves only forwards through that order while it is walked: a connection may go back to
 * the retry list, and what was sent again stays among the recent ones until its answer is overdue.
 * The two ways back are noted when they happen: a connection that is opened for a target in the
 * middle of its dialog, and an answer to what was sent again. So each target that is under way at the
 * request and at the end is in the copy; some are there twice, or have got their record meanwhile,
 * which whoever goes on finds in the results.
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
	struct dp_rx *rx;		/* of this core, whose connections are copied */
	const struct dp_prober *prober; /* the same */
	/* Written by the core before it publishes, read by the writer from then to its next
	 * request; so is the copy in the core's notes (core/notes.h). */
	uint64_t n_records;	    /* DP_RECORDS at the end */
	_Atomic uint32_t published; /* number of the last finished copy; written by the core */
	/* The core's own. */
	enum dp_snapshot_phase phase;
	uint32_t number, at;
};

/** Bytes a core's notes need; 0 when the scan keeps no checkpoint. Any thread. */
size_t dp_snapshot_memory(const struct dp_scan_config *config);

/**
 * Prepare, with the core's notes.
 * @param s       out: zeroed before
 * @param rx      in: of this core; borrowed
 * @param prober  in: of this core; borrowed
 * @param memory  in: dp_snapshot_memory() bytes, outlives the core
 */
void dp_snapshot_init(
	struct dp_snapshot *s, struct dp_rx *rx, const struct dp_prober *prober, void *memory);

/**
 * Continue the copy that was asked for, if one was. Not after an abort: the connections are gone
 * and their work is still open, so that the checkpoint before it stands. Owner core.
 */
void dp_snapshot_step(struct dp_snapshot *s);
