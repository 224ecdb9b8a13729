/* SPDX-License-Identifier: BSD-3-Clause */
#include "wheel.h"

#include "seq.h"
#include "tcp.h"

#define WHEEL_MASK (TS_WHEEL_SLOTS - 1u)

_Static_assert((TS_WHEEL_SLOTS & (TS_WHEEL_SLOTS - 1)) == 0, "slots are found by a mask");
_Static_assert(TS_WHEEL_SLOTS <= TS_WHEEL_UNLINKED, "a slot number fits wheel_slot");

void ts_wheel_init(struct ts_wheel *w, struct ts_conn *conns, uint32_t *heads, uint32_t tick)
{
	*w = (struct ts_wheel){.conns = conns, .heads = heads, .cursor = tick};
	for (uint32_t i = 0; i < TS_WHEEL_SLOTS; i++)
		heads[i] = TS_CONN_NONE;
}

/* Ticks from the cursor to where the connection is queued: 0..4095. */
static uint32_t wheel_distance(const struct ts_wheel *w, const struct ts_conn *c)
{
	return (c->wheel_slot - w->cursor) & WHEEL_MASK;
}

static void wheel_link(struct ts_wheel *w, uint32_t conn, uint32_t slot)
{
	struct ts_conn *c = &w->conns[conn];

	c->wheel_slot = (uint16_t)slot;
	c->wheel_prev = TS_CONN_NONE;
	c->wheel_next = w->heads[slot];
	if (c->wheel_next != TS_CONN_NONE)
		w->conns[c->wheel_next].wheel_prev = conn;
	w->heads[slot] = conn;
}

void ts_wheel_remove(struct ts_wheel *w, uint32_t conn)
{
	struct ts_conn *c = &w->conns[conn];

	if (c->wheel_slot == TS_WHEEL_UNLINKED)
		return;
	if (c->wheel_prev == TS_CONN_NONE)
		w->heads[c->wheel_slot] = c->wheel_next;
	else
		w->conns[c->wheel_prev].wheel_next = c->wheel_next;
	if (c->wheel_next != TS_CONN_NONE)
		w->conns[c->wheel_next].wheel_prev = c->wheel_prev;
	c->wheel_slot = TS_WHEEL_UNLINKED;
}

void ts_wheel_arm(struct ts_wheel *w, uint32_t conn, uint32_t tick)
{
	struct ts_conn *c = &w->conns[conn];
	uint32_t distance = ts_seq_lt(tick, w->cursor) ? 0 : tick - w->cursor;

	if (distance > WHEEL_MASK)
		distance = WHEEL_MASK;
	if (c->wheel_slot != TS_WHEEL_UNLINKED) {
		if (wheel_distance(w, c) <= distance)
			return;
		ts_wheel_remove(w, conn);
	}
	wheel_link(w, conn, (w->cursor + distance) & WHEEL_MASK);
}

uint32_t ts_wheel_pop(struct ts_wheel *w, uint32_t now)
{
	/* Bound: the ticks since the last call; a nanosecond each. */
	while (ts_seq_leq(w->cursor, now)) {
		uint32_t conn = w->heads[w->cursor & WHEEL_MASK];

		if (conn != TS_CONN_NONE) {
			ts_wheel_remove(w, conn);
			return conn;
		}
		w->cursor++;
	}
	return TS_CONN_NONE;
}
