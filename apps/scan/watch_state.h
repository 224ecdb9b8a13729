/* SPDX-License-Identifier: BSD-3-Clause */
/* What control knows between two looks at a running scan. Main thread only. */
#pragma once

#include "apps/output/output_limit.h"
#include "apps/status/display.h"
#include "cooldown.h"
#include "guard.h"
#include "scan_account.h"
#include "scan_engine.h"
#include "watch_disk.h"
#include "watch_link.h"
#include "watch_live.h"
#include "watch_neigh.h"
#include "watch_signals.h"

struct sc_watch {
	/* Parts of the run; borrowed. */
	const struct sc_plan *plan;
	const struct ut_folder *folder; /* for the results; NULL: there is none */
	struct sc_engine *engine;
	struct re_keeper *keeper;
	struct ctl_socket *control;
	struct sc_account *account;
	struct sc_end *end;
	struct sc_live live; /* what a user may change */

	struct st_display display;
	struct sc_guard guard;
	enum dp_mode mode;
	struct sc_watch_signals signals; /* those that control has acted on */
	struct sc_cooldown cooldown;
	uint64_t start_us;  /* scan time when the poll cores were started */
	uint64_t served_us; /* latest scan time when all of them surely ran and answers came in */
	struct sc_watch_link link;
	struct sc_watch_disk disk;
	struct sc_watch_neigh neigh;
	bool told_no_link, told_no_room; /* what the poll cores were told last */
	struct out_limit output;
};

/** Can answers come in? Without a link or a gateway, silence means nothing. Main thread. */
static inline bool sc_watch_hears(const struct sc_watch *w)
{
	return w->link.lost_us == 0 && w->neigh.lost_us == 0;
}
