/* SPDX-License-Identifier: BSD-3-Clause */
/* Private to the connection machine: the stack, and what tcp.c, tcp_in.c, tcp_out.c and timer.c
 * share. */
#pragma once

#include "reorder.h"
#include "seq.h"
#include "table.h"
#include "tcp.h"
#include "wheel.h"

/* RFC 6928: ten segments. We never have more in flight, so there is no congestion window. */
#define TS_INITIAL_WINDOW_SEGS 10
/* If a peer announces less, this is used: smaller segments would multiply our packets. */
#define TS_MSS_MIN 64
/* RFC 9293 3.7.1: what a peer takes if it does not say. */
#define TS_MSS_DEFAULT_V4 536
#define TS_MSS_DEFAULT_V6 1220
/* The IPv6 header is longer by this. */
#define TS_MSS_V6_LESS 20

/* ts_conn.flags */
enum {
	TS_F_ZERO_WND = 0x01, /* the peer has closed its window at least once */
	TS_F_FIN_SEEN = 0x02, /* fin_seq is valid; bytes before the FIN may be missing */
	TS_F_PEER_FIN = 0x04, /* rcv_nxt has passed the FIN, EOF was delivered */
	TS_F_PROBED =
		0x08,	 /* a window probe was sent: one unit beyond snd_nxt may be acknowledged */
	TS_F_RTT = 0x10, /* an RTT sample runs until rtt_seq is acknowledged */
	TS_F_RECOVER = 0x20,  /* after a time-out: each ACK resends one segment, up to rtt_seq */
	TS_F_ACK_OWED = 0x40, /* an ACK is pending: the next ts_flush_acks() sends it */
	TS_F_MSS_LOWERED = 0x80,
};

/* ts_conn.ack_next: 0 if the connection is not in the list of pending ACKs, else 1 + the index of
 * the next one, or the end. */
#define TS_ACK_LIST_END UINT32_MAX

struct ts_stack {
	struct ts_stack_config config;
	struct ts_conn *conns;
	struct ts_table table;
	struct ts_wheel wheel;
	struct ts_reorder reorder;
	uint64_t origin_us; /* time of tick 0, so that 0 can mean "not armed" */
	uint32_t n_open;
	uint32_t n_fresh;   /* slots from here on were never used */
	uint32_t free_head; /* released slots, last one first: it is still in the cache */
	uint32_t ack_head;  /* list of pending ACKs, coded as ack_next */
};

/* One call into the stack, for one connection. */
struct ts_call {
	struct ts_stack *s;
	struct ts_conn *c;
	struct ts_acts *acts;
	uint64_t now_us;
};

static inline uint32_t ts_conn_index(const struct ts_stack *s, const struct ts_conn *c)
{
	return (uint32_t)(c - s->conns);
}

/* Is our FIN part of the stream to send? It is after ts_close(). */
static inline bool ts_conn_is_closing(const struct ts_conn *c)
{
	return c->state == TS_FIN_WAIT_1 || c->state == TS_FIN_WAIT_2 || c->state == TS_CLOSING ||
	       c->state == TS_LAST_ACK;
}

/* The sequence number after the last announced byte; our FIN takes it. */
static inline uint32_t ts_conn_data_end(const struct ts_conn *c)
{
	return c->iss + 1 + c->wr_len;
}

/* The sequence number after everything we have to send. */
static inline uint32_t ts_conn_snd_end(const struct ts_conn *c)
{
	return ts_conn_data_end(c) + ts_conn_is_closing(c);
}

/* The highest acknowledgement that a peer can send. */
static inline uint32_t ts_conn_snd_max(const struct ts_conn *c)
{
	return c->snd_nxt + ((c->flags & TS_F_PROBED) != 0);
}

/* tcp.c */

/* Largest segment payload for the family of an address. */
uint16_t ts_mss_for(const struct ts_stack *s, const struct ts_addr *raddr);

/* A new action for k->c, to be filled in. */
struct ts_act *ts_act_push(struct ts_call *k, enum ts_act_kind kind);

/* End the connection: timers are disarmed, held data is dropped, TS_ACT_CLOSED. */
void ts_conn_finish(struct ts_call *k, enum ts_close how);

/* Take window, segment size and the facts from a valid SYN-ACK. The connection is ESTABLISHED after
 * it. */
void ts_conn_establish(struct ts_call *k, const struct ts_pkt *pkt);

/* timer.c */

/* The tick at or after a time, so that nothing expires early. Never 0. At most 2^30 ticks from now:
 * a later tick would look as if it had passed. */
uint32_t ts_tick_of(const struct ts_stack *s, uint64_t us);

/* Set c->deadline_at to the tick of us, and queue the connection for it. Until ts_close() the
 * deadline is the owner's, after it the stack's. */
void ts_deadline_arm(struct ts_stack *s, struct ts_conn *c, uint64_t us);

/* tcp_out.c */

/* Send a bare segment now: an ACK, or a RST with seq = snd_nxt. A pending ACK is sent by it. */
void ts_out_bare(struct ts_call *k, uint8_t flags);

/* rcv_nxt has moved: an ACK is pending, to be sent at the end of the burst. */
void ts_out_owe_ack(struct ts_call *k);

/* The same if rcv_nxt has not moved. A connection sends max_repeats of these in a row; further ones
 * are optional. */
void ts_out_owe_repeat(struct ts_call *k);

/* Acknowledge a segment after a gap at once (RFC 5681 4.2), if the connection has such ACKs left.
 */
void ts_out_duplicate(struct ts_call *k);

/* A challenge ACK (RFC 5961) is pending; each connection has max_challenge of them. */
void ts_out_challenge(struct ts_call *k);

/* The first SYN, or the next. */
void ts_out_syn(struct ts_call *k);

/* Send what window and initial window allow, arm or disarm the retransmission timer accordingly. */
void ts_out_push(struct ts_call *k);

/* The peer has acknowledged up to ack, which is beyond snd_una: tell the owner, take the RTT
 * sample, resend the next hole. */
void ts_out_acked(struct ts_call *k, uint32_t ack);

/* The retransmission timer has expired. */
void ts_out_timeout(struct ts_call *k);
