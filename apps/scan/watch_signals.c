/* SPDX-License-Identifier: BSD-3-Clause */
#include "watch_signals.h"

#include <signal.h>
#include <stdbool.h>

/* How many of each kind have come. Written by the handler alone, read by any thread. */
static volatile sig_atomic_t n_stop, n_reload, n_faster, n_slower;
/* Written by control before its first look, read by the handler. */
static volatile sig_atomic_t has_begun;

static void on_signal(int number)
{
	switch (number) {
	case SIGHUP:
		n_reload = n_reload + 1;
		return;
	case SIGUSR1:
		n_faster = n_faster + 1;
		return;
	case SIGUSR2:
		n_slower = n_slower + 1;
		return;
	default:
		n_stop = n_stop + 1;
		/* If even the quick end is blocked (by a full pipe), the third signal ends the
		 * process. */
		if (n_stop >= 2)
			signal(number, SIG_DFL);
		/* During set-up nobody acts on the second one: raise it again, so that the default
		 * action ends the process when this returns. */
		if (n_stop >= 2 && !has_begun)
			raise(number);
	}
}

void sc_watch_signals_catch(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};
	struct sigaction action = {.sa_handler = on_signal};

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		bool stops = numbers[i] == SIGINT || numbers[i] == SIGTERM;

		/* A signal that ends the scan must interrupt a read from a pipe without a
		 * writer. */
		action.sa_flags = stops ? 0 : SA_RESTART;
		sigaction(numbers[i], &action, NULL);
	}
	/* If a reader goes away or a file becomes too large, writing fails and the process
	 * lives. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

void sc_watch_signals_begin(void)
{
	has_begun = 1;
}

struct sc_watch_signals sc_watch_signals_seen(void)
{
	return (struct sc_watch_signals){
		.n_stop = (unsigned int)n_stop,
		.n_reload = (unsigned int)n_reload,
		.n_faster = (unsigned int)n_faster,
		.n_slower = (unsigned int)n_slower,
	};
}
