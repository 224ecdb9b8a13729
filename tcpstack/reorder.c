/* SPDX-License-Identifier: BSD-3-Clause */
#include "reorder.h"

#include <string.h>

#include "seq.h"

static uint32_t slot_size_for(uint32_t mss)
{
	uint32_t size = (uint32_t)offsetof(struct ts_reorder_seg, bytes) + mss;

	return (size + 63) & ~63u;
}

static struct ts_reorder_seg *slot_at(const struct ts_reorder *r, uint32_t slot)
{
	return (struct ts_reorder_seg *)(void *)(r->mem + (size_t)slot * r->slot_size);
}

size_t ts_reorder_size(uint32_t n_slots, uint32_t mss)
{
	return (size_t)n_slots * slot_size_for(mss);
}

void ts_reorder_init(struct ts_reorder *r, void *mem, uint32_t n_slots, uint32_t mss)
{
	uint32_t size = slot_size_for(mss);

	*r = (struct ts_reorder){
		.mem = mem,
		.n_slots = n_slots,
		.free_head = TS_REORDER_NONE,
		.slot_size = size,
		.slot_cap = size - (uint32_t)offsetof(struct ts_reorder_seg, bytes),
	};
}

static uint32_t pool_take(struct ts_reorder *r)
{
	uint32_t slot = r->free_head;

	if (slot != TS_REORDER_NONE)
		r->free_head = slot_at(r, slot)->next;
	else if (r->n_fresh < r->n_slots)
		slot = r->n_fresh++;
	else
		return TS_REORDER_NONE;
	r->n_used++;
	return slot;
}

static uint32_t list_bytes(const struct ts_reorder *r, uint32_t head)
{
	uint32_t sum = 0;

	for (uint32_t i = head; i != TS_REORDER_NONE; i = slot_at(r, i)->next)
		sum += slot_at(r, i)->len;
	return sum;
}

/* Put bytes that are known to be missing at *link, in as many slots as they need. */
static uint32_t *gap_fill(struct ts_reorder *r, uint32_t *link, uint8_t *n, uint32_t *room,
	uint32_t seq, const uint8_t *bytes, uint32_t len)
{
	while (len > 0) {
		uint32_t part = len < r->slot_cap ? len : r->slot_cap;
		struct ts_reorder_seg *seg;
		uint32_t slot;

		if (*n == TS_REORDER_SEGS || part > *room)
			return NULL;
		slot = pool_take(r);
		if (slot == TS_REORDER_NONE)
			return NULL;
		seg = slot_at(r, slot);
		seg->seq = seq;
		seg->len = part;
		seg->next = *link;
		memcpy(seg->bytes, bytes, part);
		*link = slot;
		link = &seg->next;
		(*n)++;
		*room -= part;
		seq += part;
		bytes += part;
		len -= part;
	}
	return link;
}

bool ts_reorder_insert(struct ts_reorder *r, uint32_t *head, uint8_t *n, uint32_t seq,
	const uint8_t *bytes, uint32_t len)
{
	uint32_t room = TS_REORDER_BYTES - list_bytes(r, *head);
	uint32_t end = seq + len, at = seq;
	uint32_t *link = head;

	/* Bound: each turn passes one of at most TS_REORDER_SEGS held segments. */
	while (*link != TS_REORDER_NONE && ts_seq_lt(at, end)) {
		struct ts_reorder_seg *held = slot_at(r, *link);
		uint32_t held_end = held->seq + held->len;

		if (ts_seq_lt(at, held->seq)) {
			uint32_t stop = ts_seq_lt(end, held->seq) ? end : held->seq;

			link = gap_fill(r, link, n, &room, at, bytes + (at - seq), stop - at);
			if (link == NULL)
				return false;
			at = stop;
		}
		if (ts_seq_lt(at, held_end) && ts_seq_leq(held->seq, at))
			at = held_end;
		link = &held->next;
	}
	if (ts_seq_lt(at, end))
		return gap_fill(r, link, n, &room, at, bytes + (at - seq), end - at) != NULL;
	return true;
}

const struct ts_reorder_seg *ts_reorder_first(const struct ts_reorder *r, uint32_t head)
{
	return head == TS_REORDER_NONE ? NULL : slot_at(r, head);
}

void ts_reorder_pop(struct ts_reorder *r, uint32_t *head, uint8_t *n)
{
	uint32_t slot = *head;
	struct ts_reorder_seg *seg = slot_at(r, slot);

	*head = seg->next;
	seg->next = r->free_head;
	r->free_head = slot;
	r->n_used--;
	(*n)--;
}

void ts_reorder_clear(struct ts_reorder *r, uint32_t *head, uint8_t *n)
{
	while (*head != TS_REORDER_NONE)
		ts_reorder_pop(r, head, n);
}

uint32_t ts_reorder_end(const struct ts_reorder *r, uint32_t head)
{
	const struct ts_reorder_seg *seg = slot_at(r, head);

	while (seg->next != TS_REORDER_NONE)
		seg = slot_at(r, seg->next);
	return seg->seq + seg->len;
}
