/* SPDX-License-Identifier: BSD-3-Clause */
/* What `tlsweep` returns to the shell; docs/scan.md and --help say the same. */
#pragma once

enum ut_exit {
	UT_EXIT_DONE = 0, /* everything that was asked for was scanned and written */
	UT_EXIT_SETUP =
		1, /* nothing was sent: port, memory, permission, a list, or the output folder */
	UT_EXIT_USAGE = 2,	 /* nothing was sent: the command line is wrong */
	UT_EXIT_INTERRUPTED = 3, /* stopped by a signal; results and summary are whole. During
				    set-up: there are none */
	UT_EXIT_OUTPUT = 4, /* a write failed (disk full); what was written before is whole lines */
	UT_EXIT_PORT = 5,   /* the port failed during the scan (link down, device gone) */
	UT_EXIT_GUARD = 6,  /* --min-hitrate ended the scan; results and summary are whole */
};
