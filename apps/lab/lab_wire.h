/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The lab's wire: frames wait here for their delay, and are dropped, duplicated and reordered at
 * random from a seed. It has room for LAB_WIRE_FRAMES frames; any more are lost and counted. One
 * thread at a time.
 */
#pragma once

#include "lab_config.h"
#include "lab_wheel.h"

#define LAB_WIRE_FRAMES	    4096
#define LAB_WIRE_FRAME_LEN  1536
#define LAB_WIRE_REORDER_US 5000 /* a reordered frame arrives so much later */

struct lab_wire_frame {
	uint16_t len; /* bytes */
	bool inbound; /* from the scanner */
	uint8_t bytes[LAB_WIRE_FRAME_LEN];
};

struct lab_wire {
	const struct lab_config *config;
	struct lab_counts *counts;
	uint64_t random;
	uint32_t held; /* the frame that lab_wire_next() has returned, or LAB_WHEEL_NONE */
	uint32_t n_free;
	uint32_t free[LAB_WIRE_FRAMES];
	struct lab_wire_frame frames[LAB_WIRE_FRAMES];
	struct lab_wheel wheel;
};

/**
 * Make an empty wire.
 * @param wire    out: to be freed with lab_wire_fini()
 * @param config  in: shares and seed; borrowed for the wire's life
 * @param counts  in/out: borrowed for the wire's life
 * @param now_us  in: the time
 * @return false: memory is short
 */
bool lab_wire_init(struct lab_wire *wire, const struct lab_config *config,
	struct lab_counts *counts, uint64_t now_us);

/** Free the wire; frames on it are lost. */
void lab_wire_fini(struct lab_wire *wire);

/** Are frames duplicated or reordered? If not, a frame without delay need not come here. */
static inline bool lab_wire_shuffles(const struct lab_wire *wire)
{
	return (wire->config->duplicate_ppm | wire->config->reorder_ppm) != 0;
}

/** Draw whether a frame that does not come here is dropped, and count it if so. */
bool lab_wire_drops(struct lab_wire *wire);

/**
 * Put a frame on the wire.
 * @param wire        in/out: the wire
 * @param frame, len  in: copied; more than LAB_WIRE_FRAME_LEN bytes are lost and counted
 * @param inbound     in: it comes from the scanner
 * @param due_us      in: time of its arrival, unless it is reordered
 */
void lab_wire_put(
	struct lab_wire *wire, const uint8_t *frame, uint32_t len, bool inbound, uint64_t due_us);

/**
 * The next frame that has arrived: the same one until lab_wire_done() is called.
 * @param wire    in/out: the wire
 * @param now_us  in: the time
 * @return the frame, valid until lab_wire_done(); NULL: there is none
 */
const struct lab_wire_frame *lab_wire_next(struct lab_wire *wire, uint64_t now_us);

/** Remove the frame that lab_wire_next() has returned. */
void lab_wire_done(struct lab_wire *wire);
