/* SPDX-License-Identifier: BSD-3-Clause */
#include "watch_link.h"

#include <errno.h>

/* Probes between a loss and the next look are lost. In so short a time these are no more than the
 * answers that are on their way. */
#define LOOK_US 100000
/* Some ports take so long to negotiate with a switch that was restarted. */
#define LINK_PATIENCE_US 10000000

void sc_watch_link_start(struct sc_watch_link *link, uint64_t now_us, bool seen)
{
	*link = (struct sc_watch_link){.looked_us = now_us, .seen = seen};
}

bool sc_watch_link_due(const struct sc_watch_link *link, uint64_t now_us)
{
	return now_us - link->looked_us >= LOOK_US;
}

enum sc_link_verdict sc_watch_link_take(struct sc_watch_link *link, int alive, uint64_t now_us)
{
	bool was_lost = link->lost_us != 0;

	link->looked_us = now_us;
	if (alive == 0) {
		link->seen = true;
		link->lost_us = 0;
		return was_lost ? SC_LINK_BACK : SC_LINK_UP;
	}
	if (alive != -ENOLINK)
		return SC_LINK_FAILED;
	if (!was_lost) {
		link->lost_us = now_us;
		return SC_LINK_LOST;
	}
	return link->seen && now_us - link->lost_us >= LINK_PATIENCE_US ? SC_LINK_FAILED
									: SC_LINK_DOWN;
}
