/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Control while the poll cores run: signals, limits, guards, the link, the disk, the neighbours,
 * the status line. Main thread only.
 */
#pragma once

#include "scan_run.h"
#include "watch_state.h"

/**
 * Begin, when the poll cores are about to start.
 * @param w       out
 * @param run     in: its scan has been built; the parts that are watched are borrowed
 * @param now_us  in: scan time: limits and rates count from here
 */
void sc_watch_start(struct sc_watch *w, struct sc_run *run, uint64_t now_us);

/** Look after a scan whose poll cores have been started, until all of them have returned. Sets
 * exit_reason, exit_code, err, pace and disk_waits of the run. */
void sc_watch_scan(struct sc_watch *w);
