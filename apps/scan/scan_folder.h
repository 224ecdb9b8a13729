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
	struct js_asked asked;	 /* for the writer */
	struct out_writer *writer;
	struct su_prefix_table *prefixes; /* open pairs by network; the writer thread counts */
};

/**
 * Open the folder, if it is there. The folder of a running scan is refused, with --overwrite too.
 * The first step of all.
 * @param output  out: folder
 * @param plan    in: options
 * @param end     out: on failure
 */
int sc_folder_look(struct sc_output *output, const struct sc_plan *plan, struct sc_end *end);

/** Take the folder's lock, if it is not taken yet; make the folder, if it is not there. */
int sc_folder_lock(struct sc_output *output, const struct sc_plan *plan, struct sc_end *end);

/** Take the lock and open the writer: from here on the folder has our files.
 * @param output  in/out: gets lock, writer and table of networks
 * @param plan    in: options and targets
 * @param end     out: on failure */
int sc_folder_open(struct sc_output *output, const struct sc_plan *plan, struct sc_end *end);

/** Write the options with which --resume begins. Called late: a run that is refused
 * leaves those of the earlier run as they are. */
int sc_folder_save_config(
	const struct sc_output *output, const struct sc_plan *plan, struct sc_end *end);

/** Open the control socket in the folder. A scan can do without: a failure is told on standard
 * error.
 * @param output   in: folder
 * @param plan     in: options
 * @param control  out: open if the socket could be made */
void sc_folder_control(
	const struct sc_output *output, const struct sc_plan *plan, struct ctl_socket *control);

/** Close the writer, if it is open, and free the table of networks. */
void sc_folder_close_writer(struct sc_output *output);

/** Make the folder of a new scan that has not begun free for the next one.
 * @param output  in: its writer is closed
 * @param begun   in: the poll cores were started; nothing is done then */
void sc_folder_leave(const struct sc_output *output, bool begun);

/** Release the lock and close the folder. The last step of all. */
void sc_folder_close(struct sc_output *output);
