/* SPDX-License-Identifier: BSD-3-Clause */
/* What a lab is built with, and what it counts. */
#pragma once

#include "lab_world.h"

struct lab_config {
	struct lab_world world;
	uint32_t n_conns;			       /* server connections at once, 1..2^20 */
	uint32_t n_sessions;			       /* TLS sessions at once, 1.. */
	uint32_t drop_ppm, duplicate_ppm, reorder_ppm; /* faults in both directions, seeded */
	/* Copies the frame before it returns; false: no room now. The lab then keeps it and comes
	 * again with the next lab_tick(). */
	bool (*emit)(void *ctx, const uint8_t *frame, uint32_t len);
	void *emit_ctx;
};

struct lab_counts {
	uint64_t frames_in, frames_out;
	uint64_t bad_frames; /* not for the gateway, malformed, or nothing the lab answers */
	uint64_t syns, synacks, rsts_out, unreachables, conns_opened;
	uint64_t conns_full; /* SYN left unanswered: every connection is taken */
	uint64_t wire_full;  /* frame lost: too many delayed at once; see lab_has_room() */
	uint64_t tls_completed, tls_failed;
	uint64_t dropped, duplicated, reordered; /* faults done on purpose */
};
