/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The output folder in the set-up of a scan: steps of sc_setup(). With -o - they do nothing, except
 * that sc_folder_open() opens the results. Each returns 0, or -1 with run->err and run->exit_code
 * set. Main thread.
 */
#pragma once

#include "scan_run.h"

/** Open the folder if it exists, and refuse it if a scan is running there, even with --overwrite.
 * The first step. */
int sc_folder_look(struct sc_run *run);

/** Lock the folder and open the writer. From here on the folder holds files of this run. */
int sc_folder_open(struct sc_run *run);

/** Write scan.conf, which --resume reads. It comes late: a run that is refused leaves the one of an
 * earlier run as it is. */
int sc_folder_save_config(struct sc_run *run);

/** Open the control socket. If that fails, the user is told, and the scan runs without it: returns
 * 0. */
int sc_folder_control(struct sc_run *run);

/** Remove the files of a new scan that has not begun, so that the folder is free for the next one.
 * The writer is closed. */
void sc_folder_leave(const struct sc_run *run);
