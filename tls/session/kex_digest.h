/* SPDX-License-Identifier: BSD-3-Clause */
/* The digest that a server signs for its key exchange, up to TLS 1.2. */
#pragma once

#include "session.h"

#define TL_KEX_DIGEST_MAX \
	384 /* bytes: EdDSA has no digest and signs both randoms and an EC point */

/**
 * Hash both randoms and the parameters (RFC 5246 7.4.3, RFC 4346 7.4.3, RFC 8422 5.4).
 * @param tls     in: with the ClientHello that was sent and the key exchange
 * @param digest  out: the hash of the signature's scheme; for Ed25519 and Ed448 the bytes as they
 *                are
 * @return bytes; 0: nothing is signed, something is missing, the hash is not known, or wolfCrypt
 *         has failed. Pure; any thread.
 */
size_t tl_kex_digest(const struct tl_result *tls, uint8_t digest[TL_KEX_DIGEST_MAX]);
