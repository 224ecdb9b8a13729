/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Byte buffers between TCP, dialogs and TLS.
 *
 * Two mempools: receive chunks carry in-order bytes from a poll core to a TLS core, which frees
 * them; transmit chunks carry what is to be sent and live on the connection until the peer
 * acknowledged them. Apart, because a TLS core that waits for a transmit chunk must not starve on
 * receive chunks it holds.
 */
#pragma once

#include <stdint.h>

#define DP_CHUNK_BYTES 2024

struct dp_chunk {
	struct dp_chunk *next; /* owner's list */
	uint32_t len;
	uint8_t bytes[DP_CHUNK_BYTES];
};

_Static_assert(sizeof(struct dp_chunk) <= 2048, "a chunk fits half a page");
