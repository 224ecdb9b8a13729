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
 * without a copy. An event leaves at most what TS_ACTS_MAX actions of TCP lead to.
 *
 * A flow sits beside its struct ts_conn under the same index. Idle connections hold no dialog: they
 * wait for a greeting in 128 bytes of TCP and this. A dialog is taken from its pool with the first
 * byte, a TLS credit only when the dialog asks for it. Whatever ends a connection, exactly one
 * record leaves it, or it goes back on the retry list.
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
/* Receive chunks one segment can need: itself and everything the reorder buffer then gives up, a
 * window in all. */
#define DP_RX_SPARES (DP_RCV_WND / DP_CHUNK_BYTES + 2)
#define DP_NO_SLOT   UINT32_MAX

enum dp_phase {
	DP_FLOW_FREE,
	DP_FLOW_OPENING,     /* second connection under way; the first one's dialog is kept */
	DP_FLOW_GREETING,    /* the server speaks first; no dialog yet */
	DP_FLOW_NEED_DIALOG, /* waiting for a dialog and, with TLS at once, for a credit */
	DP_FLOW_DIALOG,
	DP_FLOW_CREDIT,	 /* the dialog waits for a TLS credit */
	DP_FLOW_TLS,	 /* dialog and session are with a TLS core until DP_MSG_DONE */
	DP_FLOW_REFUSED, /* the TLS core had no memory; it waits for room on the retry list */
	DP_FLOW_CLOSING, /* the dialog is over; TCP delivers the rest and closes */
	DP_FLOW_HELD,	 /* closed; the record waits for its host's decoys */
	DP_FLOW_RECORD,	 /* closed; the record waits for room in the writer's ring */
};

/* A list of flows by index, linked through next and prev. */
struct dp_flow_list {
	uint32_t head, tail, n;
};

struct dp_flow {
	struct dl_dialog *dialog;
	struct tl_result *tls;
	struct dp_flow_list *waiting;	    /* the list it stands on, NULL: none */
	struct dp_chunk *tx_head, *tx_tail; /* outgoing bytes from tx_base on */
	uint64_t opened_us;
	uint32_t tx_base, tx_end; /* stream offsets; tx_end is what TCP has been told */
	uint32_t gen;		  /* grows with every use of the index */
	uint32_t tls_slot;	  /* the credit, DP_NO_SLOT: none */
	uint32_t next, prev;	  /* on the list it waits on, or that of records */
	uint32_t closing_rx;	  /* bytes that came after the dialog was over */
	uint32_t duration_us;	  /* its life, when it is over; UINT32_MAX: that long or longer */
	uint16_t service;
	uint8_t tls_core;
	uint8_t phase;	       /* enum dp_phase */
	uint8_t status, stage; /* enum dl_status, dl_stage: for connections without a dialog */
	uint8_t peer_mac[6];   /* where the SYN-ACK came from; used without a next hop */
	bool tcp_closed : 1;   /* TS_ACT_CLOSED came while the dialog was away */
	bool silent : 1;       /* no record: another connection carries the finding on */
	bool retried : 1;
	bool asked : 1;	 /* DP_MSG_TIMER is unanswered: no other one may follow */
	bool broken : 1; /* DP_MSG_BROKEN has been said: once is enough */
};

_Static_assert(sizeof(struct dp_flow) <= 96, "an idle connection stays below 256 bytes all told");

/* What the owner is asked to do. */
enum dp_flow_act_kind {
	/* Put a segment on the wire: dp_flow_segment() makes its frame. One marked optional may be
	 * left out; one that is lost comes again. */
	DP_FLOW_SEND,
	/* Hand a message to a TLS core. It must not be refused: msg.h says why there is room. */
	DP_FLOW_TELL,
	/* May more be learned soon about this host by its decoys? Answer: hold. */
	DP_FLOW_HOLD,
	/* A finding, complete but for decoys and responder. Answer: taken; dialog and result are
	 * then the owner's. */
	DP_FLOW_EMIT,
	/* A target that could not be served is to be asked again. Answer: retry. */
	DP_FLOW_ASK_AGAIN,
	/* The target's second connection opens: it is open work once more. */
	DP_FLOW_REOPENED,
	/* Nothing is recorded: dialog and result are the owner's to free, either may be NULL. */
	DP_FLOW_DISCARD,
};

enum dp_flow_retry {
	DP_RETRY_TAKEN,	  /* it will be asked again: this connection ends without a record */
	DP_RETRY_LATER,	  /* no room for it now: the connection stays and asks again */
	DP_RETRY_REFUSED, /* nobody is asked again any more: it ends, with a record */
};

struct dp_flow_act {
	enum dp_flow_act_kind kind;
	uint32_t conn;
	union {
		const struct ts_act *segment; /* TS_ACT_SEND; wnd is what its session can take */
		struct {
			uint32_t core;
			struct dp_msg msg;
		} tell;
		struct {
			struct ts_addr addr;
			bool hold; /* out of the owner; false unless it is set */
		} hold;
		struct {
			struct dp_record record;
			bool taken; /* out of the owner; false: the record waits and comes again */
		} emit;
		struct {
			struct ts_addr addr;
			uint16_t service;
			enum dp_flow_retry retry; /* out of the owner; TAKEN unless it is set */
		} target;
		struct {
			struct dl_dialog *dialog;
			struct tl_result *tls;
		} discard;
	};
};

/* Constant while the flows live. All that it points to is borrowed. */
struct dp_flow_config {
	const struct dl_config *dialog;
	const struct dl_service *services;
	const struct dp_targets *targets;   /* for the names of hosts */
	const struct dp_probe_id *probe_id; /* for the port and number of a second connection */
	const struct dp_pool *tx_chunks, *rx_chunks, *dialogs;
	struct dp_stats *stats;
	uint64_t start_unix_us; /* wall clock at time 0 */
	uint64_t seed;		/* of the sessions' randomness */
	uint32_t n_conns;	/* as the TCP stack has */
	uint32_t n_tls;		/* TLS cores, 1..DP_MAX_TLS */
	uint32_t conn_limit_us; /* whole life of one connection */
	uint32_t answer_us;	/* patience with a TLS core that says nothing */
	uint32_t rx_reserve;	/* receive chunks that all sessions together can be sure of */
	bool decoys;		/* hosts may be asked on decoy ports: records may be held */
};

struct dp_flows {
	struct dp_flow_config config;
	struct ts_stack *tcp;
	struct dp_flow *flows; /* n_conns, by connection index */
	uint64_t now_us;       /* of the last event */
	/* Set by the owner between events. */
	const struct dp_ranges *excluded; /* no new connection to these; NULL: none */
	bool purging; /* connections to excluded addresses may still be open: RSTs only go there */
	uint32_t data_room[DP_MAX_TLS];		      /* DP_MSG_DATA that each core can take */
	struct dp_flow_list want_dialog, want_credit; /* connections that wait for us */
	struct dp_flow_list behind;		      /* sessions that read less than what came */
	struct dp_flow_list held;		      /* records that wait for decoys */
	struct dp_flow_list records;		      /* for room in the writer's ring */
	uint32_t n_sessions;			      /* credits handed out */
	struct dp_fifo tls_free[DP_MAX_TLS];	      /* free session slots per TLS core */
	struct dp_pipe *pipes[DP_MAX_TLS];	      /* by slot; memory of the TLS core */
	struct dl_dialog *dialog_spare;
	struct dp_chunk *tx_spare;
	uint32_t n_rx_spares;
	struct dp_chunk *rx_spares[DP_RX_SPARES];
	/* Private to flow.c: the actions of TCP for the event, those that the flow itself has asked
	 * for meanwhile, and what goes to the owner. One action of the event leads at most to the
	 * initial window in data, a SYN, a FIN, a RST and a CLOSED: an array holds far more. */
	uint32_t event_at, own_at; /* next in the two arrays */
	bool has_act, is_asked;	   /* act is to be handed out; act's answer is to be taken in */
	struct dp_flow_act act;
	struct ts_acts event, own;
};

/**
 * Begin without connections.
 * @param flows   out: lives until nothing calls it any more; owns no memory of its own
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
 * @param n_slots  in: sessions at once, 1..
 */
void dp_flows_add_core(struct dp_flows *flows, uint32_t core, struct dp_pipe *pipes,
	uint32_t *memory, uint32_t n_slots);

/* Events. After each of them the owner calls dp_flow_next() until it returns NULL. now_us is in
 * microseconds since the owner's time 0 and never goes back. */

/**
 * A probe's SYN-ACK, found true, becomes a connection.
 * @param flows    in/out
 * @param hash     in: of ts_lookup_hash() for this segment
 * @param pkt      in: the SYN-ACK, borrowed for the call
 * @param iss      in: the probe's initial sequence number
 * @param service  in: index into config.services
 * @param now_us   in: time
 * @return its index; TS_CONN_NONE when every slot is in use or the connection exists
 */
uint32_t dp_flow_accept(struct dp_flows *flows, uint32_t hash, const struct ts_pkt *pkt,
	uint32_t iss, uint16_t service, uint64_t now_us);

/**
 * A segment for a connection.
 * @param flows   in/out
 * @param conn    in: in use; what ts_lookup() finds for the segment
 * @param now_us  in: time
 * @param pkt     in: borrowed until dp_flow_next() has returned NULL
 * @param reason  out: why TCP did not take (all of) it, TS_DROP_NONE: it did
 * @return false when there is no room for its payload: it is left, and the peer repeats it
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

/** A message from TLS core number core; takes what it carries. */
void dp_flow_message(
	struct dp_flows *flows, uint32_t core, const struct dp_msg *msg, uint64_t now_us);

/** Run expired timers, budget at most. @return how many ran */
uint32_t dp_flow_tick(struct dp_flows *flows, uint64_t now_us, uint32_t budget);

/** Acknowledge what has come, when a burst is over. @return false: once more */
bool dp_flow_flush_acks(struct dp_flows *flows, uint64_t now_us);

/** Give a TLS credit to the connection that has waited longest. @return false: none waits, or there
 * is none to give */
bool dp_flow_grant_credit(struct dp_flows *flows, uint64_t now_us);

/** The same with a dialog. Credits go first: they end dialogs, and so give dialogs back. */
bool dp_flow_grant_dialog(struct dp_flows *flows, uint64_t now_us);

/** Look at the first session on the list behind: tell its TLS core of more bytes, and its peer that
 * it may send more. @return false: it has to wait on, behind the others */
bool dp_flow_catch_up(struct dp_flows *flows, uint64_t now_us);

/** Look at the first record on the list held: does it wait on? It is not empty. */
void dp_flow_release(struct dp_flows *flows, uint64_t now_us);

/** Offer the first record on the list of records. It is not empty. */
void dp_flow_offer(struct dp_flows *flows, uint64_t now_us);

/** Reset a connection without a record; it is live (dp_flow_is_live()). */
void dp_flow_drop(struct dp_flows *flows, uint32_t conn, uint64_t now_us);

/**
 * The next action.
 * @return borrowed until the next call, which takes the answer from it; NULL: the event is over
 */
struct dp_flow_act *dp_flow_next(struct dp_flows *flows);

/* Questions, at any time. */

/** Has this connection something to send yet? False when it is closed, or the index free. */
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
