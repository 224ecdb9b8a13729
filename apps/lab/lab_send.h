/* SPDX-License-Identifier: BSD-3-Clause */
/* From a segment of a lab host to a frame. The lab's thread. */
#pragma once

#include "lab_state.h"

/**
 * Build the frame of a segment, and count it.
 * @param lab    in/out: the link to the scanner, the counters
 * @param tuple  in: host and client
 * @param host   in: its MSS and TTL
 * @param seg    in: the segment; borrowed for the call
 * @param frame  out: the frame
 * @param cap    in: bytes that may be written at frame
 * @return bytes of the frame; 0: it does not fit
 */
uint32_t lab_build_segment(struct lab *lab, const struct lab_tuple *tuple,
	const struct lab_host *host, const struct lab_tcp_seg *seg, uint8_t *frame, uint32_t cap);

/**
 * Put a segment of a host on the wire, where it waits for the host's delay.
 * @param lab     in/out: the wire, the counters
 * @param tuple   in: host and client
 * @param host    in: its delay, MSS and TTL
 * @param seg     in: the segment; borrowed for the call
 * @param now_us  in: the time
 */
void lab_send(struct lab *lab, const struct lab_tuple *tuple, const struct lab_host *host,
	const struct lab_tcp_seg *seg, uint64_t now_us);
