/* SPDX-License-Identifier: BSD-3-Clause */
/* Events of the lab's connections: each call takes one event and sends what follows from it. The
 * lab's thread. */
#pragma once

#include "lab_state.h"

/* A client that sends nothing for so long is reset. */
#define LAB_IDLE_US 60000000

/**
 * Take a segment for a host that keeps connections.
 * @param lab     in/out: its connections
 * @param tuple   in: host and client
 * @param host    in: copied if a connection opens
 * @param tcp     in: the segment; borrowed for the call
 * @param now_us  in: the time
 */
void lab_serve(struct lab *lab, const struct lab_tuple *tuple, const struct lab_host *host,
	const struct ts_tcp *tcp, uint64_t now_us);

/**
 * The timer of a connection has expired.
 * @param lab     in/out: its connections
 * @param i       in: the connection's slot, which is in use
 * @param now_us  in: the time
 */
void lab_serve_timer(struct lab *lab, uint32_t i, uint64_t now_us);

/**
 * Do TLS work for the first connection in the queue. May take milliseconds (a signature).
 * @param lab     in/out: its connections
 * @param now_us  in: the time
 * @return false: the queue is empty
 */
bool lab_serve_tls(struct lab *lab, uint64_t now_us);
