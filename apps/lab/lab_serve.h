/* SPDX-License-Identifier: BSD-3-Clause */
/* The lab's connections at work: each call takes one event, and sends what follows from it. */
#pragma once

#include "lab_state.h"

/* A client that is not heard for so long is reset. */
#define LAB_IDLE_US 60000000

/** Take a segment for a host that keeps connections. @param tcp  in: borrowed for the call */
void lab_serve(struct lab *lab, const struct lab_tuple *tuple, const struct lab_host *host,
	const struct ts_tcp *tcp, uint64_t now_us);

/** A connection's timer has expired. @param i  in: its slot */
void lab_serve_timer(struct lab *lab, uint32_t i, uint64_t now_us);

/** Do the TLS work of the first connection in the queue. @return false: none waits */
bool lab_serve_tls(struct lab *lab, uint64_t now_us);
