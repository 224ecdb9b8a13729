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
 * @param w       out: complete, except for display
 * @param run     in/out: its scan has been built; its parts are borrowed for the life of w
 * @param now_us  in: scan time, from which limits and rates count
 */
void sc_watch_start(struct sc_watch *w, struct sc_run *run, uint64_t now_us);

/** Look after a scan whose poll cores have been started, until all of them have returned. Sets how
 * the run ends, and pace, heard_out and disk_waits of its account. @param w  in/out: started */
void sc_watch_scan(struct sc_watch *w);
