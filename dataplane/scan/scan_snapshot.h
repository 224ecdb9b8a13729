/* SPDX-License-Identifier: BSD-3-Clause */
/* A scan's copy of its open work (snapshot.h), over all cores. Writer thread. */
#pragma once

#include "dataplane/core/notes.h"
#include "dataplane/core/scan_shared.h"

/** Ask all cores for a copy; the one before is given back. */
void dp_snapshot_ask(struct dp_scan *scan);

/** Is the copy that was asked for last complete on all cores? */
bool dp_snapshot_ready(const struct dp_scan *scan);

/** A core's part of the copy, once dp_snapshot_ready() has returned true; valid until the next
 * request. */
const struct dp_notes *dp_snapshot_copy(const struct dp_scan *scan, uint32_t poll_index);

/** Has the writer thread taken all records that the cores handed over before that copy was
 * complete (dp_scan_next_record())? */
bool dp_snapshot_taken(const struct dp_scan *scan);

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
