/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The reorder buffer: segments that arrived before the bytes in front of them.
 *
 * A connection holds a list of at most TS_REORDER_SEGS slots of one common pool, sorted by sequence
 * number and never overlapping:
 *
 *     rcv_nxt        [ held ]      [ held ][ held ]
 *     --|--------------------------------------------> sequence
 *        missing              missing
 *
 * The first copy of a byte wins: what arrives again is cut down to the parts that are missing.
 * What touches a held segment joins it as far as its slot has room, so that a peer that sends a
 * byte a segment takes a slot for each gap and not for each byte. Bytes are copied in, so that no
 * receive buffer is pinned by a peer that leaves a gap open. Both bounds, per connection and of the
 * pool, end in "not taken": the peer sends it again.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Most slots and bytes one connection may hold. */
#define TS_REORDER_SEGS	 8
#define TS_REORDER_BYTES 16384

#define TS_REORDER_NONE UINT32_MAX

struct ts_reorder_seg {
	uint32_t seq;
	uint32_t len;  /* 1..slot capacity */
	uint32_t next; /* slot index or TS_REORDER_NONE */
	uint8_t bytes[];
};

/* The pool. Slots are handed out from a LIFO list, then from the part never used. */
struct ts_reorder {
	uint8_t *mem;
	uint32_t n_slots, n_used, n_fresh;
	uint32_t free_head;
	uint32_t slot_size, slot_cap; /* bytes: with header, of payload */
};

/** Bytes of memory for n_slots segments of up to mss bytes. */
size_t ts_reorder_size(uint32_t n_slots, uint32_t mss);

/** @param mem  in: ts_reorder_size() bytes, 4-byte aligned, outlives the pool */
void ts_reorder_init(struct ts_reorder *r, void *mem, uint32_t n_slots, uint32_t mss);

/**
 * Hold a segment; longer ones than a slot has room take several.
 * @param head   in, out: the connection's list, TS_REORDER_NONE when empty
 * @param n      in, out: slots in that list
 * @param seq    in: beyond the connection's rcv_nxt, less than 2^16 from any held byte
 * @param bytes  in: copied
 * @param n_new  out: bytes held now that were not before
 * @return true when every byte is held now, by this call or an earlier one; false when a bound was
 * met, and then a part may have been taken
 */
bool ts_reorder_insert(struct ts_reorder *r, uint32_t *head, uint8_t *n, uint32_t seq,
	const uint8_t *bytes, uint32_t len, uint32_t *n_new);

/** The held segment with the lowest sequence number, or NULL. Valid until it is popped. */
const struct ts_reorder_seg *ts_reorder_first(const struct ts_reorder *r, uint32_t head);

/** Give the first slot back. Its bytes stay as they are until the next ts_reorder_insert(). */
void ts_reorder_pop(struct ts_reorder *r, uint32_t *head, uint8_t *n);

/** Give every slot of a list back. */
void ts_reorder_clear(struct ts_reorder *r, uint32_t *head, uint8_t *n);

/** The sequence number behind the last held byte; the list must not be empty. */
uint32_t ts_reorder_end(const struct ts_reorder *r, uint32_t head);
