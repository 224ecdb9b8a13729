/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The messages between poll cores and TLS cores.
 *
 *     poll core                               TLS core
 *       OPEN slot gen dialog  ───────────────►    new session, ClientHello
 *                           ◄───────────────  SEND chunk, deadline
 *       DATA slot gen end   ───────────────►    handshake ... dialog inside TLS
 *       TIMER / EOF / BROKEN ──────────────►
 *                           ◄───────────────  WAIT deadline
 *                           ◄───────────────  DONE result, next; the dialog is the poll core's again
 *
 * Each pair of a poll core and a TLS core has one SPSC ring each way, with messages by value. The
 * slot is the credit: the poll core hands it out and gets it back with DONE. gen is the
 * connection's generation: a message with another one is for a connection that is gone, and is
 * refused. Between OPEN and DONE the dialog belongs to the TLS core. The bytes of DATA are in the
 * slot's pipe (pipe.h), which also counts the chunks of SEND.
 *
 * No core waits for room. To the TLS core: DATA must leave half of the ring free, or it is sent
 * later. A slot has at most DP_MSGS_PER_SLOT other messages in the ring: OPEN, one TIMER until it
 * is answered, EOF, BROKEN, and those to the session before it that were sent while its DONE was on
 * its way: TIMER, EOF, BROKEN. To the poll core: a slot has at most DP_PIPE_TX_CHUNKS SENDs and one
 * DONE or REFUSED in the ring. WAIT must leave room for all of these, or it is sent later.
 */
#pragma once

#include <stdint.h>

#define DP_MSGS_PER_SLOT 8

enum dp_msg_op {
	/* poll -> TLS */
	DP_MSG_OPEN,   /* ptr: struct dl_dialog, handed over; arg: the session's seed */
	DP_MSG_DATA,   /* arg: bytes put into the pipe since OPEN */
	DP_MSG_EOF,    /* the peer's FIN, after all data; arg as DATA */
	DP_MSG_TIMER,  /* the deadline last announced has passed */
	DP_MSG_BROKEN, /* the connection is gone; arg: dp_broken_arg() */
	/* TLS -> poll */
	DP_MSG_SEND,	/* ptr: struct dp_chunk from the transmit pool, handed over; arg as WAIT */
	DP_MSG_WAIT,	/* arg: deadline, absolute microseconds; nothing to send */
	DP_MSG_REFUSED, /* no memory for a session; the dialog is the poll core's again */
	DP_MSG_DONE,	/* ptr: struct tl_result or NULL, handed over; arg: enum dl_next */
};

/* Why a connection has ended under its session. */
enum dp_broken {
	DP_BROKEN_BY_PEER,
	DP_BROKEN_UNACKED, /* what we sent was never acknowledged */
	DP_BROKEN_LIFE,	   /* it has lasted as long as a connection may, or is reset by us */
	DP_BROKEN_WINDOW,  /* the peer has sent more than our window allows */
	DP_N_BROKEN
};

/**
 * The argument of DP_MSG_BROKEN. Pure; any thread.
 * @param why  in: below DP_N_BROKEN
 * @param end  in: bytes put into the pipe since OPEN, which the session still reads
 * @return why in the upper 32 bits, end in the lower ones
 */
static inline uint64_t dp_broken_arg(enum dp_broken why, uint32_t end)
{
	return (uint64_t)why << 32 | end;
}

struct dp_msg {
	uint16_t op;	   /* enum dp_msg_op */
	uint16_t answered; /* SEND, WAIT: this answers TIMER, so another TIMER may follow */
	uint32_t slot;
	uint32_t gen;
	uint32_t conn; /* the poll core's connection index; the TLS core returns it */
	void *ptr;
	uint64_t arg;
};

_Static_assert(sizeof(struct dp_msg) == 32,
	"ring elements are multiples of four bytes, two to a cache line");
