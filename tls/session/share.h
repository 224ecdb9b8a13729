/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One X25519 key for all sessions of a worker.
 *
 * Making the key is a tenth of a TLS 1.3 handshake. A scanner that reads what servers tell everyone
 * may use one key again and again (tl_config.share_key); who learns it can read those sessions.
 * wolfSSL has no hook for this: the linker sends its calls of wc_curve25519_make_key() here
 * (--wrap, see meson.build).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct tl_shared_key {
	uint64_t seed; /* the key follows from it */
	bool made;
	uint8_t private_key[32], public_key[32];
};

/**
 * Give this thread's X25519 keys from shared; NULL: make each anew.
 * @return the one before, to be entered again by the caller
 */
struct tl_shared_key *tl_share_enter(struct tl_shared_key *shared);
