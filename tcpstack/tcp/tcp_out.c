/* SPDX-License-Identifier: BSD-3-Clause */
/* Sending: segments, pending ACKs, retransmission and window probes. */
#include "stack.h"

static struct ts_rtt_limits out_limits(const struct ts_stack *s)
{
	return (struct ts_rtt_limits){
		.min_us = s->config.rto_min_us,
		.max_us = s->config.rto_max_us,
		.granularity_us = s->config.tick_us,
	};
}

static void out_segment(struct ts_call *k, uint32_t seq, uint32_t len, uint8_t flags)
{
	struct ts_act *act = ts_act_push(k, TS_ACT_SEND);
	bool has_ack = (flags & TS_TCP_ACK) != 0;

	act->send.seq = seq;
	act->send.ack = has_ack ? k->c->rcv_nxt : 0;
	act->send.off = len > 0 ? seq - k->c->iss - 1 : 0;
	act->send.len = (uint16_t)len;
	act->send.wnd = flags & TS_TCP_RST ? 0 : k->s->config.rcv_wnd;
	act->send.flags = flags;
	if ((flags & TS_TCP_SYN) || k->c->has_ts || k->c->rcv_scaled)
		ts_options_put(k, act);
	if (has_ack)
		k->c->flags &= (uint8_t)~TS_F_ACK_OWED;
}

void ts_out_bare(struct ts_call *k, uint8_t flags)
{
	out_segment(k, k->c->snd_nxt, 0, flags);
}

void ts_out_owe_repeat(struct ts_call *k)
{
	struct ts_conn *c = k->c;

	if (!(c->flags & TS_F_ACK_OWED))
		c->ack_new = 0;
	c->flags |= TS_F_ACK_OWED;
	if (c->ack_next != 0)
		return;
	c->ack_next = k->s->ack_head;
	k->s->ack_head = ts_conn_index(k->s, c) + 1;
}

void ts_out_owe_ack(struct ts_call *k)
{
	ts_out_owe_repeat(k);
	k->c->ack_new = 1;
	k->c->n_repeats = 0;
}

/* Use one of the ACKs that a connection may send in a row without anything new. */
static bool out_take_repeat(struct ts_call *k)
{
	if (k->c->n_repeats >= k->s->config.max_repeats)
		return false;
	k->c->n_repeats++;
	return true;
}

void ts_out_duplicate(struct ts_call *k)
{
	if (out_take_repeat(k))
		ts_out_bare(k, TS_TCP_ACK);
	else
		ts_out_owe_repeat(k);
}

void ts_out_challenge(struct ts_call *k)
{
	if (k->c->n_challenge >= k->s->config.max_challenge)
		return;
	k->c->n_challenge++;
	ts_out_owe_repeat(k);
}

static void out_pay_ack(struct ts_call *k)
{
	bool optional = !k->c->ack_new && !out_take_repeat(k);

	ts_out_bare(k, TS_TCP_ACK);
	k->acts->v[k->acts->n - 1].send.optional = optional;
}

void ts_owe_ack(struct ts_stack *s, uint32_t conn)
{
	struct ts_call k = {.s = s, .c = &s->conns[conn]};

	if (k.c->state != TS_FREE && k.c->state != TS_SYN_SENT && k.c->state != TS_CLOSED)
		ts_out_owe_ack(&k);
}

bool ts_flush_acks(struct ts_stack *s, uint64_t now_us, struct ts_acts *acts)
{
	/* Bound: each turn takes one connection off the list. */
	while (s->ack_head != TS_ACK_LIST_END) {
		struct ts_call k = {
			.s = s,
			.c = &s->conns[s->ack_head - 1],
			.acts = acts,
			.now_us = now_us,
		};

		if (acts->n == TS_ACTS_MAX)
			return false;
		s->ack_head = k.c->ack_next;
		k.c->ack_next = 0;
		if (k.c->flags & TS_F_ACK_OWED)
			out_pay_ack(&k);
	}
	return true;
}

static void out_arm_rto(struct ts_call *k)
{
	k->c->rto_at = ts_tick_of(k->s, k->now_us + k->c->rtt.rto_us);
	ts_wheel_arm(&k->s->wheel, ts_conn_index(k->s, k->c), k->c->rto_at);
}

static void out_start_rtt(struct ts_call *k, uint32_t end)
{
	if (k->c->flags & TS_F_RTT)
		return;
	k->c->flags |= TS_F_RTT;
	k->c->rtt_at_us = (uint32_t)k->now_us;
	k->c->rtt_low = (uint16_t)end;
}

void ts_out_syn(struct ts_call *k)
{
	struct ts_conn *c = k->c;

	out_segment(k, c->iss, 0, TS_TCP_SYN);
	if (c->snd_nxt == c->iss) {
		c->snd_nxt = c->iss + 1;
		out_start_rtt(k, c->snd_nxt);
	}
	out_arm_rto(k);
}

/* Send a piece of the stream of at most len units from seq; our FIN is the last unit. Returns its
 * end.
 */
static uint32_t out_stream(struct ts_call *k, uint32_t seq, uint32_t len)
{
	struct ts_conn *c = k->c;
	uint32_t data_left = ts_conn_data_end(c) - seq; /* 0 when seq is our FIN */
	uint32_t data = data_left < len ? data_left : len;
	uint8_t flags = TS_TCP_ACK;
	bool fin;

	if (data > c->snd_mss)
		data = c->snd_mss;
	fin = ts_conn_is_closing(c) && data == data_left && data < len;
	if (data > 0 && data == data_left)
		flags |= TS_TCP_PSH;
	if (fin)
		flags |= TS_TCP_FIN;
	out_segment(k, seq, data, flags);
	return seq + data + fin;
}

/* RFC 9293 3.8.6.2.1: while others are in flight, no small segment is sent only to fill the window.
 */
static bool out_is_silly(const struct ts_conn *c, uint32_t room, uint32_t unsent)
{
	return room < unsent && room < c->snd_mss && room < c->max_snd_wnd / 2u &&
	       c->snd_nxt != c->snd_una;
}

void ts_out_push(struct ts_call *k)
{
	struct ts_conn *c = k->c;
	uint32_t iw = TS_INITIAL_WINDOW_SEGS * (uint32_t)c->snd_mss;
	uint32_t allowed = c->snd_wnd < iw ? c->snd_wnd : iw;
	uint32_t unsent = ts_conn_snd_end(c) - c->snd_nxt;

	/* Bound: each turn except the last two sends a whole segment, up to the initial window. */
	while (unsent > 0 && !(c->flags & TS_F_RECOVER)) {
		uint32_t flight = c->snd_nxt - c->snd_una;
		uint32_t room = flight < allowed ? allowed - flight : 0;
		uint32_t end;

		if (room == 0 || out_is_silly(c, room, unsent))
			break;
		end = out_stream(k, c->snd_nxt, room < unsent ? room : unsent);
		out_start_rtt(k, end);
		c->snd_nxt = end;
		c->flags &= (uint8_t)~TS_F_PROBED;
		unsent = ts_conn_snd_end(c) - end;
	}
	if (unsent == 0 && c->snd_nxt == c->snd_una)
		c->rto_at = 0;
	else if (c->rto_at == 0)
		out_arm_rto(k);
}

/* Send the oldest unacknowledged segment again. Even a closed window gets one unit (RFC 9293
 * 3.8.6.1). */
static void out_resend(struct ts_call *k)
{
	struct ts_conn *c = k->c;
	uint32_t flight = c->snd_nxt - c->snd_una;
	uint32_t len = c->snd_wnd > 0 ? c->snd_wnd : 1;

	out_stream(k, c->snd_una, len < flight ? len : flight);
	if (c->n_retransmits < UINT16_MAX)
		c->n_retransmits++;
}

/* The round trip that an acknowledgement of new data shows. Our own clock times what was sent once.
 * In the recovery an acknowledgement could be for either copy (Karn): there only the echo of a
 * timestamp tells for which. */
static void out_take_rtt(struct ts_call *k, const struct ts_tcp *tcp)
{
	struct ts_conn *c = k->c;
	struct ts_rtt_limits limits = out_limits(k->s);
	bool timed = (c->flags & TS_F_RTT) && ts_conn_rtt_ends(c, tcp->ack);
	uint32_t sample_us = 0;

	if (timed) {
		c->flags &= (uint8_t)~TS_F_RTT;
		sample_us = (uint32_t)k->now_us - c->rtt_at_us;
		sample_us = sample_us > 0 ? sample_us : 1;
	} else if ((c->flags & TS_F_RECOVER) && c->has_ts && tcp->has_ts) {
		sample_us = ts_options_echo_us(k, tcp->ts_ecr);
	}
	if (sample_us == 0)
		return;
	if (c->rtt_first_us == 0 || (timed && c->rtt_coarse)) {
		c->rtt_first_us = sample_us;
		c->rtt_coarse = !timed;
	}
	ts_rtt_sample(&c->rtt, sample_us, &limits);
}

void ts_out_acked(struct ts_call *k, const struct ts_tcp *tcp)
{
	struct ts_conn *c = k->c;
	uint32_t ack = tcp->ack;
	uint32_t old_off = c->snd_una - c->iss - 1, off = ack - c->iss - 1;

	if (ts_seq_lt(c->snd_nxt, ack)) {
		/* The window probe was acknowledged. */
		c->snd_nxt = ack;
		c->flags &= (uint8_t)~TS_F_PROBED;
	}
	c->snd_una = ack;
	c->n_tries = 0;
	out_take_rtt(k, tcp);
	if ((c->flags & TS_F_RECOVER) && ts_conn_rtt_ends(c, ack))
		c->flags &= (uint8_t)~TS_F_RECOVER;
	if (off > c->wr_len)
		off = c->wr_len;
	if (old_off < off)
		ts_act_push(k, TS_ACT_ACKED)->acked_off = off;
	if (c->flags & TS_F_RECOVER)
		out_resend(k);
	/* RFC 6298 5.2, 5.3: disarm if all is acknowledged, else start anew; ts_out_push() arms. */
	c->rto_at = 0;
}

static void out_give_up(struct ts_call *k)
{
	struct ts_conn *c = k->c;

	if (c->state == TS_SYN_SENT) {
		ts_conn_finish(k, TS_CLOSE_SYN_TIMEOUT);
		return;
	}
	ts_out_bare(k, TS_TCP_RST | TS_TCP_ACK);
	/* If everything announced was acknowledged, only our FIN is missing. */
	ts_conn_finish(k, c->snd_una == ts_conn_data_end(c) ? TS_CLOSE_FIN_TIMEOUT : TS_CLOSE_RTO);
}

void ts_out_timeout(struct ts_call *k)
{
	struct ts_conn *c = k->c;
	struct ts_rtt_limits limits = out_limits(k->s);

	if (c->n_tries >= k->s->config.max_tries) {
		out_give_up(k);
		return;
	}
	c->n_tries++;
	c->flags &= (uint8_t)~TS_F_RTT; /* Karn: an ACK could be for either copy */
	ts_rtt_back_off(&c->rtt, &limits);
	if (c->state == TS_SYN_SENT) {
		c->n_retransmits++;
		ts_out_syn(k);
		return;
	}
	if (c->snd_nxt != c->snd_una) {
		c->flags |= TS_F_RECOVER;
		c->rtt_low = (uint16_t)c->snd_nxt;
		out_resend(k);
	} else {
		/* RFC 9293 3.8.6.1: one unit into the closed window. It counts as sent when it is
		 * acknowledged. */
		out_stream(k, c->snd_nxt, 1);
		c->flags |= TS_F_PROBED;
	}
	out_arm_rto(k);
}
