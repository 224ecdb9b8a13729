/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The lab's wire: frames wait here for their delay, and seeded faults happen to them.
 *
 * Memory for LAB_WIRE_FRAMES frames under way; one that finds no place is lost and counted.
 */
#pragma once

#include "lab_config.h"
#include "lab_wheel.h"

#define LAB_WIRE_FRAMES	    4096
#define LAB_WIRE_FRAME_LEN  1536
#define LAB_WIRE_REORDER_US 5000 /* a reordered frame comes that much later */

struct lab_wire_frame {
	uint16_t len;
	bool inbound;
	uint8_t bytes[LAB_WIRE_FRAME_LEN];
};

struct lab_wire {
	const struct lab_config *config;
	struct lab_counts *counts;
	uint64_t random;
	uint32_t held; /* the frame last taken and not yet done with, or LAB_WHEEL_NONE */
	uint32_t n_free;
	uint32_t free[LAB_WIRE_FRAMES];
	struct lab_wire_frame frames[LAB_WIRE_FRAMES];
	struct lab_wheel wheel;
};

/** @param config, counts  in: borrowed for the wire's life. @return false when memory is short */
bool lab_wire_init(struct lab_wire *wire, const struct lab_config *config,
	struct lab_counts *counts, uint64_t now_us);
void lab_wire_fini(struct lab_wire *wire);

/** Whether frames are duplicated or reordered; if not, one without delay need not wait here. */
static inline bool lab_wire_shuffles(const struct lab_wire *wire)
{
	return (wire->config->duplicate_ppm | wire->config->reorder_ppm) != 0;
}

/** Draw whether a frame that does not wait here is dropped, and count it. */
bool lab_wire_drops(struct lab_wire *wire);

/** Put a frame on the wire. @param due_us  in: when it arrives, faults aside */
void lab_wire_put(
	struct lab_wire *wire, const uint8_t *frame, uint32_t len, bool inbound, uint64_t due_us);

/**
 * The next frame that has arrived; the same one until lab_wire_done().
 * @return the frame, or NULL
 */
const struct lab_wire_frame *lab_wire_next(struct lab_wire *wire, uint64_t now_us);

/** The frame of lab_wire_next() has been used. */
void lab_wire_done(struct lab_wire *wire);
