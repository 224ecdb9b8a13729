/* SPDX-License-Identifier: BSD-3-Clause */
/* A bounded queue of 32-bit indices, such as free slots. One thread owns it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct dp_fifo {
	uint32_t *items;	   /* capacity is a power of two */
	uint32_t mask, head, tail; /* tail - head items are queued */
};

/** Number of items in the queue. */
static inline uint32_t dp_fifo_len(const struct dp_fifo *f)
{
	return f->tail - f->head;
}

/**
 * Append an item.
 * @param f     in/out
 * @param item  in
 * @return false if the queue is full: the item is not queued then
 */
static inline bool dp_fifo_push(struct dp_fifo *f, uint32_t item)
{
	if (dp_fifo_len(f) > f->mask)
		return false;
	f->items[f->tail++ & f->mask] = item;
	return true;
}

/**
 * Take the oldest item.
 * @param f     in/out
 * @param item  out: written if true is returned
 * @return false if the queue is empty
 */
static inline bool dp_fifo_pop(struct dp_fifo *f, uint32_t *item)
{
	if (f->head == f->tail)
		return false;
	*item = f->items[f->head++ & f->mask];
	return true;
}
