/* SPDX-License-Identifier: BSD-3-Clause */
/* The lab itself; shared by lab.c (frames) and lab_serve.c (connections). */
#pragma once

#include "lab_conns.h"
#include "lab_wire.h"
#include "tcpstack/packet/build.h"

/* A client that is not heard for so long is reset. */
#define LAB_IDLE_US 60000000

/* Connections in the order they came; each is in one queue at most once, so none overflows. */
struct lab_queue {
	uint32_t *conns;
	uint32_t head, len;
};

/* A buffer the answer to the frame in hand may take. */
struct lab_reply {
	uint8_t *bytes; /* NULL: none is offered */
	uint32_t cap, len;
};

struct lab {
	struct lab_config config;
	struct lab_counts counts;
	struct ts_link link; /* to the scanner: its address is learnt from each of its frames */
	struct lab_wire wire;
	struct lab_reply reply;
	struct lab_conns conns;
	struct lab_wheel timers; /* one entry a connection */
	struct lab_tls *tls;
	struct lab_queue ready;	  /* something to do for their TLS session */
	struct lab_queue wanting; /* no session yet: all are taken */
};

/** Put a segment from a host on the wire. */
void lab_send(struct lab *lab, const struct lab_tuple *tuple, const struct lab_host *host,
	const struct lab_tcp_seg *seg, uint64_t now_us);

/** A segment for a host that keeps connections. */
void lab_serve(struct lab *lab, const struct lab_tuple *tuple, const struct lab_host *host,
	const struct ts_tcp *tcp, uint64_t now_us);

/** A connection's timer has expired. */
void lab_serve_timer(struct lab *lab, uint32_t i, uint64_t now_us);

/** Do the TLS work of the first connection in the queue. @return false when none waits */
bool lab_serve_tls(struct lab *lab, uint64_t now_us);
