/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A growing set of SHA-256 values: open addressing, 32 bytes a slot, at most three quarters full.
 *
 * Slots are chosen by a keyed hash, so nobody can grind certificates that pile up in one place. One
 * thread.
 */
#pragma once

#include "tcpstack/cookie/cookie.h"

#define SHA_LEN 32

struct sha_set {
	struct ts_cookie_key key; /* random, set before the first use */
	uint8_t (*slots)[SHA_LEN];
	size_t n, cap; /* cap: a power of two, 0 before the first use */
};

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
