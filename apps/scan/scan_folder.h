/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The output folder in the set-up of a scan: steps of sc_setup(), which do nothing with -o - but
 * for opening the results. Each: @return 0, or -1 with run->err and run->exit_code set. Main
 * thread.
 */
#pragma once

#include "scan_run.h"

/** Another scan's folder is not ours to write to, whatever --overwrite says. The first step of
 * all. */
int sc_folder_look(struct sc_run *run);

/** Take the lock and open the writer: from here on the folder has our files. */
int sc_folder_open(struct sc_run *run);

/** Write what --resume will begin with: a run that was refused leaves the earlier one's as it
 * is. */
int sc_folder_save_config(struct sc_run *run);

/** Open the control socket. A scan can do without: never fails. */
int sc_folder_control(struct sc_run *run);

/** Make the folder of a new scan that has not begun free for the next one; the writer is closed. */
void sc_folder_leave(const struct sc_run *run);
