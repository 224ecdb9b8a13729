/* SPDX-License-Identifier: BSD-3-Clause */
/* Names of signature schemes, and what a server's key exchange is signed with. */
#pragma once

#include "flight.h"

enum hl_hash {
	HL_HASH_NONE, /* the signature takes the bytes as they are */
	HL_HASH_MD5,
	HL_HASH_SHA1,
	HL_HASH_SHA224,
	HL_HASH_SHA256,
	HL_HASH_SHA384,
	HL_HASH_SHA512,
	HL_HASH_MD5_SHA1, /* before TLS 1.2, RSA: both, one after the other */
	HL_HASH_UNKNOWN,
};

/** The signature's part of a scheme (RFC 5246 7.4.1.4.1, RFC 8446 4.2.3): "rsa", "ecdsa", "rsapss",
 * "ed25519", "unknown". Any thread. */
const char *hl_scheme_signature(uint16_t scheme);

/** The hash's part of a scheme; HL_HASH_UNKNOWN if the table does not have it. Any thread. */
enum hl_hash hl_scheme_hash(uint16_t scheme);

/** "none", "md5", "sha1" .. "sha512", "unknown". Any thread. */
const char *hl_hash_name(enum hl_hash hash);

/**
 * What kind of signature a key exchange has, in ZGrab2's words: "pkcs1v15" (RSA under ECDHE), "rsa"
 * (under DHE), "rsapss", "ecdsa", "dsa", "ed25519". Before TLS 1.2 the cipher suite says it.
 * @param kex    in: as read
 * @param hello  in: of the same flight
 * @return the word; "unknown" if neither the scheme nor the suite is known. Any thread.
 */
const char *hl_signature_type(
	const struct hl_key_exchange *kex, const struct hl_server_hello *hello);

/** The hash under the signature of a key exchange, before TLS 1.2 as well (RFC 4346 7.4.3, RFC 4492
 * 5.4). @param kex  in: as read. @param hello  in: of the same flight. Any thread. */
enum hl_hash hl_signature_hash(
	const struct hl_key_exchange *kex, const struct hl_server_hello *hello);
