/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A growing set of SHA-256 values, 32 bytes each, in a flat table whose keyed hash nobody can grind
 * certificates for. One thread.
 */
#pragma once

#include "apps/util/flat_table.h"

#define SHA_LEN 32

struct sha_set {
	struct flat_table table;
};

/** Make an empty set. @param key  in: random; copied */
void sha_set_init(struct sha_set *set, struct ts_cookie_key key);

enum sha_add {
	SHA_NEW,    /* was not there, is now */
	SHA_KNOWN,  /* was there */
	SHA_NO_ROOM /* was not there and memory ran out: it is still not there */
};

/** Add a value. @param sha256 in: SHA_LEN bytes; all zero stands for an empty slot and is always
 * new */
enum sha_add sha_set_add(struct sha_set *set, const uint8_t sha256[SHA_LEN]);

/** Free the memory; the set is empty. */
void sha_set_free(struct sha_set *set);
