/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where the results of a scan go: the output folder, its lock, its writer. With -o - there is no
 * folder, and the writer writes to standard output.
 *
 * The functions that return int are steps of sc_setup(): 0, or -1 with sentence and exit code in
 * end. Main thread.
 */
#pragma once

#include "scan_end.h"
#include "scan_plan.h"
#include "apps/control/control_socket.h"
#include "apps/output/writer.h"
#include "apps/summary/prefix_table.h"

struct sc_output {
	struct ut_folder folder; /* fd -1: there is none, or not yet */
	int lock_fd;		 /* on the folder, 0: none */
	bool fresh;		 /* the files of a scan in the folder are of this run alone */
	struct out_writer *writer;
	struct su_prefix_table *prefixes; /* open pairs by network; the writer thread counts */
};

/**
 * Open the folder if it exists, and refuse it if a scan is running there, even with --overwrite.
 * The first step.
 * @param output  in/out: all zero
 * @param plan    in: options are set
 * @param end     out: set on failure
 */
int sc_folder_look(struct sc_output *output, const struct sc_plan *plan, struct sc_end *end);

/**
 * Lock the folder, if this run has not locked it yet. Creates the folder if it does not exist.
 * @param output  in/out: after sc_folder_look()
 * @param plan    in: options are set
 * @param end     out: set on failure
 */
int sc_folder_lock(struct sc_output *output, const struct sc_plan *plan, struct sc_end *end);

/**
 * Lock the folder and open the writer. From here on the folder holds files of this run.
 * @param output  in/out: after sc_folder_look()
 * @param plan    in: options and targets are set
 * @param end     out: set on failure
 */
int sc_folder_open(struct sc_output *output, const struct sc_plan *plan, struct sc_end *end);

/**
 * Write scan.conf, which --resume reads. It comes late: a run that is refused leaves the one of an
 * earlier run as it is.
 * @param output  in: its folder is open
 * @param plan    in: options are set
 * @param end     out: set on failure
 */
int sc_folder_save_config(
	const struct sc_output *output, const struct sc_plan *plan, struct sc_end *end);

/**
 * Open the control socket in the folder. If that fails, the user is told, and the scan runs without
 * it.
 * @param output   in: its folder is open; borrowed for the life of control
 * @param plan     in: options are set
 * @param control  out: written if there is a folder
 */
void sc_folder_control(
	const struct sc_output *output, const struct sc_plan *plan, struct ctl_socket *control);

/** Close the writer, if it is open, and free the table of networks. @param output  in/out */
void sc_folder_close_writer(struct sc_output *output);

/**
 * Remove the files of a new scan that has not begun, so that the folder is free for the next one.
 * @param output  in: its writer is closed
 * @param begun   in: the poll cores were started
 */
void sc_folder_leave(const struct sc_output *output, bool begun);

/** Release the lock and close the folder. The last step. @param output  in/out */
void sc_folder_close(struct sc_output *output);
