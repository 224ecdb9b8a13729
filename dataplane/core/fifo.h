/* SPDX-License-Identifier: BSD-3-Clause */
/* A bounded queue of 32-bit indices for one owner: waiting connections, pending records, free
 * slots. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct dp_fifo {
	uint32_t *items;	   /* capacity is a power of two */
	uint32_t mask, head, tail; /* tail - head items are queued */
};

static inline uint32_t dp_fifo_len(const struct dp_fifo *f)
{
	return f->tail - f->head;
}

/* False when full: then the item is not queued. */
static inline bool dp_fifo_push(struct dp_fifo *f, uint32_t item)
{
	if (dp_fifo_len(f) > f->mask)
		return false;
	f->items[f->tail++ & f->mask] = item;
	return true;
}

/* False when empty. */
static inline bool dp_fifo_pop(struct dp_fifo *f, uint32_t *item)
{
	if (f->head == f->tail)
		return false;
	*item = f->items[f->head++ & f->mask];
	return true;
}
