/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The connection table: four-tuple hash to connection index.
 *
 * Open addressing with linear probing over 8-byte slots, hash in the upper half and index + 1 in
 * the lower, 0 for empty:
 *
 *     home(h)
 *        v
 *     | . | h,7 | h,2 | g,9 | . |      g collided and is after its home
 *
 * There are at least two slots for each connection, so at most half of them are used, and a walk
 * ends after a few slots of the same cache line. The stored hash rejects nearly every wrong entry
 * without reading the connection. It also says where an entry's home is, so removal can shift later
 * entries back (Knuth 6.4, algorithm R) and leaves no tombstones: the table is as fast after a
 * billion connections as after the first.
 *
 * The hash is keyed with random bits. To get into the table, a peer must have returned our cookie
 * from its own address. So flooding one slot, against which SipHash would protect, costs an
 * attacker an address for each entry. A multiply-xorshift mix is enough here and costs a few
 * nanoseconds.
 */
#pragma once

#include "tcpstack/packet/addr.h"

struct ts_table {
	uint64_t *slots;
	uint32_t mask; /* number of slots - 1; the number is a power of two */
	uint32_t n;    /* entries; at most half the slots */
};

#define TS_TABLE_NONE UINT32_MAX

/** Slots for n_entries at a load of at most one half: a power of two, at least 2 * n_entries. */
uint32_t ts_table_n_slots(uint32_t n_entries);

/**
 * Lay out a table.
 * @param t        out: the table
 * @param slots    in: zeroed, n_slots elements, outlives the table
 * @param n_slots  in: from ts_table_n_slots()
 */
void ts_table_init(struct ts_table *t, uint64_t *slots, uint32_t n_slots);

/** The keyed hash of a connection's key. Ports in host order. Pure. */
uint32_t ts_table_hash(
	const uint64_t key[2], const struct ts_addr *raddr, uint16_t rport, uint16_t lport);

/**
 * Walk the entries whose hash is equal; the caller compares the keys.
 * @param t     in: the table
 * @param hash  in: of ts_table_hash()
 * @param at    in/out: position of the walk; hash at first
 * @return an index given to ts_table_insert(), or TS_TABLE_NONE at the end of the walk
 * It costs one cache miss.
 */
uint32_t ts_table_next(const struct ts_table *t, uint32_t hash, uint32_t *at);

/**
 * Load the slot where a walk for this hash begins, before the walk. It is a load and not a
 * prefetch, because a processor drops a prefetch if the page is not in its TLB. If several are
 * called one after another, their cache misses overlap.
 */
static inline void ts_table_load(const struct ts_table *t, uint32_t hash)
{
	const volatile uint64_t *slot = &t->slots[hash & t->mask];

	(void)*slot;
}

/**
 * Add an entry that is not in the table.
 * @param t      in/out: the table
 * @param hash   in: of ts_table_hash()
 * @param index  in: below UINT32_MAX
 */
void ts_table_insert(struct ts_table *t, uint32_t hash, uint32_t index);

/**
 * Remove an entry.
 * @return false if it is not in the table
 */
bool ts_table_remove(struct ts_table *t, uint32_t hash, uint32_t index);
