/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A growing set of SHA-256 values. It is a flat table with a keyed hash, so nobody can make
 * certificates that pile up in one place of it. One thread at a time.
 */
#pragma once

#include "apps/util/flat_table.h"

#define OUT_SHA_LEN 32

struct out_sha_set {
	struct ut_flat_table table;
};

/**
 * Make an empty set.
 * @param set  out: to be freed with out_sha_set_free()
 * @param key  in: random; copied
 */
void out_sha_set_init(struct out_sha_set *set, struct ts_cookie_key key);

enum out_sha_add {
	OUT_SHA_NEW,	/* it was not in the set, and is now */
	OUT_SHA_KNOWN,	/* it was in the set already */
	OUT_SHA_NO_ROOM /* it was not in the set and is not now: memory is short */
};

/**
 * Add a value.
 * @param set     in/out: grows
 * @param sha256  in: OUT_SHA_LEN bytes; copied. A value whose bytes are all zero is never kept: it
 *                is new each time.
 */
enum out_sha_add out_sha_set_add(struct out_sha_set *set, const uint8_t sha256[OUT_SHA_LEN]);

/** Free the memory; the set is empty. */
void out_sha_set_free(struct out_sha_set *set);
