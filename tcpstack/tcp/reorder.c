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

static uint32_t seg_end(const struct ts_reorder_seg *seg)
{
	return seg->seq + seg->len;
}

/* Bytes that are known to be missing, and the slots they may take. */
struct piece {
	uint32_t seq, len;
	const uint8_t *bytes;
};

static void piece_cut(struct piece *piece, uint32_t n)
{
	piece->seq += n;
	piece->bytes += n;
	piece->len -= n;
}

/* Append to a held segment that it touches: as much as there is room for. */
static void piece_append(struct ts_reorder *r, uint32_t prev, struct piece *piece)
{
	struct ts_reorder_seg *seg;
	uint32_t n;

	if (prev == TS_REORDER_NONE || seg_end(slot_at(r, prev)) != piece->seq)
		return;
	seg = slot_at(r, prev);
	n = r->slot_cap - seg->len;
	n = n < piece->len ? n : piece->len;
	memcpy(seg->bytes + seg->len, piece->bytes, n);
	seg->len += n;
	piece_cut(piece, n);
}

/* Put it before a held segment that it touches: all of it or nothing. */
static void piece_prepend(struct ts_reorder *r, uint32_t next, struct piece *piece)
{
	struct ts_reorder_seg *seg;

	if (next == TS_REORDER_NONE || slot_at(r, next)->seq != piece->seq + piece->len)
		return;
	seg = slot_at(r, next);
	if (piece->len > r->slot_cap - seg->len)
		return;
	memmove(seg->bytes + piece->len, seg->bytes, seg->len);
	memcpy(seg->bytes, piece->bytes, piece->len);
	seg->seq = piece->seq;
	seg->len += piece->len;
	piece_cut(piece, piece->len);
}

static void slot_free(struct ts_reorder *r, uint32_t slot)
{
	slot_at(r, slot)->next = r->free_head;
	r->free_head = slot;
	r->n_used--;
}

/* Join a held segment and the next one, if they touch and a slot has room for both. @return true if
 * they were joined */
static bool slots_join(struct ts_reorder *r, uint32_t slot, uint8_t *n)
{
	struct ts_reorder_seg *seg = slot_at(r, slot), *next;
	uint32_t gone = seg->next;

	if (gone == TS_REORDER_NONE)
		return false;
	next = slot_at(r, gone);
	if (seg_end(seg) != next->seq || next->len > r->slot_cap - seg->len)
		return false;
	memcpy(seg->bytes + seg->len, next->bytes, next->len);
	seg->len += next->len;
	seg->next = next->next;
	slot_free(r, gone);
	(*n)--;
	return true;
}

/* Take a new slot after prev for the start of a piece. @return the slot, or TS_REORDER_NONE */
static uint32_t slot_insert(
	struct ts_reorder *r, uint32_t *head, uint8_t *n, uint32_t prev, struct piece *piece)
{
	uint32_t part = piece->len < r->slot_cap ? piece->len : r->slot_cap;
	uint32_t slot = *n == TS_REORDER_SEGS ? TS_REORDER_NONE : pool_take(r);
	uint32_t *link = prev == TS_REORDER_NONE ? head : &slot_at(r, prev)->next;
	struct ts_reorder_seg *seg;

	if (slot == TS_REORDER_NONE)
		return slot;
	seg = slot_at(r, slot);
	seg->seq = piece->seq;
	seg->len = part;
	seg->next = *link;
	memcpy(seg->bytes, piece->bytes, part);
	*link = slot;
	(*n)++;
	piece_cut(piece, part);
	return slot;
}

/* Put a piece after the slot prev. @return false if a bound was met */
static bool gap_fill(
	struct ts_reorder *r, uint32_t *head, uint8_t *n, uint32_t prev, struct piece *piece)
{
	uint32_t next = prev == TS_REORDER_NONE ? *head : slot_at(r, prev)->next;

	piece_append(r, prev, piece);
	if (piece->len > 0)
		piece_prepend(r, next, piece);
	/* Bound: each turn takes one of at most TS_REORDER_SEGS slots. */
	while (piece->len > 0) {
		prev = slot_insert(r, head, n, prev, piece);
		if (prev == TS_REORDER_NONE)
			return false;
	}
	return true;
}

/* One pass over at most TS_REORDER_SEGS slots. */
static void list_join(struct ts_reorder *r, uint32_t head, uint8_t *n)
{
	for (uint32_t i = head; i != TS_REORDER_NONE;) {
		if (!slots_join(r, i, n))
			i = slot_at(r, i)->next;
	}
}

/* Skip what is held from at on. @return the last slot that begins before the first missing byte, or
 * TS_REORDER_NONE */
static uint32_t list_pass(const struct ts_reorder *r, uint32_t head, uint32_t *at)
{
	uint32_t prev = TS_REORDER_NONE;

	for (uint32_t i = head; i != TS_REORDER_NONE; i = slot_at(r, i)->next) {
		if (ts_seq_lt(*at, slot_at(r, i)->seq))
			break;
		if (ts_seq_lt(*at, seg_end(slot_at(r, i))))
			*at = seg_end(slot_at(r, i));
		prev = i;
	}
	return prev;
}

/*
 * From `at` on nothing of the new segment has been looked at:
 *
 *     [ prev ] at ..... [ next ] ......... end
 *              a piece          the next one
 */
bool ts_reorder_insert(struct ts_reorder *r, uint32_t *head, uint8_t *n, uint32_t seq,
	const uint8_t *bytes, uint32_t len, uint32_t *n_new)
{
	uint32_t room = TS_REORDER_BYTES - list_bytes(r, *head), end = seq + len, at = seq;
	bool whole = true;

	*n_new = 0;
	/* Bound: each turn fills one of at most TS_REORDER_SEGS + 1 gaps. */
	while (whole) {
		uint32_t prev = list_pass(r, *head, &at), wanted;
		uint32_t next = prev == TS_REORDER_NONE ? *head : slot_at(r, prev)->next;
		struct piece piece = {.seq = at, .bytes = bytes + (at - seq)};

		if (!ts_seq_lt(at, end))
			break;
		wanted = end - at;
		if (next != TS_REORDER_NONE && ts_seq_lt(slot_at(r, next)->seq, end))
			wanted = slot_at(r, next)->seq - at;
		piece.len = wanted < room ? wanted : room;
		whole = gap_fill(r, head, n, prev, &piece) && wanted <= room;
		*n_new += piece.seq - at;
		room -= piece.seq - at;
		list_join(r, *head, n);
	}
	return whole;
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
	slot_free(r, slot);
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
	return seg_end(seg);
}
