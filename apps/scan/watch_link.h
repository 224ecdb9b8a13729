/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The port under a running scan: it may go away, or lose its link for a while.
 *
 *   link ──LOST──► probes wait, no checkpoint is written ──BACK──► probes leave again, and the
 *                     │ LINK_PATIENCE_US                           cooldown starts anew
 *                     ▼
 *                  FAILED; at once for a port that is gone or was set down
 *
 * This unit decides, watch_act.c acts. Answers that were on their way when the link was lost never
 * arrive. So if the scan ends like this, the last checkpoint from before stays. It holds everything
 * that was probed less than a cooldown ago as open work, and nothing has been probed since. Pure;
 * main thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum sc_link_verdict {
	SC_LINK_UP,	/* the link is up, as at the last look */
	SC_LINK_BACK,	/* it was down at the last look, and now is up */
	SC_LINK_LOST,	/* it was up at the last look, and now is down */
	SC_LINK_DOWN,	/* it is down, as at the last look, and may come back */
	SC_LINK_FAILED, /* the port is gone, or the link has been down for too long */
};

struct sc_watch_link {
	uint64_t looked_us; /* scan time of the last look */
	uint64_t lost_us;   /* scan time since when the link has been down; 0: it is up */
	bool seen;	    /* the link has been up at least once */
};

/**
 * Begin, when the poll cores are about to start.
 * @param link    out: complete
 * @param now_us  in: scan time
 * @param seen    in: the link was up when the port was opened; false: its peer may come later, and
 *                the scan waits for it without limit
 */
void sc_watch_link_start(struct sc_watch_link *link, uint64_t now_us, bool seen);

/**
 * Is it time for another look?
 * @param link    in: started
 * @param now_us  in: scan time
 */
bool sc_watch_link_due(const struct sc_watch_link *link, uint64_t now_us);

/**
 * Take in the state of the port.
 * @param link    in/out: started
 * @param alive   in: the result of dp_port_alive(): 0, -ENOLINK or another -errno
 * @param now_us  in: scan time, never 0
 * @return what has become of the link
 */
enum sc_link_verdict sc_watch_link_take(struct sc_watch_link *link, int alive, uint64_t now_us);
