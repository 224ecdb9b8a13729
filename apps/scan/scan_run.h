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
 * Build everything up to, and without, starting lcores.
 * @param run  in/out: argc, argv and plan.options are set, the rest is zero
 * @return 0, or -1 with run->end set, at SIGINT and SIGTERM too; sc_teardown() is due in both cases
 */
int sc_setup(struct sc_run *run);

/** Take it all down. The folder of a new scan that has not begun is left free for the next one. */
void sc_teardown(struct sc_run *run);

/** Has somebody asked for the end of a scan that has not begun? @param end  out: set then */
bool sc_setup_stopped(struct sc_end *end);

/**
 * Start the lcores and stay until the scan is over; sets run->end and fills run->account.
 * run->begun says whether it came so far.
 */
void sc_control(struct sc_run *run);

/** Write summary.json (or the summary line). If that fails, run->end says so. */
void sc_report_write(struct sc_run *run);
