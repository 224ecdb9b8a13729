/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a run leaves in the output folder for the next one, and what it takes over from the one
 * before: steps of sc_setup() and sc_control(). With -o - they do nothing. The steps that return
 * int return 0, or -1 with run->err and run->exit_code set. Main thread.
 */
#pragma once

#include "scan_run.h"

/**
 * With --resume: lock the folder, read its checkpoint, and take the seed from it. Before the lists
 * are read.
 * @param run  in/out: options and folder are set; resume is filled
 * @return 0; -1 as above, with exit_code 0 if nothing is left to do
 */
int sc_keep_load(struct sc_run *run);

/** With --resume: replace run->targets by those that the scan was begun with. */
int sc_keep_targets(struct sc_run *run);

/** Set run->part, and with --resume reduce run->config to what is left of it. After sc_plan(). */
int sc_keep_part(struct sc_run *run);

/** Lock the folder, if this run has not locked it yet. Creates the folder if it does not exist. */
int sc_keep_lock(struct sc_run *run);

/** Save the targets of a new scan, and write the first checkpoint. The scan has been built and the
 * writer is open. */
int sc_keep_open(struct sc_run *run);

/**
 * Write the last checkpoint, after all records are written. If that fails, run->err and exit_code
 * are set.
 * @param run        in/out: the scan has ended
 * @param served_us  in: as for re_keeper_close()
 */
void sc_keep_close(struct sc_run *run, uint64_t served_us);

/** After the summary: if nothing is left to do, write this into the checkpoint; else tell the user
 * how to resume. If writing fails, run->err and exit_code are set. */
void sc_keep_done(struct sc_run *run);

/** Free the keeper and what was read, release the lock and close the folder. */
void sc_keep_free(struct sc_run *run);
