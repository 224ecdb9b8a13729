/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "lab_wheel.h"

bool lab_wheel_init(struct lab_wheel *w, uint32_t n, uint64_t now_us)
{
	w->nodes = calloc(n, sizeof(*w->nodes));
	w->cursor = now_us / LAB_WHEEL_TICK_US;
	w->n_set = 0;
	for (uint32_t i = 0; w->nodes != NULL && i < n; i++)
		w->nodes[i].slot = LAB_WHEEL_NONE;
	for (uint32_t i = 0; i < LAB_WHEEL_SLOTS; i++)
		w->head[i] = w->tail[i] = LAB_WHEEL_NONE;
	return w->nodes != NULL;
}

void lab_wheel_fini(struct lab_wheel *w)
{
	free(w->nodes);
}

void lab_wheel_cancel(struct lab_wheel *w, uint32_t i)
{
	struct lab_wheel_node *node = &w->nodes[i];

	if (node->slot == LAB_WHEEL_NONE)
		return;
	*(node->prev == LAB_WHEEL_NONE ? &w->head[node->slot]
				       : &w->nodes[node->prev].next) = node->next;
	*(node->next == LAB_WHEEL_NONE ? &w->tail[node->slot]
				       : &w->nodes[node->next].prev) = node->prev;
	node->slot = LAB_WHEEL_NONE;
	w->n_set--;
}

static void wheel_link(struct lab_wheel *w, uint32_t i)
{
	struct lab_wheel_node *node = &w->nodes[i];
	uint64_t horizon = w->cursor + LAB_WHEEL_SLOTS - 1;
	uint64_t tick = node->due_tick < horizon ? node->due_tick : horizon;

	if (tick < w->cursor)
		tick = w->cursor;
	node->slot = (uint32_t)(tick % LAB_WHEEL_SLOTS);
	node->next = LAB_WHEEL_NONE;
	node->prev = w->tail[node->slot];
	*(node->prev == LAB_WHEEL_NONE ? &w->head[node->slot] : &w->nodes[node->prev].next) = i;
	w->tail[node->slot] = i;
	w->n_set++;
}

void lab_wheel_set(struct lab_wheel *w, uint32_t i, uint64_t due_us)
{
	lab_wheel_cancel(w, i);
	w->nodes[i].due_tick = (due_us + LAB_WHEEL_TICK_US - 1) / LAB_WHEEL_TICK_US;
	wheel_link(w, i);
}

uint32_t lab_wheel_pop(struct lab_wheel *w, uint64_t now_us)
{
	uint64_t now_tick = now_us / LAB_WHEEL_TICK_US;

	/* After a long pause, one round visits every slot. */
	if (w->n_set == 0 && w->cursor < now_tick)
		w->cursor = now_tick;
	if (w->cursor + LAB_WHEEL_SLOTS <= now_tick)
		w->cursor = now_tick - LAB_WHEEL_SLOTS + 1;
	for (; w->cursor <= now_tick; w->cursor++) {
		uint32_t i;

		/* Bound: an entry that only waits here moves to a later slot. */
		while ((i = w->head[w->cursor % LAB_WHEEL_SLOTS]) != LAB_WHEEL_NONE) {
			lab_wheel_cancel(w, i);
			if (w->nodes[i].due_tick <= now_tick)
				return i;
			wheel_link(w, i);
		}
		if (w->cursor == now_tick)
			break; /* entries may still be set for this tick */
	}
	return LAB_WHEEL_NONE;
}
