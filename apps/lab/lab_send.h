/* SPDX-License-Identifier: BSD-3-Clause */
/* From a segment of a lab host to a frame. */
#pragma once

#include "lab_state.h"

/**
 * Build the frame of a segment, and count it.
 * @param lab    in, out: the link to the scanner, the counters
 * @param tuple  in: from host to client
 * @param host   in: its MSS and TTL
 * @param seg    in
 * @param frame  out: cap bytes
 * @return length of the frame in bytes; 0: it does not fit
 */
uint32_t lab_build_segment(struct lab *lab, const struct lab_tuple *tuple,
	const struct lab_host *host, const struct lab_tcp_seg *seg, uint8_t *frame, uint32_t cap);

/** Put a segment from a host on the wire, where it waits for the host's delay. */
void lab_send(struct lab *lab, const struct lab_tuple *tuple, const struct lab_host *host,
	const struct lab_tcp_seg *seg, uint64_t now_us);
