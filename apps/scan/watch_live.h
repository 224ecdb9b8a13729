/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a user changes while the scan runs: exclusions, limits, the end.
 *
 * Changes of exclusions and limits are carried out here. If the user ends the scan, the verdict
 * says so, and watch_act.c acts. Main thread only.
 */
#pragma once

#include "apps/control/control_line.h"
#include "apps/resume/keeper.h"
#include "apps/summary/exclusions.h"
#include "scan_plan.h"

#define SC_WATCH_REPLY_LEN 1024 /* bytes of a sentence with its NUL */

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
	SC_LIVE_STOP,	 /* end the scan: no new probes, but wait for late answers */
	SC_LIVE_ABORT,	 /* end the scan at once */
};

/**
 * Read the files of --blocklist-file again and exclude what is new in them. If one of them has a
 * mistake, nothing changes. Blocks until no packet goes there any more, a few milliseconds, and
 * then up to 5 s until the checkpoint is on the disk.
 * @param live   in: what it refers to is in/out: exclusions and keeper grow
 * @param reply  out: a sentence in any case
 * @return 0; -EINVAL, -ENOMEM or the -errno of reading: nothing has changed; -ETIMEDOUT: in force,
 *         but not confirmed by the poll cores, or not on the disk; the -errno of writing the
 *         checkpoint: in force
 */
int sc_live_exclude_files(const struct sc_live *live, char reply[SC_WATCH_REPLY_LEN]);

/**
 * Change the limits by a factor: what SIGUSR1 and SIGUSR2 do.
 * @param live    in: its scan gets the new limits
 * @param factor  in: above 0
 * @param reply   out: the new limits, or why they stay
 * @return 0; -ENOMEM: the limits stay
 */
int sc_live_scale_limits(const struct sc_live *live, double factor, char reply[SC_WATCH_REPLY_LEN]);

/**
 * Carry out a line of the control socket, other than help and status. May block, as
 * sc_live_exclude_files() does.
 * @param live     in: what it refers to is in/out
 * @param line     in: parsed
 * @param no_link  in: the link is down, so that no checkpoint is written now
 * @param reply    out: a sentence in any case
 * @return what was done, or what is left to do
 */
enum sc_live_verdict sc_live_line(const struct sc_live *live, const struct ctl_line *line,
	bool no_link, char reply[SC_WATCH_REPLY_LEN]);
