/* SPDX-License-Identifier: BSD-3-Clause */
/* What a lab is built with, and what it counts. */
#pragma once

#include "lab_world.h"

struct lab_config {
	struct lab_world world;
	uint32_t n_conns;			       /* connections at once, 1 to 2^20 */
	uint32_t n_sessions;			       /* TLS sessions at once, 1 or more */
	uint32_t drop_ppm, duplicate_ppm, reorder_ppm; /* frames in each direction, seeded */
	/* Sends a frame of len bytes, which it copies. False: there is no room now. The lab then
	 * keeps the frame and tries again in the next lab_tick(). Called by that thread. */
	bool (*emit)(void *ctx, const uint8_t *frame, uint32_t len);
	void *emit_ctx; /* the first argument of emit() */
};

struct lab_counts {
	uint64_t frames_in, frames_out;
	uint64_t bad_frames; /* not for the gateway, malformed, or nothing the lab answers */
	uint64_t syns, synacks, rsts_out, unreachables, conns_opened;
	uint64_t conns_full; /* SYNs not answered, because every connection was in use */
	uint64_t wire_full;  /* frames lost without room on the wire; see lab_has_room() */
	uint64_t tls_completed, tls_failed;
	uint64_t dropped, duplicated, reordered; /* frames, on purpose */
};
