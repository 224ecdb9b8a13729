/* SPDX-License-Identifier: BSD-3-Clause */
/* Private to the connection machine: the stack itself and what tcp.c, tcp_in.c and tcp_out.c share.
 */
#pragma once

#include "reorder.h"
#include "seq.h"
#include "table.h"
#include "tcp.h"
#include "wheel.h"

/* RFC 6928: ten segments. We never have more in flight, so no congestion window ever has to grow.
 */
#define TS_INITIAL_WINDOW_SEGS 10
/* Peers that announce less are taken at this; a smaller segment is an attack on our packet rate. */
#define TS_MSS_MIN 64
/* RFC 9293 3.7.1: what a peer takes when it does not say. */
#define TS_MSS_DEFAULT_V4 536
#define TS_MSS_DEFAULT_V6 1220
/* The IPv6 header is that much longer. */
#define TS_MSS_V6_LESS 20

/* ts_conn.flags */
enum {
	TS_F_ZERO_WND = 0x01, /* the peer has closed its window at least once */
	TS_F_FIN_SEEN = 0x02, /* fin_seq is valid; the FIN may lie behind a gap */
	TS_F_PEER_FIN = 0x04, /* rcv_nxt has passed the FIN, EOF was delivered */
	TS_F_PROBED =
		0x08, /* one unit beyond snd_nxt went out as window probe and may be acknowledged */
	TS_F_RTT = 0x10, /* an RTT sample runs until rtt_seq is acknowledged */
	TS_F_RECOVER =
		0x20, /* after a timeout: up to rtt_seq is resent, one segment for each ACK */
	TS_F_ACK_OWED = 0x40,
	TS_F_MSS_LOWERED = 0x80,
};

/* ts_conn.ack_next: 0 while not in the list of debtors, else 1 + index of the next, or the end. */
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
	uint32_t free_head; /* released slots, the last one first: its lines are still in the cache
			     */
	uint32_t ack_head;  /* list of debtors, coded as ack_next */
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

/* Our FIN is part of the stream to send: from ts_close() on. */
static inline bool ts_conn_is_closing(const struct ts_conn *c)
{
	return c->state == TS_FIN_WAIT_1 || c->state == TS_FIN_WAIT_2 || c->state == TS_CLOSING ||
	       c->state == TS_LAST_ACK;
}

/* The sequence number behind the last announced byte; our FIN takes it. */
static inline uint32_t ts_conn_data_end(const struct ts_conn *c)
{
	return c->iss + 1 + c->wr_len;
}

/* The sequence number behind everything we have to send. */
static inline uint32_t ts_conn_snd_end(const struct ts_conn *c)
{
	return ts_conn_data_end(c) + ts_conn_is_closing(c);
}

/* The highest acknowledgement that makes sense. */
static inline uint32_t ts_conn_snd_max(const struct ts_conn *c)
{
	return c->snd_nxt + ((c->flags & TS_F_PROBED) != 0);
}

/* tcp.c */

/* Largest segment payload for the family of an address. */
uint16_t ts_mss_for(const struct ts_stack *s, const struct ts_addr *raddr);

/* A new action for k->c, to be filled in. */
struct ts_act *ts_act_push(struct ts_call *k, enum ts_act_kind kind);

/* End the connection: timers off, held data gone, TS_ACT_CLOSED. */
void ts_conn_finish(struct ts_call *k, enum ts_close how);

/* Take window, segment size and the facts from a valid SYN-ACK; the connection is ESTABLISHED then.
 */
void ts_conn_establish(struct ts_call *k, const struct ts_pkt *pkt);

/* The tick at or after a time. Never 0. */
uint32_t ts_tick_of(const struct ts_stack *s, uint64_t us);

/* Queue the connection for its deadline_at, which was just set. */
void ts_deadline_arm(struct ts_stack *s, struct ts_conn *c, uint64_t us);

/* tcp_out.c */

/* Send a bare segment now: an ACK, or a RST with seq = snd_nxt. Pays the ACK owed. */
void ts_out_bare(struct ts_call *k, uint8_t flags);

/* Remember that the peer must hear rcv_nxt by the end of the burst: it has moved. */
void ts_out_owe_ack(struct ts_call *k);

/* The same when it has not: of these a connection has a number in a row, then they are optional. */
void ts_out_owe_repeat(struct ts_call *k);

/* Tell of a gap at once (RFC 5681 4.2), while the connection has such ACKs left. */
void ts_out_duplicate(struct ts_call *k);

/* Owe a challenge (RFC 5961), which each connection has a few of. */
void ts_out_challenge(struct ts_call *k);

/* The first SYN, or the next. */
void ts_out_syn(struct ts_call *k);

/* Send what window and initial window allow, arm or disarm the retransmission timer accordingly. */
void ts_out_push(struct ts_call *k);

/* The peer has acknowledged up to ack, which is beyond snd_una: forget, sample, resend the next
 * hole. */
void ts_out_acked(struct ts_call *k, uint32_t ack);

/* The retransmission timer has expired. */
void ts_out_timeout(struct ts_call *k);
