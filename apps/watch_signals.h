/* SPDX-License-Identifier: BSD-3-Clause */
/* The signals of a scan: handlers only count, control does the work. */
#pragma once

#include <stddef.h>

/* How many of each have come since watch_signals_catch(). */
struct watch_signals {
	unsigned int n_stop; /* SIGINT, SIGTERM: 1 stop probing, 2 stop now, 3 the default action */
	unsigned int n_reload;		 /* SIGHUP: read the exclude lists again */
	unsigned int n_faster, n_slower; /* SIGUSR1, SIGUSR2: 5 % each, as in ZMap */
};

/** Take over the signals. Main thread, before the lcores start. */
void watch_signals_catch(void);

struct watch_signals watch_signals_seen(void);
