/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The signals of a scan: handlers only count, control does the work.
 *
 * While the scan is being set up, control is not there yet and may be held up for long: by a list
 * of millions of lines, by a pipe, by DPDK. What comes meanwhile is kept for it, but for a second
 * SIGINT or SIGTERM, which ends the process there and then.
 */
#pragma once

#include <stddef.h>

/* How many of each have come since sc_watch_signals_catch(). */
struct sc_watch_signals {
	unsigned int n_stop; /* SIGINT, SIGTERM: 1 stop probing, 2 stop now, 3 the default action */
	unsigned int n_reload;		 /* SIGHUP: read the exclude lists again */
	unsigned int n_faster, n_slower; /* SIGUSR1, SIGUSR2: 5 % each, as in ZMap */
};

/**
 * Take over the signals. Main thread, before anything that takes long and before DPDK, whose
 * threads inherit them; once in a process. A read that SIGINT or SIGTERM meets fails with EINTR,
 * one that the others meet continues.
 */
void sc_watch_signals_catch(void);

/** Set-up is over: from here on control looks after the second SIGINT as well. Main thread. */
void sc_watch_signals_begin(void);

/** Any thread. */
struct sc_watch_signals sc_watch_signals_seen(void);
