/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The timer wheel: one timer for each connection, its links inside the connection.
 *
 *     slot = tick mod 4096          cursor: first tick that has not been emptied
 *
 *        ... | done | done | cursor | +1 | +2 | ... | +4095 | (same slots again)
 *                             |                        |
 *                          conn 7 <-> conn 3         conn 9: due later than the wheel is long,
 *                                                    visited here and queued again
 *
 * The wheel is lazy. The next ACK postpones most timers long before they fire. So postponing or
 * disarming writes only the connection's own tick fields, and the connection stays queued where it
 * was. When its slot comes, the owner finds nothing due and queues it again for the later tick.
 * Only a timer that becomes due earlier is linked anew. So a queued connection may come early,
 * never late.
 *
 * The slot number alone gives the tick for which a connection is queued, because all queued ticks
 * are in [cursor, cursor + 4095]. Ticks wrap modulo 2^32.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct ts_conn;

#define TS_WHEEL_SLOTS	  4096
#define TS_WHEEL_UNLINKED UINT16_MAX

struct ts_wheel {
	struct ts_conn *conns; /* uses wheel_next, wheel_prev and wheel_slot of each */
	uint32_t *heads;       /* TS_WHEEL_SLOTS connection indices */
	uint32_t cursor;       /* ticks before this one are empty */
};

/**
 * Start with an empty wheel.
 * @param w      out: the wheel
 * @param conns  in: borrowed for the life of the wheel; before the first call that names a
 *               connection, the caller sets its wheel_slot to TS_WHEEL_UNLINKED
 * @param heads  in: TS_WHEEL_SLOTS elements, any content, outlives the wheel
 * @param tick   in: the current tick
 */
void ts_wheel_init(struct ts_wheel *w, struct ts_conn *conns, uint32_t *heads, uint32_t tick);

/** Queue the connection so that it comes at tick or earlier. A tick in the past means the cursor.
 */
void ts_wheel_arm(struct ts_wheel *w, uint32_t conn, uint32_t tick);

/** Take the connection out, if it is queued. */
void ts_wheel_remove(struct ts_wheel *w, uint32_t conn);

/**
 * Take out one connection that is queued for now or earlier.
 * @return its index, or TS_CONN_NONE if none is queued up to and including now
 */
uint32_t ts_wheel_pop(struct ts_wheel *w, uint32_t now);
