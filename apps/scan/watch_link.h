/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The port under a running scan: it may go away, or lose its link for a while.
 *
 *   link ──lost──► probes wait, no checkpoint is written ──back──► on with it, the cooldown anew
 *                     │ LINK_PATIENCE_US
 *                     ▼
 *                  port-failed, and so at once for a port that is gone or was set down
 *
 * What was probed before the loss is lost with its answers as far as these were on their way. So
 * the checkpoint from before stands when the scan ends like this: in it is as open work what was
 * probed less than a cooldown ago, and nothing was probed since. Main thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct watch;

struct watch_link {
	uint64_t looked_us; /* last look */
	uint64_t lost_us;   /* since when there has been no link; 0: there is one */
	bool seen;	    /* there was one, or is sure to have been */
	bool told;	    /* poll cores know that there is none */
};

/** Begin: the poll cores are about to start. */
void watch_link_start(struct watch *w);

/** Look whether it is time to, and do what is due. */
void watch_link(struct watch *w, uint64_t now_us);
