/* SPDX-License-Identifier: BSD-3-Clause */
/* A server's flight in records of other lengths: what stands between server and client in a test.
 */
#pragma once

#include "memserver.h"

/* The handshake bytes go into records of these lengths, whatever messages they are. */
struct recut {
	size_t first; /* of the first record, at least 1 */
	size_t rest;  /* of all others, at least 1 */
};

/*
 * Cut the plaintext handshake records up to the first that is something else; that one and all
 * behind it stay as they are.
 * @return bytes written to out, whose size must do
 */
size_t recut_plain(const uint8_t *in, size_t len, const struct recut *how, uint8_t *out);

#if !TLSWEEP_WOLFSSL_SYSTEM
/*
 * A TLS 1.3 server whose encrypted handshake messages are decrypted, cut and encrypted anew: what
 * stands in mem_server_out(), the first under these keys, with AES-128-GCM as the suite.
 */
size_t recut_encrypted(struct mem_server *server, const struct mem_keys *keys,
	const struct recut *how, uint8_t *out);
#endif
