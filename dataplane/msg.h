/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What poll cores and TLS cores say to each other.
 *
 *     poll core                               TLS core
 *       OPEN slot gen talk  ───────────────►    new session, ClientHello
 *                           ◄───────────────  SEND chunk, deadline
 *       DATA slot gen chunk ───────────────►    handshake ... dialog inside TLS
 *       TIMER / EOF / BROKEN ──────────────►
 *                           ◄───────────────  DONE result, next; the talk is the poll core's again
 *
 * One SPSC ring each way per (poll, TLS) pair, messages by value. The slot is the credit: the poll
 * core hands it out and gets it back with DONE. gen is the connection's generation; a message with
 * another one is for a connection that is gone, and is refused. Between OPEN and DONE the talk
 * belongs to the TLS core.
 */
#pragma once

#include <stdint.h>

enum dp_msg_op {
	/* poll -> TLS */
	DP_MSG_OPEN,   /* ptr: struct dl_talk, handed over; arg: the session's seed */
	DP_MSG_DATA,   /* ptr: struct dp_chunk from the receive pool, handed over */
	DP_MSG_EOF,    /* the peer's FIN, after all data */
	DP_MSG_TIMER,  /* the deadline last announced has passed */
	DP_MSG_BROKEN, /* the connection is gone; arg: enum dl_status to report */
	/* TLS -> poll */
	DP_MSG_SEND,	/* ptr: struct dp_chunk from the transmit pool, handed over */
	DP_MSG_WAIT,	/* arg: deadline, absolute microseconds; nothing to send */
	DP_MSG_REFUSED, /* no memory for a session; the talk is the poll core's again */
	DP_MSG_DONE,	/* ptr: struct tl_result or NULL, handed over; arg: enum dl_next */
};

struct dp_msg {
	uint16_t op; /* enum dp_msg_op */
	uint16_t unused;
	uint32_t slot;
	uint32_t gen;
	uint32_t conn; /* poll core's connection index, echoed */
	void *ptr;
	uint64_t arg;
};

_Static_assert(sizeof(struct dp_msg) == 32,
	"ring elements are multiples of four bytes, two to a cache line");
