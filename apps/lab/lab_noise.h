/* SPDX-License-Identifier: BSD-3-Clause */
/* Hosts that need no state: closed ports, and boxes that answer a SYN and serve nothing. Pure; any
 * thread. */
#pragma once

#include "lab_world.h"
#include "lab_tcp.h"

/** Does a host of this kind keep connections? For all other kinds lab_noise_answer() answers. */
static inline bool lab_kind_is_stateful(enum lab_kind kind)
{
	return kind == LAB_SERVICE || kind == LAB_NO_TLS || kind == LAB_GARBAGE;
}

/**
 * The answer of a host without state to one segment.
 * @param host    in: of a kind without state, with the options that it answers
 * @param tcp     in: the segment
 * @param iss     in: the host's initial sequence number towards this client
 * @param now_us  in: the time
 * @param seg     out: the answer
 * @return false: it does not answer, and seg is void
 */
bool lab_noise_answer(const struct lab_host *host, const struct ts_tcp *tcp, uint32_t iss,
	uint64_t now_us, struct lab_tcp_seg *seg);
