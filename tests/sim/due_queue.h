/* SPDX-License-Identifier: BSD-3-Clause */
/* What is on its way in virtual time, by time of arrival: a binary heap of the caller's slots. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* A slot that arrives at due_us; ties arrive in the order they were put. */
struct due {
	uint64_t due_us;
	uint32_t order;
	uint16_t slot;
};

struct due_queue {
	uint32_t n, n_free, order;
	struct due *heap; /* the caller's, n_slots of each */
	uint16_t *free;
};

/** Begin empty, with n_slots free slots; heap and free are set by the caller. */
void due_queue_begin(struct due_queue *queue, uint32_t n_slots);

/** Take a free slot. @return false if there is none */
bool due_queue_slot(struct due_queue *queue, uint16_t *slot);

/** Put a slot that due_queue_slot() gave. */
void due_queue_put(struct due_queue *queue, uint16_t slot, uint64_t due_us);

/** When the next slot arrives; UINT64_MAX: none is on its way. */
uint64_t due_queue_next_us(const struct due_queue *queue);

/** Take the next slot and make it free; its contents stay until it is given again. There is one. */
uint16_t due_queue_take(struct due_queue *queue);
