/* SPDX-License-Identifier: BSD-3-Clause */
/* Private to the connection machine: the stack, and what tcp.c, tcp_in.c, tcp_out.c, options.c and
 * timer.c share. */
#pragma once

#include "reorder.h"
#include "seq.h"
#include "table.h"
#include "tcp.h"
#include "wheel.h"
#include "tcpstack/packet/stamp.h"

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
	TS_F_FIN_SEEN = 0x02, /* fin_low is valid; bytes before the FIN may be missing */
	TS_F_PEER_FIN = 0x04, /* rcv_nxt has passed the FIN, EOF was delivered */
	TS_F_PROBED =
		0x08,	 /* a window probe was sent: one unit beyond snd_nxt may be acknowledged */
	TS_F_RTT = 0x10, /* an RTT sample runs until rtt_low is acknowledged */
	TS_F_RECOVER = 0x20,  /* after a time-out: each ACK resends one segment, up to rtt_low */
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
	/* The last segment that was held behind a gap: its SACK block goes first. */
	uint32_t held_conn, held_seq;
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

/* The sequence number of the peer's FIN, which has been seen and is not passed yet. */
static inline uint32_t ts_conn_fin_seq(const struct ts_conn *c)
{
	return c->rcv_nxt + (uint16_t)(c->fin_low - (uint16_t)c->rcv_nxt);
}

/* Does ack reach the end of the running RTT sample, or of the recovery? */
static inline bool ts_conn_rtt_ends(const struct ts_conn *c, uint32_t ack)
{
	return (uint16_t)((uint16_t)ack - c->rtt_low) < 0x8000;
}

/* The window of a segment without SYN in bytes (RFC 7323 2.3), or as much of it as we can use. */
static inline uint16_t ts_conn_peer_window(const struct ts_conn *c, uint16_t wnd)
{
	uint32_t bytes = (uint32_t)wnd << c->snd_shift;

	return (uint16_t)(bytes < UINT16_MAX ? bytes : UINT16_MAX);
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

/* options.c */

/* The payload of our largest segment to a peer that says this MSS; 0: it says none. */
uint16_t ts_options_peer_mss(const struct ts_stack *s, const struct ts_conn *c, uint16_t option);

/* Take what the SYN-ACK answers to what we have offered. */
void ts_options_take(struct ts_call *k, const struct ts_tcp *tcp);

/* Options of a segment that is made: flags are set. */
void ts_options_put(const struct ts_call *k, struct ts_act *act);

/* Is a segment older, by its timestamp, than what we have acknowledged? Only if has_ts.
 * @return TS_DROP_NONE or TS_DROP_PAWS */
enum ts_drop ts_options_paws(struct ts_call *k, const struct ts_tcp *tcp);

/* Take the timestamp of an acceptable segment, to echo it. Only if has_ts. */
void ts_options_stamp(struct ts_conn *c, const struct ts_tcp *tcp);

/* The round trip that the echo of a timestamp shows, in microseconds (RFC 7323 4.1); 0 if we have
 * not sent it lately. */
uint32_t ts_options_echo_us(const struct ts_call *k, uint32_t ts_ecr);

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

/* A segment acknowledges more than snd_una: tell the owner, take the RTT sample, resend the next
 * hole. */
void ts_out_acked(struct ts_call *k, const struct ts_tcp *tcp);

/* The retransmission timer has expired. */
void ts_out_timeout(struct ts_call *k);
