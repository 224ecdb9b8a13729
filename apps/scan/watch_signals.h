/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The signals of a scan: handlers only count, control does the work.
 *
 * Set-up may take long: a list of millions of lines, a pipe, DPDK. Control looks at signals only
 * after it, so they are counted meanwhile. A second SIGINT or SIGTERM during set-up ends the
 * process at once.
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
 * Install the handlers. Main thread, once in a process, before anything that takes long and before
 * DPDK starts threads. SIGINT and SIGTERM interrupt a read, which fails with EINTR; the others do
 * not. SIGPIPE and SIGXFSZ are ignored from here on.
 */
void sc_watch_signals_catch(void);

/** Set-up is over: from here on control acts on the second SIGINT or SIGTERM too. Main thread. */
void sc_watch_signals_begin(void);

/** How many signals of each kind have come. Any thread. */
struct sc_watch_signals sc_watch_signals_seen(void);
