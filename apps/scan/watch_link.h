/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The port under a running scan: it may go away, or lose its link for a while.
 *
 *   link ──LOST──► probes wait, no checkpoint is written ──BACK──► probes leave again, and the
 *                     │ LINK_PATIENCE_US                           cooldown starts anew
 *                     ▼
 *                  FAILED; at once for a port that is gone or was set down
 *
 * This unit decides, watch_act.c acts. Probes whose answers were still on their way when the link
 * was lost are lost. So when the scan ends like this, the checkpoint from before stands: it holds
 * everything probed less than a cooldown ago as open work, and nothing has been probed since.
 * Pure. Main thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum sc_link_verdict {
	SC_LINK_UP,	/* the link is there, as before */
	SC_LINK_BACK,	/* it is there again since this look */
	SC_LINK_LOST,	/* it is gone since this look */
	SC_LINK_DOWN,	/* it is still gone, and may come back */
	SC_LINK_FAILED, /* the port is gone, or the link has been away for too long */
};

struct sc_watch_link {
	uint64_t looked_us; /* scan time of the last look */
	uint64_t lost_us;   /* scan time since when there has been no link; 0: there is one */
	bool seen;	    /* there was one, or is sure to have been */
};

/**
 * Begin, when the poll cores are about to start.
 * @param link    out
 * @param now_us  in: scan time
 * @param seen    in: the port had its link when it was opened; false: its peer may come later, and
 *                is waited for without limit
 */
void sc_watch_link_start(struct sc_watch_link *link, uint64_t now_us, bool seen);

/** Is it time for another look? @param now_us  in: scan time */
bool sc_watch_link_due(const struct sc_watch_link *link, uint64_t now_us);

/**
 * Take in a look at the port.
 * @param alive   in: what dp_port_alive() has returned: 0, -ENOLINK or another -errno
 * @param now_us  in: scan time, never 0
 * @return what has become of the link
 */
enum sc_link_verdict sc_watch_link_take(struct sc_watch_link *link, int alive, uint64_t now_us);
