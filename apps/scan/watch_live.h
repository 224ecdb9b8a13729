/* SPDX-License-Identifier: BSD-3-Clause */
/* What a user changes while the scan runs: exclusions, limits, the end. Main thread only. */
#pragma once

#include "watch.h"

#define WATCH_REPLY_LEN 1024

/**
 * Exclude what is new in a set. Blocks until no packet goes there any more, a few milliseconds.
 * @param ranges  in: a normal set
 * @param source  in: where it came from, for the account
 * @param reply   out: a sentence, whatever the outcome
 * @return 0; -ENOMEM; -ETIMEDOUT: in force, but not confirmed by the poll cores, or not on the
 *         disk; or the -errno of writing the checkpoint: in force
 */
int watch_exclude(struct watch *w, const struct dp_ranges *ranges, const char *source,
	char reply[WATCH_REPLY_LEN]);

/** Read the files of --blocklist-file again and exclude what is new in them; on a mistake in one of
 * them nothing changes. reply, return: as above, and -EINVAL or the errno of reading. */
int watch_exclude_files(struct watch *w, char reply[WATCH_REPLY_LEN]);

/** Change the limits by a factor: what SIGUSR1 and SIGUSR2 do. */
int watch_scale_limits(struct watch *w, double factor, char reply[WATCH_REPLY_LEN]);

/** Carry out a line of the control socket: a control_answer for a struct watch. */
void watch_command(void *arg, char *text, char reply[CONTROL_REPLY_MAX]);
