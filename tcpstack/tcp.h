/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The TCP client: active open only, RFC 9293 with RFC 5961, 6298, 6928 and 5927 where they are stricter.
 *
 * Pure core. Segments, wishes and time go in; actions come out in a caller-owned array. The stack holds
 * no payload to send: the owner keeps the outgoing byte stream of each connection from the last
 * acknowledged byte on, and TS_ACT_SEND asks for a range of it (also for retransmissions).
 *
 *     probe (stateless)        owner                      stack
 *     SYN  ->
 *          <- SYN-ACK, cookie ok  -- ts_accept() ------>  ESTABLISHED, ACK due
 *                                 -- ts_write(total) -->  SEND ranges
 *          <- data                -- ts_input() ------->  DATA, ACKED, EOF
 *                                 -- ts_close() ------->  FIN ... CLOSED
 *
 * One stack belongs to one poll core; nothing here is shared. Every state has a deadline, and a deadline
 * that passes ends in RST: no state ends in silence. After TS_ACT_CLOSED the connection stays readable
 * (facts) until the owner calls ts_release().
 */
#pragma once

#include "pkt.h"

#define TS_CONN_NONE UINT32_MAX

enum ts_state {
	TS_FREE,
	TS_SYN_SENT, /* only for connections the scanner opens with state, ts_open() */
	TS_ESTABLISHED,
	TS_FIN_WAIT_1,
	TS_FIN_WAIT_2,
	TS_CLOSE_WAIT,
	TS_CLOSING,
	TS_LAST_ACK,
	TS_CLOSED, /* ended, waiting for ts_release() */
};

/* How a connection ended. */
enum ts_close {
	TS_CLOSE_NONE,
	TS_CLOSE_FIN,         /* both directions closed in order */
	TS_CLOSE_RST,         /* the peer reset it */
	TS_CLOSE_REFUSED,     /* RST answered our SYN */
	TS_CLOSE_UNREACHABLE, /* ICMP error answered our SYN */
	TS_CLOSE_SYN_TIMEOUT, /* no SYN-ACK */
	TS_CLOSE_RTO,         /* our data was never acknowledged */
	TS_CLOSE_ABORTED,     /* ts_abort() */
	TS_CLOSE_FIN_TIMEOUT, /* our FIN was not answered in time; RST sent */
	TS_N_CLOSE
};

/*
 * One connection, two cache lines. The first is touched by every segment, the second at open, at close
 * and by retransmissions. Indices instead of pointers; times in ticks of ts_stack_config.tick_us.
 */
struct ts_conn {
	/* line 0 */
	struct ts_addr raddr;
	uint16_t rport, lport; /* host order */
	uint32_t rcv_nxt;
	uint32_t snd_una, snd_nxt; /* snd_una <= snd_nxt <= iss + 1 + wr_len (+ 1 for our FIN) */
	uint32_t snd_wnd;          /* bytes the peer will take, unscaled: we offer no window scaling */
	uint32_t wr_len;           /* bytes of the outgoing stream the owner has announced */
	uint16_t snd_mss, rcv_wnd;
	uint8_t state; /* enum ts_state */
	uint8_t flags; /* private to the stack */
	uint8_t n_tries; /* retransmissions of the oldest unacknowledged byte */
	uint8_t n_reorder; /* segments in the reorder buffer */
	uint32_t rto_at, deadline_at; /* ticks; 0: not armed */
	/* line 1 */
	uint32_t wheel_next, wheel_prev; /* timer wheel links, connection indices */
	uint32_t wheel_at;               /* tick it is queued for */
	uint32_t reorder_head;           /* first held segment, index into the reorder pool */
	uint32_t iss, irs;
	uint32_t snd_wl1, snd_wl2; /* RFC 9293 3.10.7.4: segment of the last window update */
	uint32_t max_snd_wnd;
	uint32_t srtt_us, rttvar_us, rto_us;
	uint32_t rtt_at, rtt_seq; /* running RTT sample: tick sent (0: none), sequence that ends it */
	uint16_t synack_wnd, synack_mss;
	uint8_t synack_ttl, synack_wscale, n_challenge, close; /* close: enum ts_close */
};

_Static_assert(sizeof(struct ts_conn) <= 128, "a connection is two cache lines");

/* What happened on one connection since it opened, for the record. */
struct ts_facts {
	uint32_t rtt_us; /* first RTT sample, 0: none */
	uint16_t synack_wnd, synack_mss; /* mss 0: option absent */
	uint8_t synack_ttl, synack_wscale; /* wscale 0xff: option absent */
	char opts_order[TS_OPTS_ORDER_LEN];
	uint32_t rx_bytes, tx_acked_bytes;
	uint16_t n_retransmits;
	bool zero_window_seen, data_acked, peer_fin;
	uint8_t icmp_type, icmp_code; /* of a soft error or an unreachable; 0/0: none */
	enum ts_close close;
};

enum ts_act_kind {
	TS_ACT_SEND,   /* put a segment on the wire */
	TS_ACT_OPENED, /* three-way handshake done (ts_open() only) */
	TS_ACT_DATA,   /* in-order bytes from the peer, borrowed until the call returns to the poll loop */
	TS_ACT_ACKED,  /* the peer has everything before stream offset off: the owner may forget it */
	TS_ACT_EOF,    /* the peer sent FIN and every byte before it has been delivered; once */
	TS_ACT_TIMER,  /* the owner's deadline (ts_set_deadline) has passed; the deadline is disarmed */
	TS_ACT_CLOSED, /* over; facts stay readable until ts_release() */
};

struct ts_act {
	enum ts_act_kind kind;
	uint32_t conn;
	union {
		struct {
			uint32_t seq, ack;
			uint32_t off;  /* offset of the payload in the outgoing stream */
			uint16_t len;  /* payload bytes, 0 for a bare segment */
			uint16_t wnd;
			uint16_t mss;  /* MSS option value, 0: none */
			uint8_t flags; /* TS_TCP_* */
		} send;
		struct {
			const uint8_t *bytes;
			uint32_t len;
		} data;
		uint32_t acked_off;
		enum ts_close close;
	};
};

/* No single call yields more actions than this; TS_ACT_DATA of a drained reorder buffer is the worst. */
#define TS_ACTS_MAX 64

/* Filled from n = 0 by each call; the caller handles them in order and resets n. */
struct ts_acts {
	uint32_t n;
	struct ts_act v[TS_ACTS_MAX];
};

struct ts_stack_config {
	uint32_t n_conns;       /* connection slots, 1..2^22 */
	uint32_t n_reorder;     /* held out-of-order segments over all connections */
	uint32_t tick_us;       /* timer granularity, 1,000..100,000 */
	uint16_t rcv_wnd;       /* advertised window, bytes, 2,048..65,535, constant */
	uint16_t mss;           /* largest segment we send and advertise, 536..1,460 */
	uint32_t rto_initial_us, rto_min_us, rto_max_us; /* RFC 6298; 1 s, 300 ms, 60 s */
	uint8_t max_tries;      /* retransmissions before TS_CLOSE_RTO, 1..15 */
	uint8_t max_challenge;  /* challenge ACKs per connection (RFC 5961 7; per connection: CVE-2016-5696) */
	uint32_t fin_wait_us;   /* patience after our FIN */
	uint64_t hash_key[2];   /* random, keys the connection table */
};

/* Most segments and bytes one connection may hold out of order. */
#define TS_REORDER_SEGS  8
#define TS_REORDER_BYTES 16384

struct ts_stack; /* opaque: table, wheel, reorder pool, connections in one block of memory */

/** Bytes ts_stack_init() needs for this configuration, 64-byte aligned. 0 when the configuration is out of range. */
size_t ts_stack_size(const struct ts_stack_config *config);

/**
 * Lay out a stack in memory given by the caller.
 * @param mem     in: zeroed, 64-byte aligned, ts_stack_size() bytes, owned by the caller, outlives the stack
 * @param now_us  in: the clock all later calls use; any origin, never goes back
 * @return the stack (inside mem)
 */
struct ts_stack *ts_stack_init(void *mem, const struct ts_stack_config *config, uint64_t now_us);

/** Connections in use, TS_CLOSED ones that await release included. */
uint32_t ts_stack_n_open(const struct ts_stack *s);

/** Connection by index; the index must be in use. Read only. */
const struct ts_conn *ts_conn(const struct ts_stack *s, uint32_t conn);

/**
 * Find the connection of a four-tuple.
 * @return its index or TS_CONN_NONE
 */
uint32_t ts_lookup(const struct ts_stack *s, const struct ts_addr *raddr, uint16_t rport, uint16_t lport);

/**
 * Promote a SYN-ACK that answers a stateless probe (RFC 9293 3.10.7.3, SYN-SENT with the cookie as state).
 * The caller has checked flags and cookie: pkt->tcp.ack == iss + 1. Emits the ACK as TS_ACT_SEND; data on
 * the SYN-ACK is not taken, the peer sends it again.
 * @param iss  in: the probe's initial sequence number
 * @return connection index, or TS_CONN_NONE when every slot is in use or the tuple exists (nothing emitted)
 */
uint32_t ts_accept(struct ts_stack *s, const struct ts_pkt *pkt, uint32_t iss, uint64_t now_us,
	struct ts_acts *acts);

/**
 * Open a connection with state (retry, second stream): SYN with retransmission, then TS_ACT_OPENED.
 * @return connection index, or TS_CONN_NONE when every slot is in use or the tuple exists
 */
uint32_t ts_open(struct ts_stack *s, const struct ts_addr *raddr, uint16_t rport, uint16_t lport,
	uint32_t iss, uint64_t now_us, struct ts_acts *acts);

/**
 * Process a segment for an existing connection, in the order of RFC 9293 3.10.7.4.
 * @param pkt  in: kind TS_PKT_TCP; borrowed
 * @return TS_DROP_NONE, or why (part of) it was not taken; actions may have been emitted all the same
 */
enum ts_drop ts_input(struct ts_stack *s, uint32_t conn, const struct ts_pkt *pkt, uint64_t now_us,
	struct ts_acts *acts);

/**
 * Apply an ICMP error to the connection its quote names (RFC 5927): SYN-SENT ends, later states count it.
 * @return TS_DROP_NONE or TS_DROP_ICMP_NO_MATCH
 */
enum ts_drop ts_input_icmp(struct ts_stack *s, const struct ts_pkt *pkt, uint64_t now_us,
	struct ts_acts *acts);

/**
 * Announce that the outgoing stream now ends at total_len bytes (it only grows) and send what may be sent.
 * No effect after ts_close().
 */
void ts_write(struct ts_stack *s, uint32_t conn, uint32_t total_len, uint64_t now_us,
	struct ts_acts *acts);

/** Close our direction once the announced stream is delivered: FIN, then TS_ACT_CLOSED in bounded time. */
void ts_close(struct ts_stack *s, uint32_t conn, uint64_t now_us, struct ts_acts *acts);

/** Send RST (seq = snd_nxt) and end with TS_ACT_CLOSED, close TS_CLOSE_ABORTED. */
void ts_abort(struct ts_stack *s, uint32_t conn, uint64_t now_us, struct ts_acts *acts);

/** Arm (absolute time) or disarm (0) the owner's deadline of a connection; one deadline each. */
void ts_set_deadline(struct ts_stack *s, uint32_t conn, uint64_t deadline_us);

/** Copy what is known of a connection in use. */
void ts_facts(const struct ts_stack *s, uint32_t conn, struct ts_facts *out);

/** Give a slot in state TS_CLOSED back. */
void ts_release(struct ts_stack *s, uint32_t conn);

/**
 * Run expired timers: retransmissions, zero-window probes, FIN patience, owners' deadlines.
 * @param budget  in: connections to look at, 1..; what is left over runs at the next call
 * @param acts    out: the call stops early, losing nothing, when fewer than a worst case of slots is free
 * @return expired timers handled
 */
uint32_t ts_tick(struct ts_stack *s, uint64_t now_us, uint32_t budget, struct ts_acts *acts);

/** How far the wheel lags behind now_us, in microseconds: 0 when nothing is overdue. */
uint64_t ts_lag_us(const struct ts_stack *s, uint64_t now_us);

/**
 * The next connection in use at or after index from, for sweeps (shutdown, live exclusion).
 * @return its index or TS_CONN_NONE
 */
uint32_t ts_next_in_use(const struct ts_stack *s, uint32_t from);

/**
 * The RST that answers a segment we will not serve (RFC 9293 3.10.7.1): SYN-ACKs without a slot, data for
 * forgotten connections.
 * @param pkt  in: kind TS_PKT_TCP without RST
 * @param seq, ack, flags  out: fields of the RST
 */
void ts_reset_for(const struct ts_pkt *pkt, uint32_t *seq, uint32_t *ack, uint8_t *flags);
