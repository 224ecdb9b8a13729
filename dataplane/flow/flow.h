/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The owner's side of a TCP connection: its outgoing bytes, its talk, its TLS session, its record.
 *
 *   accepted ─► GREETING ──first byte──► TALK ──► CREDIT ──► TLS ──DONE──► CLOSING ─► record ─► free
 *        └────► NEED_TALK (client first, or TLS at once) ─┘    │
 *                                        TALK ends early ──────┴─────────► CLOSING
 *
 * A record of a host whose decoys have no answer yet waits for them a little (HELD).
 *
 * A flow sits beside its struct ts_conn under the same index. Idle connections hold no talk (they
 * wait for a greeting in 128 bytes of TCP and this), a talk is taken from the pool with the first
 * byte, a TLS credit only when the dialog asks for it. Whatever ends a connection, exactly one
 * record leaves it, or it goes back on the retry list.
 */
#pragma once

#include "chunk.h"
#include "msg.h"
#include "dataplane/record/record.h"

struct dp_poll;

enum dp_phase {
	DP_FLOW_FREE,
	DP_FLOW_OPENING,   /* second connection under way; the first one's talk is kept */
	DP_FLOW_GREETING,  /* the server speaks first; no talk yet */
	DP_FLOW_NEED_TALK, /* waiting for a talk and, with TLS at once, for a credit */
	DP_FLOW_TALK,
	DP_FLOW_CREDIT,	 /* the dialog waits for a TLS credit */
	DP_FLOW_TLS,	 /* talk and session are with a TLS core until DP_MSG_DONE */
	DP_FLOW_CLOSING, /* the talk is over; TCP delivers the rest and closes */
	DP_FLOW_HELD,	 /* closed; the record waits for its host's decoys */
	DP_FLOW_RECORD,	 /* closed; the record waits for room in the writer's ring */
};

#define DP_NO_SLOT UINT32_MAX

/* A list of flows by index, linked through next and prev. */
struct dp_flow_list {
	uint32_t head, tail, n;
};

struct dp_flow {
	struct dl_talk *talk;
	struct tl_result *tls;
	struct dp_flow_list *waiting;	    /* the list it stands on, NULL: none */
	struct dp_chunk *tx_head, *tx_tail; /* outgoing bytes from tx_base on */
	uint64_t opened_us;
	uint32_t tx_base, tx_end; /* stream offsets; tx_end is what TCP has been told */
	uint32_t gen;		  /* grows with every use of the index */
	uint32_t tls_slot;	  /* the credit, DP_NO_SLOT: none */
	uint32_t next, prev;	  /* on the list it waits on, or that of records */
	uint32_t closing_rx;	  /* bytes that came after the talk was over */
	uint32_t duration_us;	  /* its life, when it is over; UINT32_MAX: that long or longer */
	uint16_t service;
	uint8_t tls_core;
	uint8_t phase;	       /* enum dp_phase */
	uint8_t status, stage; /* enum dl_status, dl_stage: for connections without a talk */
	uint8_t peer_mac[6];   /* where the SYN-ACK came from; used without a next hop */
	bool tcp_closed : 1;   /* TS_ACT_CLOSED came while the talk was away */
	bool silent : 1;       /* no record: another connection carries the finding on */
	bool retried : 1;
	bool asked : 1;	 /* DP_MSG_TIMER is unanswered: no other one may follow */
	bool broken : 1; /* DP_MSG_BROKEN has been said: once is enough */
};

_Static_assert(sizeof(struct dp_flow) <= 96, "an idle connection stays below 256 bytes all told");

/* An empty row for the stack to fill. Only the count is cleared: the row is 2 kB. */
static inline struct ts_acts *dp_acts_clear(struct ts_acts *acts)
{
	acts->n = 0;
	return acts;
}

/** May a segment with len bytes of payload be given to this connection now? False: leave it, the
 * peer repeats it. */
bool dp_flow_can_take(struct dp_poll *poll, uint32_t conn, uint32_t len);

/** A probe's SYN-ACK has become connection conn: begin. */
void dp_flow_accepted(
	struct dp_poll *poll, uint32_t conn, const struct ts_pkt *pkt, uint16_t service);

/** Carry out what the TCP stack asked for. */
void dp_flow_run(struct dp_poll *poll, const struct ts_acts *acts);

/** A message from TLS core number core; takes what it carries. */
void dp_flow_message(struct dp_poll *poll, uint32_t core, const struct dp_msg *msg);

/** Give talks and TLS credits to waiting connections, first come first served. @return how many */
uint32_t dp_flow_grant(struct dp_poll *poll);

/** For sessions whose TLS core had fallen behind: tell it of more bytes, and the peer that it may
 * send more. @return how many were caught up with */
uint32_t dp_flow_catch_up(struct dp_poll *poll);

/** Let records go on that wait for decoys, and hand those that wait for the writer to it. @return
 * how much was done */
uint32_t dp_flow_flush_records(struct dp_poll *poll);

/** Reset every connection; records are not written. Used when the user wants to stop at once. */
void dp_flow_abort_all(struct dp_poll *poll);
