/* SPDX-License-Identifier: BSD-3-Clause */
/* The handshake messages that a flight reader understands, one whole message body at a time. */
#pragma once

#include "flight.h"

/**
 * Read a ServerHello or HelloRetryRequest (RFC 8446 4.1.3, 4.1.4; RFC 5246 7.4.1.3).
 * @param body   in: the body or, if it was longer than the scratch buffer, its beginning
 * @param len    in: bytes
 * @param hello  out: what could be read; seen or retry_seen is set
 * @return false if a length inside breaks the message
 */
bool hl_server_hello_read(const uint8_t *body, size_t len, struct hl_server_hello *hello);

/**
 * Read a ServerKeyExchange (RFC 5246 7.4.3, RFC 8422 5.4, RFC 4279 3, RFC 5489 2).
 * @param body   in: the body or its beginning
 * @param len    in: bytes
 * @param hello  in: its suite gives the layout, its version says whether an algorithm pair follows
 * @param kex    out: what could be read; it points into body
 * @return false if a length before the signature breaks the message; true also for layouts that are
 *         not read (RSA_EXPORT, SRP)
 */
bool hl_key_exchange_read(const uint8_t *body, size_t len, const struct hl_server_hello *hello,
	struct hl_key_exchange *kex);
