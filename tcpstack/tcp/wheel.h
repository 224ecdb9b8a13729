/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The timer wheel: one timer for each connection, its links inside the connection.
 *
 *     slot = tick mod 4096          cursor: first tick that has not been emptied
 *
 *        ... | done | done | cursor | +1 | +2 | ... | +4095 | (same slots again)
 *                             |                        |
 *                          conn 7 <-> conn 3         conn 9: due later than the wheel is long,
 *                                                    looked at here and queued again
 *
 * Lazy: most timers are put off by the next ACK long before they fire, so putting off or disarming
 * touches only the connection's own tick fields. The connection stays queued where it was; when its
 * slot comes up, the owner finds nothing due and queues it again for the later tick. Only a timer
 * that moves nearer is relinked. A queued connection can thus come up early, never late.
 *
 * The slot number alone gives the tick a connection is queued for, as all queued ticks lie in
 * [cursor, cursor + 4095]. Ticks wrap modulo 2^32.
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
 * @param conns  in: borrowed for the life of the wheel; wheel_slot of a connection is set to
 *               TS_WHEEL_UNLINKED by the caller before the first call that names it
 * @param heads  in: TS_WHEEL_SLOTS elements, any content, outlives the wheel
 * @param tick   in: the current tick
 */
void ts_wheel_init(struct ts_wheel *w, struct ts_conn *conns, uint32_t *heads, uint32_t tick);

/** Make sure that the connection comes up at tick or before; a tick in the past means the cursor.
 */
void ts_wheel_arm(struct ts_wheel *w, uint32_t conn, uint32_t tick);

/** Take the connection out, if it is queued. */
void ts_wheel_remove(struct ts_wheel *w, uint32_t conn);

/**
 * Take out one connection that is queued for now or before.
 * @return its index, or TS_CONN_NONE when the wheel is empty up to and including now
 */
uint32_t ts_wheel_pop(struct ts_wheel *w, uint32_t now);
