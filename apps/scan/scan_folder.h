/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The output folder in the set-up of a scan: steps of scan_setup(), which do nothing with -o - but
 * for opening the results. Each: @return 0, or -1 with run->err and run->exit_code set. Main
 * thread.
 */
#pragma once

#include "scan_run.h"

/** Another scan's folder is not ours to write to, whatever --overwrite says. The first step of
 * all. */
int scan_folder_look(struct scan_run *run);

/** Take the lock and open the writer: from here on the folder has our files. */
int scan_folder_open(struct scan_run *run);

/** Write what --resume will begin with: a run that was refused leaves the earlier one's as it
 * is. */
int scan_folder_save_config(struct scan_run *run);

/** Open the control socket. A scan can do without: never fails. */
int scan_folder_control(struct scan_run *run);

/** Make the folder of a new scan that has not begun free for the next one; the writer is closed. */
void scan_folder_leave(const struct scan_run *run);
