/* SPDX-License-Identifier: BSD-3-Clause */
/* A ClientHello of ours, read back: a record says what was offered. */
#pragma once

#include "cursor.h"

#define HL_RANDOM_LEN 32

/* Everything points into the message that was read. Lists are as on the wire, without their length
 * in front; a list whose extension is absent is empty. */
struct hl_client_hello {
	uint16_t legacy_version;
	const uint8_t *random; /* HL_RANDOM_LEN bytes */
	struct hl_cursor session_id;
	struct hl_cursor suites;       /* two bytes each, as groups, versions and signatures */
	struct hl_cursor compressions; /* a byte each, as point_formats */
	struct hl_cursor server_name;
	struct hl_cursor groups;
	struct hl_cursor point_formats;
	struct hl_cursor versions; /* TLS 1.3: supported_versions */
	struct hl_cursor signatures;
	struct hl_cursor alpn; /* each name behind a byte with its length */
	bool ocsp_stapling, ticket, secure_renegotiation, heartbeat, extended_master_secret, scts;
};

/**
 * Read a ClientHello (RFC 8446 4.1.2, RFC 5246 7.4.1.2).
 * @param message  in: the handshake message with its header of four bytes; borrowed for as long as
 *                 hello is used
 * @param len      in: bytes
 * @param hello    out: what could be read
 * @return false if it is no ClientHello, or if a length inside breaks the message
 * Pure; any thread.
 */
bool hl_client_hello_read(const uint8_t *message, size_t len, struct hl_client_hello *hello);
