/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Byte buffers between TCP, dialogs and TLS.
 *
 * Two pools: receive chunks carry in-order bytes from a poll core to a TLS core (pipe.h);
 * transmit chunks carry what is to be sent and live on the connection until the peer acknowledged
 * them. Apart, so that what peers make us say takes nothing from what they say. Nobody waits for
 * either: a segment without a chunk is left to be repeated, output without one stays in its
 * session.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define DP_CHUNK_BYTES 2024

struct dp_chunk {
	struct dp_chunk *next; /* owner's list */
	uint32_t len;	       /* of transmit chunks */
	bool of_session;       /* transmit: counts for the session, pipe.h */
	uint8_t bytes[DP_CHUNK_BYTES];
};

_Static_assert(sizeof(struct dp_chunk) <= 2048, "a chunk fits half a page");
