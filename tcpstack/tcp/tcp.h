/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The TCP client: active open only, RFC 9293 with RFC 5961, 6298, 6928 and 5927 where they are
 * stricter, and with the options of RFC 7323 and 2018 that our SYN offers and the peer answers.
 *
 * It is pure: segments, calls and the time come in, actions go out in an array of the caller's. The
 * stack holds no payload to send. The owner keeps the outgoing byte stream of each connection from
 * the last acknowledged byte on, and TS_ACT_SEND asks for a range of it, also to send it again.
 *
 *     probe (stateless)        owner                      stack
 *     SYN  ->
 *          <- SYN-ACK, cookie ok  -- ts_accept() ------>  ESTABLISHED, ACK due
 *                                 -- ts_write(total) -->  SEND ranges
 *          <- data                -- ts_input() ------->  DATA, ACKED, EOF; an ACK is pending
 *                                 -- ts_write(total) -->  SEND ranges, which carry the ACK
 *          end of the burst       -- ts_flush_acks() -->  SEND of the ACKs still pending
 *                                 -- ts_close() ------->  FIN ... CLOSED
 *
 * A stack belongs to one poll core, which makes all calls; nothing here is shared. Each state ends
 * after some time, by a timer of the stack or by the owner's deadline, and with RST: no state ends
 * in silence. After TS_ACT_CLOSED the facts of the connection can be read, and ts_lookup() finds
 * it, until the owner calls ts_release(). All other calls on it do nothing.
 */
#pragma once

#include "tcpstack/packet/opts.h"
#include "tcpstack/packet/pkt.h"
#include "reorder.h"
#include "rto.h"

#define TS_CONN_NONE UINT32_MAX
/* The window scale that we announce, Linux's usual one. */
#define TS_RCV_SHIFT   7
#define TS_WSCALE_NONE 15

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
	TS_CLOSE_FIN,	      /* both directions closed in order */
	TS_CLOSE_RST,	      /* the peer reset it */
	TS_CLOSE_REFUSED,     /* RST answered our SYN */
	TS_CLOSE_UNREACHABLE, /* ICMP error answered our SYN */
	TS_CLOSE_SYN_TIMEOUT, /* no SYN-ACK */
	TS_CLOSE_RTO,	      /* our data was not acknowledged, or the window stayed closed */
	TS_CLOSE_ABORTED,     /* ts_abort(), or ts_close() before the connection opened */
	TS_CLOSE_FIN_TIMEOUT, /* our FIN was not answered in time; RST sent */
	TS_N_CLOSE
};

/*
 * One connection, two cache lines. Every segment uses the first; timers, open, close and the record
 * use the second. It has indices instead of pointers, and times in ticks of
 * ts_stack_config.tick_us. What can be derived is not stored: bytes received are rcv_nxt - irs - 1;
 * our FIN was sent if snd_nxt is beyond iss + 1 + wr_len.
 */
struct ts_conn {
	/* line 0 */
	struct ts_addr raddr;
	uint16_t rport, lport; /* host order */
	uint32_t rcv_nxt;
	uint32_t snd_una, snd_nxt; /* snd_una <= snd_nxt <= iss + 1 + wr_len (+ 1 for our FIN) */
	uint32_t iss;
	uint32_t wr_len;  /* bytes of the outgoing stream the owner has announced */
	uint32_t snd_wl1; /* RFC 9293 3.10.7.4: sequence of the last window update */
	uint32_t rto_at;  /* tick; armed if something is unacknowledged or unsent. 0: not armed */
	uint16_t snd_wnd, max_snd_wnd; /* bytes, scaled; 65,535 also stands for more */
	uint16_t snd_mss;
	uint8_t state : 4;	    /* enum ts_state */
	uint8_t has_ts : 1;	    /* timestamps are in use */
	uint8_t has_sack : 1;	    /* the peer takes SACK blocks */
	uint8_t rcv_scaled : 1;	    /* our windows are scaled by TS_RCV_SHIFT */
	uint8_t rtt_coarse : 1;	    /* rtt_first_us is of a timestamp: exact to its tick */
	uint8_t flags;		    /* private to the stack */
	uint8_t n_tries : 4;	    /* time-outs since the last progress */
	uint8_t n_challenge : 4;    /* challenge ACKs sent */
	uint8_t n_reorder;	    /* slots in the reorder buffer */
	uint8_t n_repeats;	    /* ACKs in a row for segments that brought nothing new */
	uint8_t snd_shift : 4;	    /* of the peer's windows, 0: not scaled */
	uint8_t heard : 1;	    /* a segment inside the window came after the SYN-ACK */
	uint8_t peer_fin_first : 1; /* the peer's FIN came before our ts_close() */
	uint8_t ack_new : 1;	    /* the pending ACK, if there is one, is for new bytes */
	uint32_t ts_recent;	    /* the TSval to echo (RFC 7323 4.3), if has_ts */
	/* line 1 */
	/* Tick. Until ts_close() the owner's deadline, after it the stack's patience for the FIN.
	 * 0: not armed. */
	uint32_t deadline_at;
	uint32_t wheel_next, wheel_prev; /* wheel links. In a free slot next is the next free one */
	uint16_t wheel_slot;
	uint16_t n_retransmits;
	uint32_t ack_next;     /* list of connections with a pending ACK */
	uint32_t reorder_head; /* first held segment, index into the reorder pool */
	uint32_t irs;
	/* The low halves of sequence numbers that are less than a window away. */
	uint16_t fin_low; /* of the peer's FIN, once seen: ts_conn_fin_seq() */
	uint16_t rtt_low; /* of the end of the running RTT sample or of the recovery */
	struct ts_rtt rtt;
	uint32_t rtt_first_us;
	uint32_t rtt_at_us;   /* running RTT sample: when sent, microseconds modulo 2^32 */
	uint32_t synack_opts; /* their order, ts_opts_pack() */
	uint16_t synack_wnd, synack_mss;
	uint8_t close : 4;	      /* enum ts_close */
	uint8_t synack_wscale : 4;    /* TS_WSCALE_NONE: option absent */
	uint8_t synack_ttl;	      /* hop limit for IPv6 */
	uint8_t icmp_type, icmp_code; /* of the last ICMP error */
};

_Static_assert(sizeof(struct ts_conn) == 128, "a connection is two cache lines");
_Static_assert(TS_N_CLOSE <= 16, "ts_conn.close has four bits");
_Static_assert(offsetof(struct ts_conn, deadline_at) == 64, "the first line holds the hot fields");

/* What happened on one connection since it opened, for the record. */
struct ts_facts {
	uint32_t rtt_us;		   /* first RTT sample, 0: none */
	uint16_t synack_wnd, synack_mss;   /* mss 0: option absent */
	uint8_t synack_ttl, synack_wscale; /* wscale 0xff: option absent */
	char opts_order[TS_OPTS_ORDER_LEN];
	uint32_t rx_bytes, tx_acked_bytes;
	uint16_t n_retransmits;
	bool zero_window_seen, window_opened; /* shut at least once; open at least once */
	bool heard;			      /* an acceptable segment came after the SYN-ACK */
	bool data_sent, data_acked;	      /* at least a byte of ours, window probes included */
	bool fin_sent, fin_acked;	      /* ours */
	bool peer_fin, peer_fin_first;	      /* first: before our ts_close() */
	uint8_t icmp_type, icmp_code;	      /* of a soft error or an unreachable; 0/0: none */
	enum ts_close close;
};

enum ts_act_kind {
	TS_ACT_SEND,   /* put a segment on the wire */
	TS_ACT_OPENED, /* three-way handshake done (ts_open() only) */
	TS_ACT_DATA,   /* in-order bytes, borrowed: from the frame, or until the next ts_input() */
	TS_ACT_ACKED,  /* the peer has everything before acked_off: the owner may forget it */
	TS_ACT_EOF,    /* the peer sent FIN and every byte before it was delivered; comes once */
	TS_ACT_TIMER,  /* the owner's deadline has passed and is disarmed */
	TS_ACT_CLOSED, /* the connection is over; facts can be read until ts_release() */
};

struct ts_act {
	enum ts_act_kind kind;
	uint32_t conn;
	union {
		struct {
			uint32_t seq, ack;
			uint32_t off;	/* offset of the payload in the outgoing stream */
			uint16_t len;	/* payload bytes, 0 for a bare segment */
			uint16_t wnd;	/* bytes, before any scaling */
			uint16_t mss;	/* MSS option value, 0: none */
			uint8_t flags;	/* TS_TCP_* */
			uint8_t opts;	/* TS_OPT_*; the window scale is TS_RCV_SHIFT */
			bool is_scaled; /* the header says wnd >> TS_RCV_SHIFT */
			uint32_t ts_val, ts_ecr;
			/* The segment says nothing new, and max_repeats of that kind were sent
			 * before. A peer can ask for these without end, so the owner may drop it.
			 */
			bool optional;
		} send;
		struct {
			const uint8_t *bytes;
			uint32_t len;
		} data;
		uint32_t acked_off;
		enum ts_close close;
	};
};

#define TS_ACTS_MAX 64
/*
 * No single call makes more actions than this. Most come from a segment that fills the first gap of
 * a full reorder buffer: 2 * TS_REORDER_SEGS + 1 DATA, ACKED, EOF, CLOSED, an ACK, and the initial
 * window in data.
 */
#define TS_ACTS_CALL 40

/*
 * Each call appends. The caller makes sure that TS_ACTS_CALL are free; only ts_tick() and
 * ts_flush_acks() stop by themselves if the array is full. Handle the actions in order. A handler
 * may call the stack again with another array. If it aborts or releases a connection, the remaining
 * actions for that connection must be skipped.
 */
struct ts_acts {
	uint32_t n;
	struct ts_act v[TS_ACTS_MAX];
};

struct ts_stack_config {
	uint32_t n_conns;   /* connection slots, 1..2^22 */
	uint32_t n_reorder; /* held out-of-order segments over all connections */
	uint32_t tick_us;   /* timer granularity, 1,000..100,000 */
	uint16_t rcv_wnd;   /* advertised window, bytes, 2,048..65,535, constant */
	uint16_t mss;	    /* largest payload we send and advertise, 536..1,460; IPv6: 20 less */
	uint32_t rto_initial_us, rto_min_us, rto_max_us; /* RFC 6298; 1 s, 300 ms, 60 s */
	uint8_t max_tries;     /* time-outs without progress before the connection ends, 1..15 */
	uint8_t max_challenge; /* challenge ACKs of a connection (CVE-2016-5696), 0..15 */
	/* ACKs in a row for what brings nothing new: a SYN-ACK or data that comes again, data after
	 * a gap, challenges. Further ones are optional until a byte in order comes. At least 3,
	 * from which a peer detects a loss (RFC 5681 3.2). */
	uint8_t max_repeats;
	uint32_t fin_wait_us; /* time from ts_close() to the end, at most 60 s */
	uint64_t hash_key[2]; /* random, keys the connection table */
	uint8_t offer;	      /* TS_OPT_* of our SYNs, probes included: no other is used */
	uint64_t stamp_key;   /* random, of ts_stamp(), the same for the probes */
};

struct ts_stack; /* opaque: table, wheel, reorder pool, connections in one block of memory */

/** Bytes that ts_stack_init() needs, 64-byte aligned; 0 if the configuration is out of range. Any
 * thread. */
size_t ts_stack_size(const struct ts_stack_config *config);

/**
 * Lay out a stack in memory given by the caller.
 * @param mem     in: zeroed, 64-byte aligned, ts_stack_size() bytes, owned by the caller, outlives
 *                the stack
 * @param config  in: copied
 * @param now_us  in: the clock of all later calls; any origin, never goes back. The stack serves
 *                2^31 ticks from here (248 days of 10 ms)
 * @return the stack, which is inside mem
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
uint32_t ts_lookup(
	const struct ts_stack *s, const struct ts_addr *raddr, uint16_t rport, uint16_t lport);

/**
 * ts_lookup() in three steps, for bursts: hash all four-tuples, then load the table slots of all,
 * then finish each. hash is the result of ts_lookup_hash().
 */
uint32_t ts_lookup_hash(
	const struct ts_stack *s, const struct ts_addr *raddr, uint16_t rport, uint16_t lport);
void ts_lookup_load(const struct ts_stack *s, uint32_t hash);
uint32_t ts_lookup_finish(const struct ts_stack *s, uint32_t hash, const struct ts_addr *raddr,
	uint16_t rport, uint16_t lport);

/**
 * Open a connection for a SYN-ACK that answers a stateless probe (RFC 9293 3.10.7.3: SYN-SENT, with
 * the cookie as its state). The caller has checked flags and cookie: pkt->tcp.ack == iss + 1. The
 * ACK is a TS_ACT_SEND. Data on the SYN-ACK is not taken; the peer sends it again.
 * @param s       in/out: the stack
 * @param hash    in: ts_lookup_hash() of the segment's addresses and ports
 * @param pkt     in: the SYN-ACK, borrowed for the call
 * @param iss     in: the probe's initial sequence number
 * @param now_us  in: clock of ts_stack_init()
 * @param acts    out: actions are appended
 * @return connection index, or TS_CONN_NONE if every slot is in use or the four-tuple exists; then
 *         there are no actions
 */
uint32_t ts_accept(struct ts_stack *s, uint32_t hash, const struct ts_pkt *pkt, uint32_t iss,
	uint64_t now_us, struct ts_acts *acts);

/**
 * Open a connection with state (retry, second stream): SYN with retransmission, then TS_ACT_OPENED.
 * @return connection index, or TS_CONN_NONE if every slot is in use or the four-tuple exists
 */
uint32_t ts_open(struct ts_stack *s, const struct ts_addr *raddr, uint16_t rport, uint16_t lport,
	uint32_t iss, uint64_t now_us, struct ts_acts *acts);

/**
 * Process a segment for an existing connection, in the order of RFC 9293 3.10.7.4.
 * @param s       in/out: the stack
 * @param conn    in: in use; ts_lookup() of pkt
 * @param pkt     in: kind TS_PKT_TCP, borrowed for the call
 * @param now_us  in: clock of ts_stack_init()
 * @param acts    out: actions are appended
 * @return TS_DROP_NONE, or why the segment or a part of it was not taken; there may be actions all
 *         the same
 */
enum ts_drop ts_input(struct ts_stack *s, uint32_t conn, const struct ts_pkt *pkt, uint64_t now_us,
	struct ts_acts *acts);

/**
 * Send the ACKs that are pending since ts_input(): one for each connection, for any number of
 * segments. Call it after a burst was processed and answered.
 * @param s       in/out: the stack
 * @param now_us  in: clock of ts_stack_init()
 * @param acts    out: if it is full, the call stops early and loses nothing
 * @return true if no ACK is pending any more
 */
bool ts_flush_acks(struct ts_stack *s, uint64_t now_us, struct ts_acts *acts);

/**
 * Have the next ts_flush_acks() send an ACK, as a window update (RFC 9293 3.8.6.2.2). It is for an
 * owner that has room again after it had lowered act.send.wnd. (It may lower it, but never below
 * what it has advertised before.) It does nothing before the connection is open and after
 * TS_CLOSED.
 */
void ts_owe_ack(struct ts_stack *s, uint32_t conn);

/**
 * Apply an ICMP error to the connection that its quote names (RFC 5927). It ends a connection in
 * SYN-SENT; later states only note it. "Fragmentation needed" and "packet too big" end nothing:
 * they lower the segment size, once.
 * @param s       in/out: the stack
 * @param conn    in: ts_lookup() of the quote, TS_CONN_NONE included
 * @param pkt     in: kind TS_PKT_ICMP_ERROR, borrowed for the call
 * @param now_us  in: clock of ts_stack_init()
 * @param acts    out: actions are appended
 * @return TS_DROP_NONE or TS_DROP_ICMP_NO_MATCH
 */
enum ts_drop ts_input_icmp(struct ts_stack *s, uint32_t conn, const struct ts_pkt *pkt,
	uint64_t now_us, struct ts_acts *acts);

/**
 * Announce that the outgoing stream now ends at total_len bytes, and send what may be sent. Before
 * TS_ACT_OPENED it is kept until then. It has no effect after ts_close().
 * @param s          in/out: the stack
 * @param conn       in: in use
 * @param total_len  in: stream offset, below 2^31; a value not above the last one has no effect
 * @param now_us     in: clock of ts_stack_init()
 * @param acts       out: actions are appended
 */
void ts_write(struct ts_stack *s, uint32_t conn, uint32_t total_len, uint64_t now_us,
	struct ts_acts *acts);

/**
 * Close our direction when the announced stream is delivered: FIN, then TS_ACT_CLOSED after at most
 * fin_wait_us. Until then data is still delivered. The owner's deadline is disarmed.
 */
void ts_close(struct ts_stack *s, uint32_t conn, uint64_t now_us, struct ts_acts *acts);

/**
 * Send RST (seq = snd_nxt) and end with TS_ACT_CLOSED, close TS_CLOSE_ABORTED. In TS_SYN_SENT there
 * is nothing to reset and no RST (RFC 9293 3.10.5).
 */
void ts_abort(struct ts_stack *s, uint32_t conn, uint64_t now_us, struct ts_acts *acts);

/**
 * Arm (absolute time) or disarm (0) the owner's deadline of a connection; each has one.
 * TS_ACT_TIMER comes with the first ts_tick() after the deadline's tick, never early. A deadline of
 * more than 2^30 ticks from now comes after 2^30 ticks. It has no effect after ts_close().
 */
void ts_set_deadline(struct ts_stack *s, uint32_t conn, uint64_t deadline_us);

/** Copy what is known of a connection in use. */
void ts_facts(const struct ts_stack *s, uint32_t conn, struct ts_facts *out);

/** Free a slot in state TS_CLOSED. */
void ts_release(struct ts_stack *s, uint32_t conn);

/**
 * Run expired timers: retransmissions, zero-window probes, the wait for the FIN, owners' deadlines.
 * @param s       in/out: the stack
 * @param now_us  in: clock of ts_stack_init()
 * @param budget  in: connections to visit, at least 1; the rest is visited at the next call
 * @param acts    out: if it is nearly full, the call stops early and loses nothing
 * @return expired timers handled
 */
uint32_t ts_tick(struct ts_stack *s, uint64_t now_us, uint32_t budget, struct ts_acts *acts);

/** How far the timers lag behind now_us, in microseconds; 0 if nothing is overdue. */
uint64_t ts_lag_us(const struct ts_stack *s, uint64_t now_us);

/**
 * The SACK blocks of a segment without payload that is being sent (RFC 2018 4): what is held behind
 * gaps, the block of the segment that came last before the others.
 * @param s       in: the stack
 * @param conn    in: in use
 * @param blocks  out: TS_SACK_MAX
 * @return their number; 0 if nothing is held, or the peer has not said that it takes them
 */
uint32_t ts_sack_blocks(const struct ts_stack *s, uint32_t conn, struct ts_sack *blocks);

/**
 * The next connection in use at or after index from, to visit all (shutdown, exclusion purge).
 * @return its index or TS_CONN_NONE
 */
uint32_t ts_next_in_use(const struct ts_stack *s, uint32_t from);

/**
 * The RST that answers a segment that we do not serve (RFC 9293 3.10.7.1): a SYN-ACK without a
 * slot, data for a connection that is gone.
 * @param pkt    in: kind TS_PKT_TCP without RST
 * @param seq    out: field of the RST
 * @param ack    out: field of the RST
 * @param flags  out: TS_TCP_* of the RST
 */
void ts_reset_for(const struct ts_pkt *pkt, uint32_t *seq, uint32_t *ack, uint8_t *flags);
