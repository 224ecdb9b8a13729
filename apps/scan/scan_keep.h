/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What one run leaves for the next in the output folder, and what it takes over from the one
 * before: steps of scan_setup() and scan_control(). All do nothing with -o -. Main thread.
 */
#pragma once

#include "scan_run.h"

/**
 * Before the lists are read. With --resume: take the folder's lock, read its checkpoint, take the
 * seed from it.
 * @return 0, or -1 with run->err and run->exit_code set; exit_code 0: nothing is left to do
 */
int scan_keep_load(struct scan_run *run);

/** With --resume: take the targets the scan was begun with. 0, or -1 as above. */
int scan_keep_targets(struct scan_run *run);

/** With --resume: take what is left of the scan's part of the permutation. 0, or -1 as above. */
int scan_keep_part(struct scan_run *run);

/** Take the folder's lock, when it is not taken yet; make the folder when it is not there. 0, or -1
 * as above. */
int scan_keep_lock(struct scan_run *run);

/** Write the first checkpoint, when the scan has been built and the writer is open. 0, or -1. */
int scan_keep_open(struct scan_run *run);

/** Write the last one, when all records are written. Sets run->err and exit_code when it fails. */
void scan_keep_close(struct scan_run *run, uint64_t served_us);

/** Say that nothing is left to do, if so; after the summary. Sets run->err and exit_code too. */
void scan_keep_done(struct scan_run *run);

void scan_keep_free(struct scan_run *run);
