/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A timer wheel over indices: LAB_WHEEL_SLOTS slots of LAB_WHEEL_TICK_US, one entry for each index.
 * One thread at a time.
 *
 *     cursor ──► [slot] ⇄ 7 ⇄ 3      entries of a slot come out in the order in which they were set
 *                [slot]
 *                [slot] ⇄ 12         beyond the horizon: waits in the last slot, is then set again
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
	uint64_t cursor; /* all ticks before it are done */
	uint32_t n_set;	 /* entries that are set */
	uint32_t head[LAB_WHEEL_SLOTS], tail[LAB_WHEEL_SLOTS];
};

/**
 * Make an empty wheel.
 * @param w       out: to be freed with lab_wheel_fini()
 * @param n       in: indices are below n
 * @param now_us  in: the time
 * @return false: memory is short
 */
bool lab_wheel_init(struct lab_wheel *w, uint32_t n, uint64_t now_us);

/** Free the entries. */
void lab_wheel_fini(struct lab_wheel *w);

/** Set the entry of index i to the time due_us, or move it there. */
void lab_wheel_set(struct lab_wheel *w, uint32_t i, uint64_t due_us);

/** Remove the entry of index i, if it is set. */
void lab_wheel_cancel(struct lab_wheel *w, uint32_t i);

/**
 * Remove the next entry that is due; never early.
 * @param w       in/out: the wheel
 * @param now_us  in: the time
 * @return its index; LAB_WHEEL_NONE: none is due
 */
uint32_t lab_wheel_pop(struct lab_wheel *w, uint64_t now_us);
