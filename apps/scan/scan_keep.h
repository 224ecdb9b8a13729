/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What one run leaves for the next in the output folder, and what it takes over from the one
 * before: steps of sc_setup() and sc_control(). All do nothing with -o -. Main thread.
 */
#pragma once

#include "scan_run.h"

/**
 * Before the lists are read. With --resume: take the folder's lock, read its checkpoint, take the
 * seed from it.
 * @return 0, or -1 with run->err and run->exit_code set; exit_code 0: nothing is left to do
 */
int sc_keep_load(struct sc_run *run);

/** With --resume: take the targets the scan was begun with. 0, or -1 as above. */
int sc_keep_targets(struct sc_run *run);

/** With --resume: take what is left of the scan's part of the permutation. 0, or -1 as above. */
int sc_keep_part(struct sc_run *run);

/** Take the folder's lock, when it is not taken yet; make the folder when it is not there. 0, or -1
 * as above. */
int sc_keep_lock(struct sc_run *run);

/** Write the first checkpoint, when the scan has been built and the writer is open. 0, or -1. */
int sc_keep_open(struct sc_run *run);

/** Write the last one, when all records are written. Sets run->err and exit_code when it fails. */
void sc_keep_close(struct sc_run *run, uint64_t served_us);

/** Say that nothing is left to do, if so; after the summary. Sets run->err and exit_code too. */
void sc_keep_done(struct sc_run *run);

void sc_keep_free(struct sc_run *run);
