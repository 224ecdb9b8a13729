/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/sim/due_queue.h"

void due_queue_begin(struct due_queue *queue, uint32_t n_slots)
{
	queue->n = queue->order = 0;
	queue->n_free = n_slots;
	for (uint32_t i = 0; i < n_slots; i++)
		queue->free[i] = (uint16_t)i;
}

bool due_queue_slot(struct due_queue *queue, uint16_t *slot)
{
	if (queue->n_free == 0)
		return false;
	*slot = queue->free[--queue->n_free];
	return true;
}

static bool is_sooner(const struct due_queue *queue, uint32_t a, uint32_t b)
{
	const struct due *x = &queue->heap[a], *y = &queue->heap[b];

	return x->due_us != y->due_us ? x->due_us < y->due_us : x->order < y->order;
}

static void swap(struct due_queue *queue, uint32_t a, uint32_t b)
{
	struct due due = queue->heap[a];

	queue->heap[a] = queue->heap[b];
	queue->heap[b] = due;
}

void due_queue_put(struct due_queue *queue, uint16_t slot, uint64_t due_us)
{
	uint32_t at = queue->n++;

	queue->heap[at] = (struct due){due_us, queue->order++, slot};
	for (; at > 0 && is_sooner(queue, at, (at - 1) / 2); at = (at - 1) / 2)
		swap(queue, at, (at - 1) / 2);
}

uint64_t due_queue_next_us(const struct due_queue *queue)
{
	return queue->n == 0 ? UINT64_MAX : queue->heap[0].due_us;
}

uint16_t due_queue_take(struct due_queue *queue)
{
	uint16_t slot = queue->heap[0].slot;
	uint32_t at = 0;

	queue->free[queue->n_free++] = slot;
	queue->heap[0] = queue->heap[--queue->n];
	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child + 1 < queue->n && is_sooner(queue, child + 1, child))
			child++;
		if (child >= queue->n || !is_sooner(queue, child, at))
			return slot;
		swap(queue, at, child);
		at = child;
	}
}
