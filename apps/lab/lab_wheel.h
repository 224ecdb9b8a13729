/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A timer wheel over indices: LAB_WHEEL_SLOTS slots of LAB_WHEEL_TICK_US, one entry per index.
 *
 *     cursor ──► [slot] ⇄ 7 ⇄ 3      entries of one slot come out in the order they went in
 *                [slot]
 *                [slot] ⇄ 12         beyond the horizon: parked in the last slot, set again there
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define LAB_WHEEL_TICK_US 100
#define LAB_WHEEL_SLOTS	  4096
#define LAB_WHEEL_NONE	  UINT32_MAX

struct lab_wheel_node {
	uint64_t due_tick;
	uint32_t next, prev;
	uint32_t slot; /* LAB_WHEEL_NONE: not set */
};

struct lab_wheel {
	struct lab_wheel_node *nodes;
	uint64_t cursor; /* every tick before it has been served */
	uint32_t n_set;
	uint32_t head[LAB_WHEEL_SLOTS], tail[LAB_WHEEL_SLOTS];
};

/** Prepare a wheel for indices below n. @return false when memory is short */
bool lab_wheel_init(struct lab_wheel *w, uint32_t n, uint64_t now_us);
void lab_wheel_fini(struct lab_wheel *w);

/** Set or move the entry of an index. */
void lab_wheel_set(struct lab_wheel *w, uint32_t i, uint64_t due_us);

/** Take the entry of an index out, if it is in. */
void lab_wheel_cancel(struct lab_wheel *w, uint32_t i);

/** Take out the next entry that is due; never early. @return its index or LAB_WHEEL_NONE */
uint32_t lab_wheel_pop(struct lab_wheel *w, uint64_t now_us);
