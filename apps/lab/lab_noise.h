/* SPDX-License-Identifier: BSD-3-Clause */
/* Hosts that need no state: closed ports, and the boxes that answer a SYN and serve nothing. */
#pragma once

#include "lab_world.h"
#include "lab_tcp.h"

/** Whether a host of this kind keeps connections; every other is lab_noise_answer()'s business. */
static inline bool lab_kind_is_stateful(enum lab_kind kind)
{
	return kind == LAB_SERVICE || kind == LAB_NO_TLS || kind == LAB_GARBAGE;
}

/**
 * The answer of a stateless host to one segment.
 * @param host  in: its kind, and the options that it answers
 * @param tcp   in: the segment
 * @param iss   in: its initial sequence number towards this client
 * @param seg   out: the answer
 * @return false when it gives none
 */
bool lab_noise_answer(const struct lab_host *host, const struct ts_tcp *tcp, uint32_t iss,
	uint64_t now_us, struct lab_tcp_seg *seg);
