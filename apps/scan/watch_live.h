/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a user changes while the scan runs: exclusions, limits, the end.
 *
 * A change of exclusions or limits is carried out here. When the scan is to end, the verdict says
 * so, and watch_act.c acts. Main thread only.
 */
#pragma once

#include "apps/control/control_line.h"
#include "apps/resume/keeper.h"
#include "apps/summary/exclusions.h"
#include "scan_plan.h"

#define SC_WATCH_REPLY_LEN 1024

/* The parts of a run that a change needs; borrowed. */
struct sc_live {
	const struct sc_plan *plan;
	struct dp_scan *scan;
	struct re_keeper *keeper; /* keeps exclusions for --resume */
	struct su_exclusions *exclusions;
};

enum sc_live_verdict {
	SC_LIVE_DONE,	 /* carried out */
	SC_LIVE_REFUSED, /* not carried out, or not in full: the reply says why */
	SC_LIVE_STOP,	 /* no new probe is to leave, and late answers are waited for */
	SC_LIVE_ABORT,	 /* the scan is to end at once */
};

/**
 * Read the files of --blocklist-file again and exclude what is new in them; on a mistake in one of
 * them nothing changes. Blocks until no packet goes there any more, a few milliseconds, and then up
 * to 5 s until the checkpoint is on the disk.
 * @param live   in: all that it names is in/out
 * @param reply  out: a sentence, whatever the outcome
 * @return 0; -EINVAL or the -errno of reading; -ENOMEM: nothing has changed; -ETIMEDOUT: in force,
 *         but not confirmed by the poll cores, or not on the disk; or the -errno of writing the
 *         checkpoint: in force
 */
int sc_live_exclude_files(const struct sc_live *live, char reply[SC_WATCH_REPLY_LEN]);

/**
 * Change the limits by a factor: what SIGUSR1 and SIGUSR2 do.
 * @param factor  in: above 0
 * @param reply   out: the new limits, or why they stay
 * @return 0 or -ENOMEM
 */
int sc_live_scale_limits(const struct sc_live *live, double factor, char reply[SC_WATCH_REPLY_LEN]);

/**
 * Carry out a line of the control socket, other than help and status.
 * @param line     in
 * @param no_link  in: the link is down, and no checkpoint is written
 * @param reply    out: a sentence, whatever the outcome
 */
enum sc_live_verdict sc_live_line(const struct sc_live *live, const struct ctl_line *line,
	bool no_link, char reply[SC_WATCH_REPLY_LEN]);
