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
 * middle of its talk, and an answer to what was sent again. So each target that is under way at the
 * request and at the end is in the copy; some are there twice, or have got their record meanwhile,
 * which whoever goes on finds in the results.
 */
#pragma once

#include <stdatomic.h>

#include "scan.h"

#define DP_RECENT_SLOTS	 65536
#define DP_SNAPSHOT_STEP 256

struct dp_poll;

enum dp_snapshot_phase {
	DP_SNAPSHOT_IDLE,
	DP_SNAPSHOT_CONNS,
	DP_SNAPSHOT_RETRIES,
	DP_SNAPSHOT_DEFERRED,
	DP_SNAPSHOT_RECENT,
};

/* A target that was probed out of turn less than a cooldown ago. */
struct dp_recent {
	struct dp_target target;
	uint64_t sent_us;
};

struct dp_snapshot {
	/* The copy: written by the core from the request to the publication, read by the writer
	 * from then to the next request. */
	struct dp_target *targets;
	uint32_t n, cap;
	bool overflow;		    /* there was no room for all: not to be used */
	uint64_t n_records;	    /* DP_RECORDS at the end */
	_Atomic uint32_t published; /* number of the last finished copy; written by the core */
	/* The core's own. */
	enum dp_snapshot_phase phase;
	uint32_t number, at;
	struct dp_recent *recent; /* DP_RECENT_SLOTS, ring */
	uint32_t recent_head, recent_tail;
};

/** Bytes a core needs; 0 when the scan keeps no checkpoint. Any thread. */
size_t dp_snapshot_memory(const struct dp_scan_config *config);

/** Prepare. @param memory in: dp_snapshot_memory() bytes, outlives the core */
void dp_snapshot_init(struct dp_poll *poll, void *memory);

/* Poll core. */

/** Go on with the copy that was asked for, if one was. */
void dp_snapshot_step(struct dp_poll *poll);

/** May a target be probed out of turn now? Always, when the scan keeps no checkpoint. */
bool dp_recent_room(struct dp_poll *poll);

/** Remember that one was: only after dp_recent_room() said yes. */
void dp_recent_add(struct dp_poll *poll, const struct dp_target *target);

/** A connection was opened, or a retry put on the list, for a target that may have been walked past
 * already. */
void dp_snapshot_note(struct dp_poll *poll, const struct ts_addr *addr, uint16_t service);

/* Writer thread. */

/** Ask all cores for a copy; the one before is given back. */
void dp_snapshot_ask(struct dp_scan *scan);

/** Is the copy that was asked for last complete on all cores? */
bool dp_snapshot_ready(const struct dp_scan *scan);

/**
 * Complete the copy for cores that do not run any more.
 * @return false: the scan was aborted, its connections are gone without a trace
 */
bool dp_snapshot_finish(struct dp_scan *scan);

/**
 * How far all cores have come, as indices of the permutation.
 * @param begun    out: no target from here on has been probed by this run
 * @param settled  out: no target below is probed again, but out of turn
 * @return false while targets of config.again are left: they come first
 */
bool dp_snapshot_progress(const struct dp_scan *scan, uint64_t *begun, uint64_t *settled);
