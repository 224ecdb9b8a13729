/* SPDX-License-Identifier: BSD-3-Clause */
/* A scan's copy of its open work (snapshot.h), over all cores. Writer thread, except for
 * dp_snapshot_finish(). */
#pragma once

#include "dataplane/core/notes.h"
#include "dataplane/core/scan_shared.h"

/** Ask all cores for a copy. The copy before it must not be read any more. */
void dp_snapshot_ask(struct dp_scan *scan);

/** Has every core published the copy that was asked for last? */
bool dp_snapshot_ready(const struct dp_scan *scan);

/**
 * A core's part of the copy, after dp_snapshot_ready() has returned true.
 * @param scan        in
 * @param poll_index  in: below config.n_poll
 * @return its fields copy, n and overflow, valid until the next dp_snapshot_ask()
 */
const struct dp_notes *dp_snapshot_copy(const struct dp_scan *scan, uint32_t poll_index);

/** Has the writer thread taken all records that the cores had handed over when they published the
 * copy? After dp_snapshot_ready() has returned true. */
bool dp_snapshot_taken(const struct dp_scan *scan);

/**
 * Complete the copy after all poll cores have returned. The only thread that uses the scan.
 * @param scan  in/out
 * @return false if the scan was aborted: its connections were reset without a record
 */
bool dp_snapshot_finish(struct dp_scan *scan);

/**
 * How far all cores have come, as indices of the permutation.
 * @param scan     in
 * @param begun    out: this run has probed no target from this index on
 * @param settled  out: no target below this index is probed again, except by the retry list
 * @return false if targets of config.again are left, which come first
 */
bool dp_snapshot_progress(const struct dp_scan *scan, uint64_t *begun, uint64_t *settled);
