/* SPDX-License-Identifier: BSD-3-Clause */
/* A bounded queue of 32-bit indices, such as free slots. One thread owns it. */
#pragma once

#include "queue.h"

struct dp_fifo {
	uint32_t *items; /* a power of two of them */
	uint32_t mask;	 /* number of items - 1 */
	struct dp_queue queue;
};

/** Number of items in the queue. */
static inline uint32_t dp_fifo_len(const struct dp_fifo *f)
{
	return dp_queue_len(&f->queue);
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
	f->items[dp_queue_push(&f->queue, f->mask + 1)] = item;
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
	if (dp_queue_is_empty(&f->queue))
		return false;
	*item = f->items[dp_queue_pop(&f->queue, f->mask + 1)];
	return true;
}
