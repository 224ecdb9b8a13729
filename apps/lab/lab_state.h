/* SPDX-License-Identifier: BSD-3-Clause */
/* The lab itself; shared by lab.c (frames), lab_serve.c (connections) and lab_send.c. */
#pragma once

#include "lab_conns.h"
#include "lab_wire.h"
#include "tcpstack/packet/build.h"

/* Connections in the order in which they came. Each is in at most one queue, once, so no queue
 * overflows. */
struct lab_queue {
	uint32_t *conns;
	uint32_t head, len;
};

/* A buffer that may be used for the answer to the current frame. */
struct lab_reply {
	uint8_t *bytes; /* NULL: none is offered */
	uint32_t cap, len;
};

struct lab {
	struct lab_config config;
	struct lab_counts counts;
	struct ts_link link; /* to the scanner, whose address is learnt from each of its frames */
	struct lab_wire wire;
	struct lab_reply reply;
	struct lab_conns conns;
	struct lab_wheel timers; /* one entry a connection */
	struct lab_tls *tls;
	struct lab_queue ready;	  /* their TLS session has work to do */
	struct lab_queue wanting; /* they wait for a session: all are in use */
};
