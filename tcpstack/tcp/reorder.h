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
 * The first copy of a byte wins: of what arrives again, only the missing parts are taken. What
 * touches a held segment joins it if its slot has room. So a peer that sends one byte in each
 * segment uses a slot for each gap and not for each byte. Bytes are copied, so that a peer that
 * leaves a gap open pins no receive buffer. If a bound is met, of the connection or of the pool,
 * the segment is not taken, and the peer sends it again.
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

/**
 * Lay out a pool.
 * @param r        out: the pool
 * @param mem      in: ts_reorder_size() bytes, 4-byte aligned, outlives the pool
 * @param n_slots  in: as given to ts_reorder_size()
 * @param mss      in: as given to ts_reorder_size()
 */
void ts_reorder_init(struct ts_reorder *r, void *mem, uint32_t n_slots, uint32_t mss);

/**
 * Hold a segment. If it is longer than a slot, it takes several.
 * @param r      in/out: the pool
 * @param head   in/out: the connection's list, TS_REORDER_NONE if it is empty
 * @param n      in/out: slots in that list
 * @param seq    in: beyond the connection's rcv_nxt, less than 2^16 from any held byte
 * @param bytes  in: copied
 * @param len    in: bytes, at least 1
 * @param n_new  out: bytes held now that were not held before
 * @return true if every byte is held, by this call or an earlier one; false if a bound was met:
 * then a part may have been taken
 */
bool ts_reorder_insert(struct ts_reorder *r, uint32_t *head, uint8_t *n, uint32_t seq,
	const uint8_t *bytes, uint32_t len, uint32_t *n_new);

/** The held segment with the lowest sequence number, or NULL. Valid until it is popped. */
const struct ts_reorder_seg *ts_reorder_first(const struct ts_reorder *r, uint32_t head);

/** Give the first slot back. Its bytes stay as they are until the next ts_reorder_insert(). */
void ts_reorder_pop(struct ts_reorder *r, uint32_t *head, uint8_t *n);

/** Give every slot of a list back. */
void ts_reorder_clear(struct ts_reorder *r, uint32_t *head, uint8_t *n);

/** The sequence number after the last held byte; the list must not be empty. */
uint32_t ts_reorder_end(const struct ts_reorder *r, uint32_t head);
