/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A growing hash table of entries that lie flat in one array: open addressing with linear probing,
 * at most three quarters full. There is no removal.
 *
 * Places are chosen by a keyed hash, so nobody can choose keys that pile up in one place. A place
 * whose bytes are all zero is empty. So an entry must have a byte that is not zero, in its
 * key or behind it. One thread at a time.
 */
#pragma once

#include "tcpstack/cookie/cookie.h"

struct ut_flat_table {
	struct ts_cookie_key key; /* random, set before the first use */
	size_t entry_len;	  /* bytes of an entry, set before the first use */
	size_t key_len;		  /* its key is the first key_len bytes; set before the first use */
	size_t max;		  /* most entries, 0: as memory allows; set before the first use */
	uint8_t *entries;
	size_t n, cap; /* entries and places; cap is a power of two, 0 before the first use */
};

/**
 * Find an entry by its key.
 * @param table  in: may be empty
 * @param key    in: key_len bytes
 * @return the entry, valid until the next ut_flat_table_add(); NULL: there is none
 */
void *ut_flat_table_find(const struct ut_flat_table *table, const void *key);

/**
 * Add an entry whose key is not there yet.
 * @param table  in/out: grows if it is three quarters full
 * @param key    in: key_len bytes; copied to the beginning of the entry, the rest of which is zero.
 *               If they are all zero, the caller writes a byte behind them before its next call.
 * @return the entry, valid until the next ut_flat_table_add(); NULL: memory is short, or the table
 *         has max entries
 */
void *ut_flat_table_add(struct ut_flat_table *table, const void *key);

/**
 * Visit all entries in no particular order.
 * @param table  in: must not change meanwhile
 * @param at     in/out: 0 before the first call
 * @return the next entry; NULL behind the last one
 */
const void *ut_flat_table_next(const struct ut_flat_table *table, size_t *at);

/** Free the memory. The table is empty and can be used again. */
void ut_flat_table_free(struct ut_flat_table *table);
