/* SPDX-License-Identifier: BSD-3-Clause */
/* A wire for frames in virtual time: delay, loss, duplication, reordering, corruption. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tests/sim/due_queue.h"

#define FRAME_WIRE_SLOTS 4096
#define FRAME_WIRE_MAX	 1600

struct frame_wire_config {
	uint32_t drop_ppm, double_ppm, reorder_ppm;
	uint32_t flip_ppm;   /* a few bits are turned: checksums are wrong then */
	uint32_t garble_ppm; /* a word of the segment is changed and its checksum put right */
	uint32_t delay_us;   /* one way */
	uint32_t reorder_us; /* a reordered frame is late by up to that */
};

struct frame_on_wire {
	uint32_t host; /* it comes from or goes to */
	bool to_host;
	uint16_t len;
	uint8_t bytes[FRAME_WIRE_MAX];
};

struct frame_wire {
	struct frame_wire_config config;
	uint64_t random;
	struct due_queue queue;
	uint64_t n_carried, n_lost, n_doubled, n_late, n_flipped, n_garbled;
	struct due heap[FRAME_WIRE_SLOTS];
	uint16_t free[FRAME_WIRE_SLOTS];
	struct frame_on_wire frames[FRAME_WIRE_SLOTS];
};

/** Begin empty; counts go on. */
void frame_wire_begin(
	struct frame_wire *wire, const struct frame_wire_config *config, uint64_t seed);

/** Put a frame on the wire; it is copied. A full wire loses it. */
void frame_wire_put(struct frame_wire *wire, uint32_t host, bool to_host, const uint8_t *frame,
	uint32_t len, uint64_t now_us);

/** When the next frame arrives; UINT64_MAX: none is on its way. */
uint64_t frame_wire_next_us(const struct frame_wire *wire);

/** Take the next frame, whatever the time. @return valid until the next frame_wire_put() */
const struct frame_on_wire *frame_wire_take(struct frame_wire *wire);
