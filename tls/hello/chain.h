/* SPDX-License-Identifier: BSD-3-Clause */
/* The certificates in the body of a Certificate message, leaf first. */
#pragma once

#include "cursor.h"

struct hl_chain {
	struct hl_cursor list;
	bool tls13; /* an entry carries extensions behind its certificate */
};

/**
 * Start walking (RFC 5246 7.4.2; tls13: RFC 8446 4.4.2).
 * @param body  in: the whole message body, borrowed while the walk lasts
 * @return false when it holds no list; the walk is then empty
 */
bool hl_chain_open(struct hl_chain *chain, const uint8_t *body, size_t len, bool tls13);

/** The same of a body that is cut off anywhere: the walk ends behind the last whole certificate. */
bool hl_chain_open_part(struct hl_chain *chain, const uint8_t *body, size_t len, bool tls13);

/**
 * Step to the next certificate; whether it is one is for others to find out.
 * @param der, der_len  out: inside the body, at least one byte
 * @return false at the end, or when the rest of the list is broken
 */
bool hl_chain_next(struct hl_chain *chain, const uint8_t **der, uint32_t *der_len);
