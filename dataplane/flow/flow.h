/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The owner's side of TCP connections: outgoing bytes, dialog, TLS session, record.
 *
 *   accepted ─► GREETING ──first byte──► DIALOG ──► CREDIT ──► TLS ──DONE──► CLOSING ─► record ─► free
 *        └────► NEED_DIALOG (client first, or TLS at once) ─┘    │
 *                                        DIALOG ends early ──────┴─────────► CLOSING
 *
 * Pure: segments, messages and time go in, actions come out. Nothing here knows DPDK or a clock.
 *
 *     owner                                 flows                        tcpstack
 *     dp_flow_input(segment, now) ────────► ts_input() ────────────────► actions of TCP
 *     dp_flow_next() ─────────────────────► the next action of TCP:
 *                                             for the owner: hand it out
 *                                             for the flow: dialog, timers, TLS messages; what
 *                                             these ask of TCP comes before TCP's next action
 *     carry the action out, answer it
 *     dp_flow_next() ─────────────────────► ... NULL: all is done, the next event may come
 *
 * An action is made only when the owner asks for it. So it is carried out before anything that it
 * refers to (bytes, addresses) can change, in the order in which TCP asked, without recursion and
 * without a copy. One event leads to the actions of at most TS_ACTS_MAX actions of TCP.
 *
 * A flow has the same index as its struct ts_conn. An idle connection has no dialog: it waits for a
 * greeting in the 128 bytes of TCP and one struct dp_flow. It takes a dialog from the pool with the
 * first byte, and a TLS credit when the dialog asks for one. However a connection ends, it leaves
 * exactly one record, or its target is put on the retry list.
 *
 * One thread owns a struct dp_flows and calls all functions.
 */
#pragma once

#include "dataplane/core/probe_id.h"
#include "dataplane/core/stats.h"
#include "dataplane/core/fifo.h"
#include "dataplane/core/limits.h"
#include "msg.h"
#include "pipe.h"
#include "dataplane/record/record.h"
#include "dataplane/targets/ranges.h"
#include "dataplane/targets/targets.h"
#include "tcpstack/packet/build.h"

/* Receive window: what the reorder buffer can hold. */
#define DP_RCV_WND 16384
/* Receive chunks that one segment can need: it may release all of the reorder buffer, a window in
 * all. */
#define DP_RX_SPARES (DP_RCV_WND / DP_CHUNK_BYTES + 2)
#define DP_NO_SLOT   UINT32_MAX

enum dp_phase {
	DP_FLOW_FREE,
	DP_FLOW_OPENING, /* the SYN of a second connection is sent; it has the first one's dialog */
	DP_FLOW_GREETING,    /* the server speaks first; no dialog yet */
	DP_FLOW_NEED_DIALOG, /* waits for a dialog; implicit TLS waits for a credit after that */
	DP_FLOW_DIALOG,
	DP_FLOW_CREDIT,	 /* the dialog waits for a TLS credit */
	DP_FLOW_TLS,	 /* dialog and session are with a TLS core until DP_MSG_DONE */
	DP_FLOW_REFUSED, /* the TLS core had no memory; waits for room on the retry list */
	DP_FLOW_CLOSING, /* the dialog is over; TCP sends the rest and closes */
	DP_FLOW_HELD,	 /* closed; the record waits for its host's decoys */
	DP_FLOW_RECORD,	 /* closed; the record waits for room in the writer's ring */
};

/* A queue of flows by index, linked through next and prev. */
struct dp_flow_list {
	uint32_t head, tail, n;
};

struct dp_flow {
	struct dl_dialog *dialog;
	struct tl_result *tls;
	struct dp_flow_list *waiting;	    /* the queue that it waits in, NULL: none */
	struct dp_chunk *tx_head, *tx_tail; /* outgoing bytes from tx_base on */
	uint64_t opened_us;
	uint32_t tx_base, tx_end; /* stream offsets; TCP may send the bytes up to tx_end */
	uint32_t gen;		  /* grows each time that the index is used again */
	uint32_t tls_slot;	  /* the credit, DP_NO_SLOT: none */
	uint32_t next, prev;	  /* in the queue that it waits in, or that of records */
	uint32_t closing_rx;	  /* bytes that came after the dialog was over */
	uint32_t duration_us;	  /* its life, after its end; UINT32_MAX: that long or longer */
	uint16_t service;
	uint8_t tls_core;
	uint8_t phase;	       /* enum dp_phase */
	uint8_t status, stage; /* enum dl_status, dl_stage: for connections without a dialog */
	uint8_t peer_mac[6];   /* where the SYN-ACK came from; used without a next hop */
	bool tcp_closed : 1;   /* TS_ACT_CLOSED has come */
	bool silent : 1;       /* it leaves no record */
	bool retried : 1;      /* a second connection (XMPP) */
	bool asked : 1;	       /* DP_MSG_TIMER is not answered yet, so no other one may follow */
	bool broken : 1;       /* DP_MSG_BROKEN has been sent, which is done once */
};

_Static_assert(sizeof(struct dp_flow) <= 96, "an idle connection stays below 256 bytes all told");

/* What the owner is asked to do. */
enum dp_flow_act_kind {
	/* Send a segment, whose frame dp_flow_segment() makes. A segment marked optional may be
	 * left out. A segment that cannot be sent may be dropped: TCP sends it again. */
	DP_FLOW_SEND,
	/* Hand a message to a TLS core. There is always room for it (msg.h says why). */
	DP_FLOW_TELL,
	/* May this host's decoys soon say more about it? Answer: hold. */
	DP_FLOW_HOLD,
	/* A record, complete except for decoys and responder. Answer: taken; dialog and result then
	 * belong to the owner. */
	DP_FLOW_EMIT,
	/* A target that could not be served is to be asked again. Answer: retry. */
	DP_FLOW_ASK_AGAIN,
	/* A target's second connection opens, so the target is open work again. */
	DP_FLOW_REOPENED,
	/* There is no record: dialog and result belong to the owner, who frees them. Either may be
	 * NULL. */
	DP_FLOW_DISCARD,
};

enum dp_flow_retry {
	DP_RETRY_TAKEN,	  /* it will be asked again: this connection ends without a record */
	DP_RETRY_LATER,	  /* there is no room for it: the connection stays and tries again */
	DP_RETRY_REFUSED, /* no target is asked again any more: it ends with a record */
};

struct dp_flow_act {
	enum dp_flow_act_kind kind;
	uint32_t conn;
	union {
		const struct ts_act *segment; /* TS_ACT_SEND; wnd is what the session can take */
		struct {
			uint32_t core;
			struct dp_msg msg;
		} tell;
		struct {
			struct ts_addr addr;
			bool hold; /* set by the owner; false before */
		} hold;
		struct {
			struct dp_record record;
			bool taken; /* set by the owner; false before: the record comes again */
		} emit;
		struct {
			struct ts_addr addr;
			uint16_t service;
			enum dp_flow_retry retry; /* set by the owner; DP_RETRY_TAKEN before */
		} target;
		struct {
			struct dl_dialog *dialog;
			struct tl_result *tls;
		} discard;
	};
};

/* Constant while the flows are used. All that it points to is borrowed. */
struct dp_flow_config {
	const struct dl_config *dialog;
	const struct dl_service *services;
	const struct dp_targets *targets;   /* for the names of hosts */
	const struct dp_probe_id *probe_id; /* for the port and number of a second connection */
	const struct dp_pool *tx_chunks, *rx_chunks, *dialogs;
	struct dp_stats *stats;
	uint64_t start_unix_us; /* wall clock at time 0 */
	uint64_t seed;		/* of the sessions' randomness */
	uint32_t n_conns;	/* connections of the TCP stack */
	uint32_t n_tls;		/* TLS cores, 1..DP_MAX_TLS */
	uint32_t conn_limit_us; /* longest life of a connection */
	uint32_t answer_us;	/* how long a TLS core may be silent */
	uint32_t rx_reserve;	/* receive chunks that are kept for the shares of sessions */
	bool decoys;		/* hosts may be probed on decoy ports: records may be held */
};

struct dp_flows {
	struct dp_flow_config config;
	struct ts_stack *tcp;
	struct dp_flow *flows; /* n_conns, by connection index */
	uint64_t now_us;       /* of the last event */
	/* Set by the owner between events. */
	const struct dp_ranges *excluded; /* no new connection to these; NULL: none */
	bool purging; /* connections to excluded addresses may be open: they get only RSTs */
	uint32_t data_room[DP_MAX_TLS];		      /* DP_MSG_DATA that each core can take */
	struct dp_flow_list want_dialog, want_credit; /* connections that wait for one */
	struct dp_flow_list behind;		      /* sessions that have not read all bytes */
	struct dp_flow_list held;		      /* records that wait for decoys */
	struct dp_flow_list records;		      /* records that wait for the writer's ring */
	uint32_t n_sessions;			      /* credits handed out */
	struct dp_fifo tls_free[DP_MAX_TLS];	      /* free session slots of each TLS core */
	struct dp_pipe *pipes[DP_MAX_TLS];	      /* by slot; memory of the TLS core */
	struct dl_dialog *dialog_spare;
	struct dp_chunk *tx_spare;
	uint32_t n_rx_spares;
	struct dp_chunk *rx_spares[DP_RX_SPARES];
	/* Private to flow.c: the actions of TCP for the event, the actions that the flow itself has
	 * asked for since, and the action for the owner. One action of the event leads at most to
	 * the initial window in data, a SYN, a FIN, a RST and a CLOSED. An array has room for far
	 * more. */
	uint32_t event_at, own_at; /* next in the two arrays */
	bool has_act, is_asked;	   /* act is to be handed out; the answer in act is to be read */
	struct dp_flow_act act;
	struct ts_acts event, own;
};

/**
 * Begin without connections.
 * @param flows   out: needs no end, as it owns no memory
 * @param config  in: copied
 * @param tcp     in: a stack of config->n_conns connections, borrowed; used by these flows alone
 * @param memory  in: zeroed, config->n_conns elements, borrowed
 */
void dp_flows_init(struct dp_flows *flows, const struct dp_flow_config *config,
	struct ts_stack *tcp, struct dp_flow *memory);

/**
 * Name the credits of one TLS core.
 * @param flows    in/out: after dp_flows_init(), before the first event
 * @param core     in: below config->n_tls
 * @param pipes    in: n_slots or more, by slot; borrowed
 * @param memory   in: room for n_slots rounded up to a power of two; borrowed
 * @param n_slots  in: sessions at once, above 0
 */
void dp_flows_add_core(struct dp_flows *flows, uint32_t core, struct dp_pipe *pipes,
	uint32_t *memory, uint32_t n_slots);

/* Events. After each of them the owner calls dp_flow_next() until it returns NULL. now_us is in
 * microseconds since the owner's time 0 and never goes back. */

/**
 * Open a connection for a SYN-ACK that answers a probe of ours.
 * @param flows    in/out
 * @param hash     in: of ts_lookup_hash() for pkt
 * @param pkt      in: the SYN-ACK, borrowed for the call
 * @param iss      in: the probe's initial sequence number
 * @param service  in: index into config.services
 * @param now_us   in: time
 * @return its index; TS_CONN_NONE if every slot is in use or the connection exists
 */
uint32_t dp_flow_accept(struct dp_flows *flows, uint32_t hash, const struct ts_pkt *pkt,
	uint32_t iss, uint16_t service, uint64_t now_us);

/**
 * A segment for a connection.
 * @param flows   in/out
 * @param conn    in: in use, the one that ts_lookup() finds for the segment
 * @param pkt     in: borrowed until dp_flow_next() has returned NULL
 * @param now_us  in: time
 * @param reason  out: why TCP has dropped it or a part of it; TS_DROP_NONE: it has not
 * @return false if there is no room for its payload: it is dropped, and the peer repeats it
 */
bool dp_flow_input(struct dp_flows *flows, uint32_t conn, const struct ts_pkt *pkt, uint64_t now_us,
	enum ts_drop *reason);

/**
 * An ICMP error about a connection.
 * @param flows   in/out
 * @param conn    in: the one that its quote names, in use
 * @param pkt     in: borrowed for the call
 * @param now_us  in: time
 * @return TS_DROP_NONE or TS_DROP_ICMP_NO_MATCH
 */
enum ts_drop dp_flow_input_icmp(
	struct dp_flows *flows, uint32_t conn, const struct ts_pkt *pkt, uint64_t now_us);

/**
 * A message from a TLS core.
 * @param flows   in/out
 * @param core    in: which TLS core, below config.n_tls
 * @param msg     in: borrowed for the call; what it carries belongs to the flow now
 * @param now_us  in: time
 */
void dp_flow_message(
	struct dp_flows *flows, uint32_t core, const struct dp_msg *msg, uint64_t now_us);

/**
 * Run expired timers.
 * @param flows   in/out
 * @param now_us  in: time
 * @param budget  in: timers to run at most
 * @return how many ran
 */
uint32_t dp_flow_tick(struct dp_flows *flows, uint64_t now_us, uint32_t budget);

/**
 * Acknowledge what has come, after a burst of segments.
 * @param flows   in/out
 * @param now_us  in: time
 * @return false if some ACKs are left: the owner calls it again after dp_flow_next()
 */
bool dp_flow_flush_acks(struct dp_flows *flows, uint64_t now_us);

/**
 * Give a TLS credit to the connection that has waited longest for one.
 * @param flows   in/out
 * @param now_us  in: time
 * @return false if no connection waits, or no credit is free
 */
bool dp_flow_grant_credit(struct dp_flows *flows, uint64_t now_us);

/**
 * Give a dialog to the connection that has waited longest for one. The owner grants credits first,
 * because dialogs that get one end sooner.
 * @param flows   in/out
 * @param now_us  in: time
 * @return false if no connection waits, or no dialog or transmit chunk is free
 */
bool dp_flow_grant_dialog(struct dp_flows *flows, uint64_t now_us);

/**
 * Look at the first session in the queue behind: tell its TLS core of more bytes, and let its peer
 * send more.
 * @param flows   in/out: the queue is not empty
 * @param now_us  in: time
 * @return false if it still has to wait: it goes to the end of the queue
 */
bool dp_flow_catch_up(struct dp_flows *flows, uint64_t now_us);

/**
 * Look at the first record in the queue held: it waits again, or it is offered.
 * @param flows   in/out: the queue is not empty
 * @param now_us  in: time
 */
void dp_flow_release(struct dp_flows *flows, uint64_t now_us);

/**
 * Offer the first record in the queue of records.
 * @param flows   in/out: the queue is not empty
 * @param now_us  in: time
 */
void dp_flow_offer(struct dp_flows *flows, uint64_t now_us);

/**
 * Reset a connection without a record.
 * @param flows   in/out
 * @param conn    in: live, see dp_flow_is_live()
 * @param now_us  in: time
 */
void dp_flow_drop(struct dp_flows *flows, uint32_t conn, uint64_t now_us);

/**
 * The next action of the event.
 * @param flows  in/out: takes the answer to the last action first
 * @return the action, which the owner carries out and answers; valid until the next call. NULL: the
 *         event is over
 */
struct dp_flow_act *dp_flow_next(struct dp_flows *flows);

/* Questions, at any time. */

/** May this connection still send? False if its TCP is closed, or the index is free. */
static inline bool dp_flow_is_live(const struct dp_flows *flows, uint32_t conn)
{
	const struct dp_flow *flow = &flows->flows[conn];

	return flow->phase != DP_FLOW_FREE && !flow->tcp_closed;
}

/**
 * Make the frame of a segment that DP_FLOW_SEND asks for. The payload is copied once, from its
 * chunks to its place in the frame. Before the next call of dp_flow_next().
 * @param flows  in
 * @param act    in: segment of struct dp_flow_act
 * @param link   in: next hop
 * @param src    in: our address, of the peer's family
 * @param ip_id  in: IPv4 identification
 * @param out    out: the frame
 * @param cap    in: bytes writable at out; TS_BUILD_HEADER_MAX and the payload fit
 * @return frame length in bytes; 0 if cap is too small, a byte of the payload is not held, or src
 * is of another family than the peer
 */
uint32_t dp_flow_segment(const struct dp_flows *flows, const struct ts_act *act,
	const struct ts_link *link, const struct ts_addr *src, uint16_t ip_id, uint8_t *out,
	uint32_t cap);
