/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One X25519 key for all sessions of a worker.
 *
 * Making the key is about a tenth of the client's work in a handshake. A scanner that reads what
 * servers tell everyone may use one key for many sessions (tl_config.share_key). Whoever learns the
 * key can read those sessions. wolfSSL has no hook for this: the linker sends its calls of
 * wc_curve25519_make_key() here (--wrap, see meson.build).
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
 * Choose where this thread's X25519 keys come from.
 * @param shared  in: every session gets this key; NULL: each key is made anew
 * @return the choice before; the caller enters it again afterwards
 */
struct tl_shared_key *tl_share_enter(struct tl_shared_key *shared);
