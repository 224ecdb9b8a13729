/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Byte buffers between TCP, dialogs and TLS.
 *
 * There are two pools. Receive chunks carry bytes in order from a poll core to a TLS core (pipe.h).
 * Transmit chunks carry bytes to be sent and stay on their connection until the peer has
 * acknowledged them. The pools are separate, so that output cannot use up the chunks for input. No
 * thread waits for a chunk: a segment that gets none is not acknowledged, so that the peer repeats
 * it, and output that gets none stays in its session.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define DP_CHUNK_BYTES 2024

struct dp_chunk {
	struct dp_chunk *next; /* in the list of its owner */
	uint32_t len;	       /* bytes used; of transmit chunks only */
	bool of_session;       /* transmit: counts as one of the session's (pipe.h) */
	uint8_t bytes[DP_CHUNK_BYTES];
};

_Static_assert(sizeof(struct dp_chunk) <= 2048, "a chunk fits half a page");
