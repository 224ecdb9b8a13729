/* SPDX-License-Identifier: BSD-3-Clause */
#include "watch_signals.h"

#include <signal.h>
#include <stdbool.h>

/* Raised by the handler alone, read by control: how many of each kind have come. */
static volatile sig_atomic_t n_stop, n_reload, n_faster, n_slower;
/* Set by control before it looks for the first time, read by the handler. */
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
		/* Should even the hasty end get stuck (a full pipe), the third signal ends the
		 * process. */
		if (n_stop >= 2)
			signal(number, SIG_DFL);
		/* Nobody may be there to see the second one: it comes again, to the default action,
		 * as soon as this returns. */
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

		/* Only what ends the scan may end a read from a pipe that nobody writes to. */
		action.sa_flags = stops ? 0 : SA_RESTART;
		sigaction(numbers[i], &action, NULL);
	}
	/* A reader that goes away or a file grown too large is a write error, not the end of the
	 * process. */
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
