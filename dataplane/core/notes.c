/* SPDX-License-Identifier: BSD-3-Clause */
#include "notes.h"

size_t dp_notes_memory(uint32_t n_copy)
{
	return DP_RECENT_SLOTS * sizeof(struct dp_recent) + n_copy * sizeof(struct dp_target);
}

void dp_notes_init(struct dp_notes *notes, void *memory, uint32_t n_copy, uint64_t keep_us)
{
	notes->recent = memory;
	notes->copy = (struct dp_target *)(void *)&notes->recent[DP_RECENT_SLOTS];
	notes->cap = n_copy;
	notes->keep_us = keep_us;
}

bool dp_notes_room(struct dp_notes *notes, uint64_t now_us)
{
	struct dp_queue *queue = &notes->queue;
	uint32_t n_look = DP_RECENT_LOOKS;

	if (notes->recent == NULL)
		return true;
	/* Nothing is forgotten during a walk, since the walk looks at these entries last. */
	while (!notes->walking && !dp_queue_is_empty(queue) && n_look-- > 0 &&
		dp_notes_over(notes, &notes->recent[dp_queue_place(queue->head, DP_RECENT_SLOTS)],
			now_us))
		queue->head++;
	return dp_queue_len(queue) < DP_RECENT_SLOTS;
}

void dp_notes_sent(struct dp_notes *notes, const struct dp_target *target, uint64_t now_us)
{
	if (notes->recent == NULL)
		return;
	notes->recent[dp_queue_push(&notes->queue, DP_RECENT_SLOTS)] = (struct dp_recent){
		*target, now_us};
}

void dp_notes_copy(struct dp_notes *notes, const struct dp_target *target)
{
	if (notes->n < notes->cap)
		notes->copy[notes->n++] = *target;
	else
		notes->overflow = true;
}

void dp_notes_opened(struct dp_notes *notes, const struct ts_addr *addr, uint16_t service)
{
	struct dp_target target = {*addr, service};

	if (notes->walking)
		dp_notes_copy(notes, &target);
}
