/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One run of `tlsweep scan`: what has been set up, and how it ended. All on the main thread.
 *
 * scan_plan.c says what it needs, scan_setup.c builds it from the options in the order in which
 * mistakes are cheapest to report (lists, output folder, memory, port), scan_control.c starts the
 * lcores and watches over them, scan_report.c writes the account. Only these, and watch.c when it
 * begins, see the whole; all others are given the parts that they use.
 */
#pragma once

#include "scan_account.h"
#include "scan_end.h"
#include "scan_engine.h"
#include "scan_folder.h"
#include "scan_keep.h"
#include "scan_plan.h"

struct sc_run {
	int argc;
	char **argv; /* as the user typed them; borrowed */
	struct sc_plan plan;
	struct sc_output output;
	struct sc_keep keep;
	struct sc_engine engine;
	struct ctl_socket control; /* only with a folder for the results */
	struct sc_account account;
	struct sc_end end;
	bool begun; /* the poll cores were started */
};

/**
 * Build everything, but start no lcore.
 * @param run  in/out: argc, argv and plan.options are set, the rest is zero. sc_teardown() is due
 *             in any case.
 * @return 0; -1 with run->end set, also after SIGINT or SIGTERM
 */
int sc_setup(struct sc_run *run);

/** Take it all down. The folder of a new scan that has not begun is left free for the next one.
 * @param run  in/out */
void sc_teardown(struct sc_run *run);

/** Has a signal asked for the end of a scan that has not begun? @param end  out: set if so */
bool sc_setup_stopped(struct sc_end *end);

/**
 * Start the lcores and return when the scan is over.
 * @param run  in/out: set up; end and account are filled, and begun says whether the poll cores
 *             were started
 */
void sc_control(struct sc_run *run);

/** Write summary.json or the summary line. @param run  in/out: end says if that fails */
void sc_report_write(struct sc_run *run);
