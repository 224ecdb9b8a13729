/* SPDX-License-Identifier: BSD-3-Clause */
/* The certificates in the body of a Certificate message, leaf first. */
#pragma once

#include "cursor.h"

struct hl_chain {
	struct hl_cursor list;
	bool tls13; /* each certificate is followed by extensions */
};

/**
 * Start walking (RFC 5246 7.4.2; TLS 1.3: RFC 8446 4.4.2).
 * @param chain  out: the walk
 * @param body   in: the whole message body, borrowed while the walk lasts
 * @param len    in: bytes
 * @param tls13  in: the message is in the form of TLS 1.3
 * @return false if it holds no list; the walk is empty then
 */
bool hl_chain_open(struct hl_chain *chain, const uint8_t *body, size_t len, bool tls13);

/** The same for a body that may be cut off anywhere: the walk ends after the last whole
 * certificate.
 */
bool hl_chain_open_part(struct hl_chain *chain, const uint8_t *body, size_t len, bool tls13);

/**
 * Step to the next certificate. Its bytes are not checked.
 * @param chain    in/out: the walk
 * @param der      out: inside the body
 * @param der_len  out: bytes, at least 1
 * @return false at the end, or if the rest of the list is broken
 */
bool hl_chain_next(struct hl_chain *chain, const uint8_t **der, uint32_t *der_len);
