/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A growing set of SHA-256 values, 32 bytes each, in a flat table whose keyed hash nobody can grind
 * certificates for. One thread.
 */
#pragma once

#include "apps/util/flat_table.h"

#define OUT_SHA_LEN 32

struct out_sha_set {
	struct ut_flat_table table;
};

/** Make an empty set. @param key  in: random; copied */
void out_sha_set_init(struct out_sha_set *set, struct ts_cookie_key key);

enum out_sha_add {
	OUT_SHA_NEW,	/* was not there, is now */
	OUT_SHA_KNOWN,	/* was there */
	OUT_SHA_NO_ROOM /* was not there and memory ran out: it is still not there */
};

/** Add a value. @param sha256 in: OUT_SHA_LEN bytes. All zero stands for an empty slot and is
 * always new. */
enum out_sha_add out_sha_set_add(struct out_sha_set *set, const uint8_t sha256[OUT_SHA_LEN]);

/** Free the memory; the set is empty. */
void out_sha_set_free(struct out_sha_set *set);
