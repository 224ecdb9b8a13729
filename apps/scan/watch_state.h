/* SPDX-License-Identifier: BSD-3-Clause */
/* What control knows between two looks at a running scan. Main thread only. */
#pragma once

#include "apps/output/output_limit.h"
#include "apps/status/display.h"
#include "cooldown.h"
#include "guard.h"
#include "scan_run.h"
#include "watch_disk.h"
#include "watch_link.h"
#include "watch_neigh.h"
#include "watch_signals.h"

struct watch {
	struct scan_run *run;
	struct display display;
	struct guard guard;
	enum dp_mode mode;
	struct watch_signals signals; /* those that have been dealt with */
	struct cooldown cooldown;
	uint64_t start_us;  /* scan time when the poll cores were started */
	uint64_t served_us; /* scan time when all of them surely were running last, with a link */
	struct watch_link link;
	struct watch_disk disk;
	struct watch_neigh neigh;
	bool told_no_link, told_no_room; /* what poll cores know */
	struct output_limit output;
};

/** Can answers come in? Without a link or a gateway silence says nothing. */
static inline bool watch_hears(const struct watch *w)
{
	return w->link.lost_us == 0 && w->neigh.lost_us == 0;
}
