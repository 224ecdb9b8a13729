/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "watch.h"

/* What is probed between a loss and the next look is lost: no more than answers on their way
 * are. */
#define LOOK_US 100000
/* As long as some ports take to agree with a switch that was started anew. */
#define LINK_PATIENCE_US 10000000

void watch_link_start(struct watch *w)
{
	w->link = (struct watch_link){
		.looked_us = w->start_us,
		/* A port was not opened without a link, but for one whose peer may come later. */
		.seen = w->run->port_spec.kind != DP_PORT_MEMIF,
	};
}

/* Tell the poll cores; out of memory: the next look tries again. */
static void tell(struct watch *w, bool up)
{
	if (w->link.told == up && dp_scan_set_link(w->run->scan, up) == 0)
		w->link.told = !up;
}

static void link_lost(struct watch *w, uint64_t now_us, const char *why)
{
	if (w->link.lost_us == 0) {
		w->link.lost_us = now_us;
		watch_hold(w);
		fprintf(stderr, "tlsweep: %s; probes wait\n", why);
	}
	tell(w, false);
}

static void link_there(struct watch *w, uint64_t now_us)
{
	w->link.seen = true;
	tell(w, true);
	if (w->link.lost_us == 0)
		return;
	fprintf(stderr, "tlsweep: the link is there after %.1f s without it; probes go on\n",
		(double)(now_us - w->link.lost_us) / 1e6);
	w->link.lost_us = 0;
	watch_hold(w);
}

void watch_link(struct watch *w, uint64_t now_us)
{
	struct scan_run *run = w->run;
	char why[RUN_ERR_LEN];
	int rc;

	if (w->mode == DP_ABORT || now_us - w->link.looked_us < LOOK_US)
		return;
	w->link.looked_us = now_us;
	rc = dp_port_alive(&run->port_spec, &run->port, why, sizeof(why));
	if (rc == 0) {
		link_there(w, now_us);
		return;
	}
	if (rc == -ENOLINK)
		link_lost(w, now_us, why);
	if (rc == -ENOLINK && (!w->link.seen || now_us - w->link.lost_us < LINK_PATIENCE_US))
		return;
	snprintf(run->err, sizeof(run->err), "%s", why);
	watch_end(w, DP_ABORT, "port-failed", SW_EXIT_PORT);
}
