/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The server side of one TCP connection: passive open, in-order receive, go-back-N.
 *
 * It shares no code with tcpstack/, because it is the model that the client there is tested
 * against. It is small, and as strict as a kernel (RFC 9293 3.10.7, RFC 5961, RFC 7323). Pure; one
 * thread at a time.
 *
 *     SYN ──► lab_tcp_open          lab_tcp_write ──► tx ──┐
 *     segment ──► lab_tcp_input ──► rx ──► consume         ├──► lab_tcp_output ──► segment
 *     timer_at_us ──► lab_tcp_timer ───────────────────────┘
 *
 * After each of these calls the owner calls lab_tcp_output() until it returns false, and then reads
 * timer_at_us. The time-out begins with LAB_TCP_RTO_US and is doubled each time. After
 * LAB_TCP_MAX_TRIES the connection is given up.
 */
#pragma once

#include "tcpstack/packet/opts.h"
#include "tcpstack/packet/pkt.h"

#define LAB_TCP_RX	     4096 /* bytes */
#define LAB_TCP_TX	     8192 /* bytes */
#define LAB_TCP_RTO_US	     300000
#define LAB_TCP_MAX_TRIES    7
#define LAB_TCP_TIME_WAIT_US 1000000
#define LAB_TCP_SHIFT	     3 /* of our windows, if the peer scales */

enum lab_tcp_state {
	LAB_TCP_CLOSED,
	LAB_TCP_SYN_RECEIVED,
	LAB_TCP_ESTABLISHED,
	LAB_TCP_FIN_WAIT_1,
	LAB_TCP_FIN_WAIT_2,
	LAB_TCP_CLOSE_WAIT,
	LAB_TCP_CLOSING,
	LAB_TCP_LAST_ACK,
	LAB_TCP_TIME_WAIT,
};

/* What a segment was. A correct peer never sends one of the last four, even if the wire loses,
 * repeats or reorders. */
enum lab_tcp_verdict {
	LAB_TCP_TAKEN,
	LAB_TCP_OLD,	    /* all of it was received before */
	LAB_TCP_AHEAD,	    /* inside the window, behind a gap: not kept */
	LAB_TCP_RESET,	    /* a RST with the exact number: it has ended the connection */
	LAB_TCP_RST_BAD,    /* a RST with another number: it resets nothing */
	LAB_TCP_REPEATED,   /* the SYN again */
	LAB_TCP_BEYOND,	    /* outside the window */
	LAB_TCP_ACK_BAD,    /* acknowledges what was never sent, or nothing at all */
	LAB_TCP_SYN_INSIDE, /* a SYN within the connection */
	LAB_TCP_STAMP_BAD,  /* timestamps against the agreement, or an echo of none that we sent */
};

struct lab_tcp {
	uint8_t state; /* enum lab_tcp_state */
	bool peer_fin; /* the peer has sent its FIN: all its bytes are in rx or were consumed */
	bool aborted;  /* ended by lab_tcp_abort(), a RST, or the last time-out */
	bool close_wanted, reset_due, ack_due, synack_due, probe_due;
	uint8_t n_tries; /* time-outs since the last progress */
	uint16_t mss;	 /* most payload of a segment that we send */
	uint8_t opts;	 /* TS_OPT_* that both sides use */
	uint8_t snd_shift;
	uint32_t ts_recent;	    /* the peer's TSval to echo */
	uint32_t ts_first, ts_last; /* the TSvals that we have sent lie between these */
	uint32_t iss, irs;
	uint32_t reset_seq;		    /* of the RST that is due */
	uint32_t snd_una, snd_nxt, snd_max; /* una <= nxt <= max; a time-out moves nxt back */
	uint32_t snd_wnd, snd_wl1, snd_wl2;
	uint32_t rcv_nxt;
	uint32_t rcv_edge;    /* first sequence number beyond every window advertised so far */
	uint32_t tx_seq;      /* sequence number of tx[0] */
	uint32_t tx_len;      /* bytes in tx: in flight, or not sent yet */
	uint32_t rx_len;      /* bytes in rx, not yet consumed */
	uint64_t timer_at_us; /* when to call lab_tcp_timer(); 0: never */
	uint8_t rx[LAB_TCP_RX];
	uint8_t tx[LAB_TCP_TX];
};

/* A segment to send. */
struct lab_tcp_seg {
	uint32_t seq, ack;
	uint16_t wnd;
	uint8_t flags; /* TS_TCP_* */
	uint8_t opts;  /* TS_OPT_* */
	uint8_t wscale;
	uint32_t ts_val, ts_ecr;
	uint32_t len;		/* payload bytes */
	const uint8_t *payload; /* points into tx: valid until the next call */
};

/**
 * The TSval of a host's clock. Pure.
 * @param iss     in: its initial sequence number on this connection
 * @param now_us  in: the time
 */
static inline uint32_t lab_tcp_stamp(uint32_t iss, uint64_t now_us)
{
	return iss * UINT32_C(2654435761) + (uint32_t)(now_us / 1000);
}

/** The TS_OPT_* that a segment carries. Pure. */
static inline uint8_t lab_tcp_opts(const struct ts_tcp *tcp)
{
	return (uint8_t)((tcp->sack_ok ? TS_OPT_SACK_OK : 0) | (tcp->has_ts ? TS_OPT_TS : 0) |
			 (tcp->wscale != 0xff ? TS_OPT_WSCALE : 0));
}

/**
 * Answer a SYN.
 * @param t       out: every field is set, except the buffers
 * @param syn     in: a segment with SYN alone
 * @param iss     in: our initial sequence number
 * @param mss     in: most payload of a segment that we send, even if the peer accepts more
 * @param opts    in: TS_OPT_* that we answer, if the SYN has them
 * @param now_us  in: the time
 */
void lab_tcp_open(struct lab_tcp *t, const struct ts_tcp *syn, uint32_t iss, uint16_t mss,
	uint8_t opts, uint64_t now_us);

/**
 * Process a segment in the order of RFC 9293 3.10.7.4.
 * @param t       in/out: the connection
 * @param tcp     in: the segment; borrowed for the call
 * @param now_us  in: the time
 * @return what it was
 */
enum lab_tcp_verdict lab_tcp_input(struct lab_tcp *t, const struct ts_tcp *tcp, uint64_t now_us);

/**
 * Queue bytes to send.
 * @param t           in/out: the connection
 * @param bytes, len  in: copied
 * @return bytes taken: fewer than len if tx is full, 0 if we have closed
 */
uint32_t lab_tcp_write(struct lab_tcp *t, const uint8_t *bytes, uint32_t len);

/** Bytes that lab_tcp_write() would take. */
static inline uint32_t lab_tcp_room(const struct lab_tcp *t)
{
	return LAB_TCP_TX - t->tx_len;
}

/** Remove the first n bytes from rx, at most rx_len. */
void lab_tcp_consume(struct lab_tcp *t, uint32_t n);

/** Send a FIN behind everything that is queued. Data is still received. */
void lab_tcp_close(struct lab_tcp *t);

/** Send a RST. The state is LAB_TCP_CLOSED then. */
void lab_tcp_abort(struct lab_tcp *t);

/** Do what is due at timer_at_us: send again, probe, or give up. Before that time it does
 * nothing. */
void lab_tcp_timer(struct lab_tcp *t, uint64_t now_us);

/**
 * Take the next segment to send.
 * @param t       in/out: the connection
 * @param now_us  in: the time
 * @param seg     out: the segment; its payload is valid until the next call
 * @return false: there is none, and seg is void
 */
bool lab_tcp_output(struct lab_tcp *t, uint64_t now_us, struct lab_tcp_seg *seg);

/**
 * The answer of a closed port (RFC 9293 3.10.7.1).
 * @param tcp  in: the segment
 * @param seg  out: the RST
 * @return false: the segment is a RST, which gets no answer
 */
bool lab_tcp_refuse(const struct ts_tcp *tcp, struct lab_tcp_seg *seg);
