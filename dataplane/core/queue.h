/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The two ends of a bounded queue whose items are in an array of its owner.
 *
 * Items are numbered in the order in which they come; head and tail are such numbers. The array has
 * a power of two of places, so that the places follow each other also if the numbers wrap at 2^32.
 * One thread owns a queue and calls all functions, always with the same n_places.
 */
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

struct dp_queue {
	uint32_t head; /* number of the oldest item */
	uint32_t tail; /* number of the next item to come */
};

/** Items in the queue. */
static inline uint32_t dp_queue_len(const struct dp_queue *queue)
{
	return queue->tail - queue->head;
}

/** Is the queue empty? */
static inline bool dp_queue_is_empty(const struct dp_queue *queue)
{
	return queue->head == queue->tail;
}

/**
 * The place of an item.
 * @param number    in: of the item
 * @param n_places  in: places in the array, a power of two
 * @return index into the array
 */
static inline uint32_t dp_queue_place(uint32_t number, uint32_t n_places)
{
	assert((n_places & (n_places - 1)) == 0);
	return number & (n_places - 1);
}

/**
 * Append an item.
 * @param queue     in/out: with fewer than n_places items
 * @param n_places  in: places in the array, a power of two
 * @return index into the array, where the caller puts the item
 */
static inline uint32_t dp_queue_push(struct dp_queue *queue, uint32_t n_places)
{
	return dp_queue_place(queue->tail++, n_places);
}

/**
 * Take the oldest item.
 * @param queue     in/out: not empty
 * @param n_places  in: places in the array, a power of two
 * @return index into the array, where the item is until the next push
 */
static inline uint32_t dp_queue_pop(struct dp_queue *queue, uint32_t n_places)
{
	return dp_queue_place(queue->head++, n_places);
}
