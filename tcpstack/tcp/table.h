/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The connection table: four-tuple hash to connection index.
 *
 * Open addressing with linear probing over 8-byte slots, hash in the upper half and index + 1 in
 * the lower, 0 for empty:
 *
 *     home(h)
 *        v
 *     | . | h,7 | h,2 | g,9 | . |      g collided and sits behind its home
 *
 * There are at least two slots for each connection the stack can hold, so load never passes one
 * half and a probe ends after a few slots of the same cache line. The stored hash decides nearly
 * every mismatch without a look at the connection, and it says where an entry's home is, so removal
 * can shift later entries back (Knuth 6.4, algorithm R) and leaves no tombstones: the table is as
 * fast after a billion connections as after the first.
 *
 * The hash is keyed with random bits. To be in the table a peer must have echoed our cookie from
 * its own address, so the flooding that SipHash guards against costs an attacker an address per
 * entry; a multiply-xorshift mix is enough here and costs a few nanoseconds.
 */
#pragma once

#include "tcpstack/packet/addr.h"

struct ts_table {
	uint64_t *slots;
	uint32_t mask; /* slots - 1, a power of two less one */
	uint32_t n;    /* entries; at most half the slots */
};

#define TS_TABLE_NONE UINT32_MAX

/** Slots for n_entries at a load of at most one half: a power of two, at least 2 * n_entries. */
uint32_t ts_table_n_slots(uint32_t n_entries);

/**
 * Lay the table over memory.
 * @param slots    in: zeroed, n_slots elements, outlives the table
 * @param n_slots  in: from ts_table_n_slots()
 */
void ts_table_init(struct ts_table *t, uint64_t *slots, uint32_t n_slots);

/** The keyed hash of a connection's key. Ports in host order. Pure. */
uint32_t ts_table_hash(
	const uint64_t key[2], const struct ts_addr *raddr, uint16_t rport, uint16_t lport);

/**
 * Walk the entries whose hash is equal; the caller compares the key itself.
 * @param at  in, out: place of the walk; start with hash
 * @return an index given to ts_table_insert(), or TS_TABLE_NONE at the end of the walk
 * One cache miss.
 */
uint32_t ts_table_next(const struct ts_table *t, uint32_t hash, uint32_t *at);

/**
 * Load the slot where a walk for this hash begins, ahead of the walk. A load and no prefetch, which
 * a processor drops when the page is not in its TLB: in a row of these the misses run side by side.
 */
static inline void ts_table_load(const struct ts_table *t, uint32_t hash)
{
	const volatile uint64_t *slot = &t->slots[hash & t->mask];

	(void)*slot;
}

/**
 * Add an entry; the caller knows it is not there.
 * @param index  in: below UINT32_MAX
 */
void ts_table_insert(struct ts_table *t, uint32_t hash, uint32_t index);

/**
 * Remove an entry.
 * @return false when it is not in the table
 */
bool ts_table_remove(struct ts_table *t, uint32_t hash, uint32_t index);
