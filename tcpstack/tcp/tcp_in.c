/* SPDX-License-Identifier: BSD-3-Clause */
/* Receiving: RFC 9293 3.10.7, step by step in its order. */
#include "stack.h"

/* RFC 9293 3.10.7.3: the state before the peer has spoken. */
static enum ts_drop in_syn_sent(struct ts_call *k, const struct ts_pkt *pkt)
{
	const struct ts_tcp *tcp = &pkt->tcp;
	struct ts_conn *c = k->c;
	bool has_ack = (tcp->flags & TS_TCP_ACK) != 0;
	bool retried = c->n_tries > 0;

	/* First, the ACK bit. A wrong one comes from an old connection of the peer: reset it. */
	if (has_ack && tcp->ack != c->iss + 1) {
		if (!(tcp->flags & TS_TCP_RST) && c->n_challenge < k->s->config.max_challenge) {
			struct ts_act *act = ts_act_push(k, TS_ACT_SEND);

			c->n_challenge++;
			act->send.seq = tcp->ack;
			act->send.flags = TS_TCP_RST;
		}
		return TS_DROP_ACK_RANGE;
	}
	/* Second, the RST bit: only with the acknowledgement that proves it is for us. */
	if (tcp->flags & TS_TCP_RST) {
		if (!has_ack)
			return TS_DROP_RST_NOT_EXACT;
		ts_conn_finish(k, TS_CLOSE_REFUSED);
		return TS_DROP_NONE;
	}
	/* Fourth, the SYN bit; without an ACK it is a simultaneous open, which we do not do. */
	if (!has_ack)
		return TS_DROP_ACK_MISSING;
	if (!(tcp->flags & TS_TCP_SYN))
		return TS_DROP_SEQ_BEYOND;
	ts_out_acked(k, tcp);
	ts_conn_establish(k, pkt);
	/* RFC 6298 5.7: if the SYN was repeated, the sample does not count: start from 3 s. */
	if (retried)
		c->rtt.rto_us = k->s->config.rto_max_us < 3000000 ? k->s->config.rto_max_us
								  : 3000000;
	ts_act_push(k, TS_ACT_OPENED);
	ts_out_push(k);
	if (c->snd_nxt == c->snd_una)
		ts_out_bare(k, TS_TCP_ACK);
	return TS_DROP_NONE;
}

/*
 * RFC 5961 4.2: a SYN in a synchronized state resets nothing, whatever its sequence number is. If
 * it is the SYN-ACK again, our ACK was lost and is sent again.
 */
static enum ts_drop in_syn(struct ts_call *k, const struct ts_tcp *tcp)
{
	if ((tcp->flags & TS_TCP_ACK) && tcp->seq == k->c->irs && tcp->ack == k->c->iss + 1) {
		ts_out_owe_repeat(k);
		return TS_DROP_SYNACK_REPEATED;
	}
	ts_out_challenge(k);
	return TS_DROP_SYN_IN_SYNC;
}

/* RFC 9293 3.10.7.4, first: the sequence number. Our window is never closed, so two of the four
 * cases remain. */
static enum ts_drop in_sequence(struct ts_call *k, const struct ts_tcp *tcp)
{
	struct ts_conn *c = k->c;
	uint32_t wnd = k->s->config.rcv_wnd;
	uint32_t len = tcp->payload_len + ((tcp->flags & TS_TCP_FIN) != 0);
	bool ok = ts_seq_in(tcp->seq, c->rcv_nxt, wnd) ||
		  (len > 0 && ts_seq_in(tcp->seq + len - 1, c->rcv_nxt, wnd));

	if (ok) {
		c->heard = 1;
		return TS_DROP_NONE;
	}
	/*
	 * Data that comes again shows that our ACK was lost. A bare ACK shows nothing. If it were
	 * answered each time, an endless exchange could start, so it counts as a challenge.
	 */
	if (!(tcp->flags & TS_TCP_RST)) {
		if (len > 0)
			ts_out_owe_repeat(k);
		else
			ts_out_challenge(k);
	}
	return ts_seq_lt(tcp->seq, c->rcv_nxt) ? TS_DROP_SEQ_OLD : TS_DROP_SEQ_BEYOND;
}

/* Second: the RST bit, with or without ACK. Stricter per RFC 5961 3.2: exact match only. */
static enum ts_drop in_rst(struct ts_call *k, const struct ts_tcp *tcp)
{
	if (tcp->seq != k->c->rcv_nxt) {
		ts_out_challenge(k);
		return TS_DROP_RST_NOT_EXACT;
	}
	ts_conn_finish(k, TS_CLOSE_RST);
	return TS_DROP_NONE;
}

/*
 * The window update of the fifth step. RFC 9293 compares sequence numbers first. But a segment that
 * acknowledges new data is newer than all before it, even if it is a retransmission with an old
 * sequence number. If its window were ignored, the right edge would move with SND.UNA, beyond what
 * the peer offers. SND.WL2 is not kept: it is an acknowledgement number that was accepted before,
 * so it never exceeds SND.UNA, and only segments with SND.UNA =< SEG.ACK come here.
 */
static void in_window(struct ts_conn *c, const struct ts_tcp *tcp)
{
	uint16_t wnd = ts_conn_peer_window(c, tcp->wnd);

	if (ts_seq_lt(tcp->seq, c->snd_wl1) && tcp->ack == c->snd_una)
		return;
	if (wnd == 0)
		c->flags |= TS_F_ZERO_WND;
	else if (c->snd_wnd == 0)
		c->n_tries = 0;
	c->snd_wnd = wnd;
	if (ts_seq_lt(c->snd_wl1, tcp->seq))
		c->snd_wl1 = tcp->seq;
	if (wnd > c->max_snd_wnd)
		c->max_snd_wnd = wnd;
}

/* Fifth: the ACK field. RFC 5961 5.2 narrows what an old one may be. */
static enum ts_drop in_ack(struct ts_call *k, const struct ts_tcp *tcp)
{
	struct ts_conn *c = k->c;
	uint32_t oldest = c->snd_una - c->max_snd_wnd;

	if (!(tcp->flags & TS_TCP_ACK))
		return TS_DROP_ACK_MISSING;
	if (!ts_seq_in(tcp->ack, oldest, ts_conn_snd_max(c) - oldest + 1)) {
		ts_out_challenge(k);
		return TS_DROP_ACK_RANGE;
	}
	if (ts_seq_lt(tcp->ack, c->snd_una))
		return TS_DROP_NONE; /* a duplicate; its text still counts */

	/* The window before the rest: what is resent must fit the new one. */
	in_window(c, tcp);
	if (ts_seq_lt(c->snd_una, tcp->ack))
		ts_out_acked(k, tcp);
	if (!ts_conn_is_closing(c) || c->snd_una != ts_conn_snd_end(c))
		return TS_DROP_NONE;
	/* Our FIN is acknowledged. */
	if (c->state == TS_FIN_WAIT_1)
		c->state = TS_FIN_WAIT_2;
	else if (c->state == TS_CLOSING || c->state == TS_LAST_ACK)
		ts_conn_finish(k, TS_CLOSE_FIN);
	return TS_DROP_NONE;
}

static void in_data_push(struct ts_call *k, const uint8_t *bytes, uint32_t len)
{
	struct ts_act *act = ts_act_push(k, TS_ACT_DATA);

	act->data.bytes = bytes;
	act->data.len = len;
	k->c->rcv_nxt += len;
}

/* Deliver a segment that begins at rcv_nxt, and what was held after it; held bytes win. */
static void in_deliver(struct ts_call *k, const uint8_t *bytes, uint32_t len)
{
	struct ts_conn *c = k->c;
	struct ts_reorder *pool = &k->s->reorder;
	uint32_t seq = c->rcv_nxt, end = seq + len;
	const struct ts_reorder_seg *held;

	/* Bound: each turn takes one of at most TS_REORDER_SEGS held segments. */
	while ((held = ts_reorder_first(pool, c->reorder_head)) != NULL &&
		ts_seq_leq(held->seq, end)) {
		if (ts_seq_lt(c->rcv_nxt, held->seq))
			in_data_push(k, bytes + (c->rcv_nxt - seq), held->seq - c->rcv_nxt);
		in_data_push(k, held->bytes, held->len);
		ts_reorder_pop(pool, &c->reorder_head, &c->n_reorder);
		if (ts_seq_lt(end, c->rcv_nxt))
			end = c->rcv_nxt;
	}
	if (ts_seq_lt(c->rcv_nxt, seq + len))
		in_data_push(k, bytes + (c->rcv_nxt - seq), seq + len - c->rcv_nxt);
}

/* The part of a segment that is new and inside the window. */
struct in_text {
	uint32_t seq, len;
	const uint8_t *bytes;
	bool fin;
};

static struct in_text in_trim(const struct ts_call *k, const struct ts_tcp *tcp)
{
	const struct ts_conn *c = k->c;
	struct in_text t = {
		.seq = tcp->seq,
		.len = tcp->payload_len,
		.bytes = tcp->payload,
		.fin = (tcp->flags & TS_TCP_FIN) != 0,
	};
	uint32_t room;

	if (ts_seq_lt(t.seq, c->rcv_nxt)) {
		uint32_t old = c->rcv_nxt - t.seq;

		/* in_sequence() has seen that it reaches rcv_nxt at least. */
		t.seq += old;
		t.len -= old;
		if (t.len > 0)
			t.bytes += old;
	}
	room = c->rcv_nxt + k->s->config.rcv_wnd - t.seq;
	if (t.len >= room) {
		t.len = room;
		t.fin = false;
	}
	/* What lies after the peer's own FIN is not part of its stream. */
	if (c->flags & TS_F_FIN_SEEN) {
		uint32_t fin_seq = ts_conn_fin_seq(c);

		if (ts_seq_lt(fin_seq, t.seq + t.len))
			t.len = ts_seq_lt(t.seq, fin_seq) ? fin_seq - t.seq : 0;
	}
	return t;
}

/* Eighth, first part: note the FIN, since bytes before it may be missing. The first FIN wins. */
static void in_note_fin(struct ts_call *k, uint32_t fin_seq)
{
	struct ts_conn *c = k->c;

	if (c->flags & TS_F_FIN_SEEN)
		return;
	if (c->n_reorder > 0 && ts_seq_lt(fin_seq, ts_reorder_end(&k->s->reorder, c->reorder_head)))
		return; /* contradicts bytes already held */
	c->flags |= TS_F_FIN_SEEN;
	c->fin_low = (uint16_t)fin_seq;
}

/* Eighth: the FIN bit, once every byte before it has been delivered. */
static void in_fin(struct ts_call *k)
{
	struct ts_conn *c = k->c;

	c->rcv_nxt++;
	c->flags |= TS_F_PEER_FIN;
	ts_act_push(k, TS_ACT_EOF);
	switch (c->state) {
	case TS_ESTABLISHED:
		c->state = TS_CLOSE_WAIT;
		c->peer_fin_first = 1;
		break;
	case TS_FIN_WAIT_1:
		c->state = TS_CLOSING;
		break;
	default: /* FIN-WAIT-2; a four-tuple is not used again, so TIME-WAIT guards nothing */
		ts_out_bare(k, TS_TCP_ACK);
		ts_conn_finish(k, TS_CLOSE_FIN);
		return;
	}
	ts_out_owe_ack(k);
}

/* Hold what comes after a gap. A second copy of it is only acknowledged. */
static enum ts_drop in_hold(struct ts_call *k, const struct in_text *t)
{
	struct ts_conn *c = k->c;
	uint32_t n_new;
	bool whole = ts_reorder_insert(
		&k->s->reorder, &c->reorder_head, &c->n_reorder, t->seq, t->bytes, t->len, &n_new);

	k->s->held_conn = ts_conn_index(k->s, c);
	k->s->held_seq = t->seq;
	/* RFC 5681 4.2: at once for each such segment, because the peer counts these ACKs. */
	if (n_new > 0)
		ts_out_duplicate(k);
	else
		ts_out_owe_repeat(k);
	return whole ? TS_DROP_NONE : TS_DROP_REORDER_FULL;
}

/* Seventh: the segment text. */
static enum ts_drop in_text(struct ts_call *k, const struct ts_tcp *tcp)
{
	struct ts_conn *c = k->c;
	struct in_text t = in_trim(k, tcp);
	enum ts_drop drop = TS_DROP_NONE;

	if (c->flags & TS_F_PEER_FIN) {
		if (tcp->payload_len == 0)
			return TS_DROP_NONE;
		ts_out_owe_repeat(k);
		return TS_DROP_AFTER_CLOSE;
	}
	if (t.len == 0 && !t.fin)
		return TS_DROP_NONE;
	if (t.fin)
		in_note_fin(k, t.seq + t.len);
	if (t.seq != c->rcv_nxt && t.len > 0) {
		drop = in_hold(k, &t);
	} else if (t.seq == c->rcv_nxt && t.len > 0) {
		ts_out_owe_ack(k);
		in_deliver(k, t.bytes, t.len);
	} else {
		ts_out_owe_repeat(k);
	}
	if ((c->flags & TS_F_FIN_SEEN) && (uint16_t)c->rcv_nxt == c->fin_low)
		in_fin(k);
	return drop;
}

static enum ts_drop in_synchronized(struct ts_call *k, const struct ts_tcp *tcp)
{
	enum ts_drop drop;

	if ((tcp->flags & TS_TCP_SYN) && !(tcp->flags & TS_TCP_RST))
		return in_syn(k, tcp);
	drop = k->c->has_ts ? ts_options_paws(k, tcp) : TS_DROP_NONE;
	if (drop == TS_DROP_NONE)
		drop = in_sequence(k, tcp);
	if (drop != TS_DROP_NONE)
		return drop;
	if (tcp->flags & TS_TCP_RST)
		return in_rst(k, tcp);
	if (k->c->has_ts)
		ts_options_stamp(k->c, tcp);
	/* Third, security: nothing. Fourth, the SYN bit: done above. */
	drop = in_ack(k, tcp);
	if (drop != TS_DROP_NONE || k->c->state == TS_CLOSED)
		return drop;
	/* Sixth, the URG bit: ignored, urgent bytes are delivered in line. */
	drop = in_text(k, tcp);
	if (k->c->state != TS_CLOSED)
		ts_out_push(k);
	return drop;
}

enum ts_drop ts_input(struct ts_stack *s, uint32_t conn, const struct ts_pkt *pkt, uint64_t now_us,
	struct ts_acts *acts)
{
	struct ts_call k = {.s = s, .c = &s->conns[conn], .acts = acts, .now_us = now_us};

	switch (k.c->state) {
	case TS_FREE:
	case TS_CLOSED:
		return TS_DROP_AFTER_CLOSE;
	case TS_SYN_SENT:
		return in_syn_sent(&k, pkt);
	default:
		return in_synchronized(&k, &pkt->tcp);
	}
}

/* Next-hop MTU too small: ICMPv4 3/4, ICMPv6 2. */
static bool icmp_is_too_big(const struct ts_pkt *pkt)
{
	return ts_addr_is_v4(&pkt->icmp.quote_dst) ? pkt->icmp.type == 3 && pkt->icmp.code == 4
						   : pkt->icmp.type == 2;
}

/*
 * RFC 5927 7: accepted once, and never below the size that every path of the family carries, so
 * that a forger who guesses the sequence number gains little. The retransmission will be shorter.
 */
static void icmp_lower_mss(struct ts_conn *c, uint32_t mtu)
{
	bool v4 = ts_addr_is_v4(&c->raddr);
	uint32_t floor = v4 ? TS_MSS_DEFAULT_V4 : TS_MSS_DEFAULT_V6;
	uint32_t headers = v4 ? 40 : 60;
	uint32_t mss = mtu > floor + headers ? mtu - headers : floor;

	mss -= c->has_ts ? TS_OPT_TS_ROOM : 0;
	if ((c->flags & TS_F_MSS_LOWERED) || mss >= c->snd_mss)
		return;
	c->flags |= TS_F_MSS_LOWERED;
	c->snd_mss = (uint16_t)mss;
}

enum ts_drop ts_input_icmp(struct ts_stack *s, uint32_t conn, const struct ts_pkt *pkt,
	uint64_t now_us, struct ts_acts *acts)
{
	const struct ts_icmp *icmp = &pkt->icmp;
	struct ts_call k = {.s = s, .acts = acts, .now_us = now_us};

	if (conn == TS_CONN_NONE)
		return TS_DROP_ICMP_NO_MATCH;
	k.c = &s->conns[conn];
	/* RFC 5927 4.1: the quote must be of something in flight. */
	if (k.c->state == TS_CLOSED ||
		!ts_seq_in(icmp->quote_seq, k.c->snd_una, ts_conn_snd_max(k.c) - k.c->snd_una))
		return TS_DROP_ICMP_NO_MATCH;
	k.c->icmp_type = icmp->type;
	k.c->icmp_code = icmp->code;
	if (icmp_is_too_big(pkt))
		icmp_lower_mss(k.c, icmp->mtu);
	else if (k.c->state == TS_SYN_SENT)
		ts_conn_finish(&k, TS_CLOSE_UNREACHABLE);
	return TS_DROP_NONE;
}
