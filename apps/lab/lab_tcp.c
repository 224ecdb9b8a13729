/* SPDX-License-Identifier: BSD-3-Clause */
/* Received segments; lab_tcp_out.c has what is sent. */
#include "lab_tcp.h"
#include "tcpstack/tcp/seq.h"

/* For RFC 5961 5.2: we never fill more of a window than this. */
#define MAX_SND_WND 65535

/* RFC 9293 3.7.1: the peer's segment size if it names none. */
#define DEFAULT_MSS 536
#define MIN_MSS	    64

void lab_tcp_open(struct lab_tcp *t, const struct ts_tcp *syn, uint32_t iss, uint16_t mss,
	uint8_t opts, uint64_t now_us)
{
	uint16_t peer_mss = syn->mss == 0 ? DEFAULT_MSS : syn->mss;

	if (peer_mss < MIN_MSS)
		peer_mss = MIN_MSS;
	memset(t, 0, offsetof(struct lab_tcp, rx));
	t->state = LAB_TCP_SYN_RECEIVED;
	t->mss = peer_mss < mss ? peer_mss : mss;
	t->iss = t->snd_una = t->snd_nxt = t->snd_max = iss;
	t->tx_seq = iss + 1;
	t->irs = syn->seq;
	t->rcv_nxt = syn->seq + 1;
	t->rcv_edge = t->rcv_nxt + LAB_TCP_RX;
	t->timer_at_us = now_us + LAB_TCP_RTO_US;
	t->synack_due = true;
	t->opts = opts & lab_tcp_opts(syn);
	t->snd_shift = t->opts & TS_OPT_WSCALE ? syn->wscale : 0;
	t->ts_recent = syn->ts_val;
	t->ts_first = t->ts_last = lab_tcp_stamp(iss, now_us);
	if ((t->opts & TS_OPT_TS) && t->mss >= MIN_MSS + TS_OPT_TS_ROOM)
		t->mss -= TS_OPT_TS_ROOM;
}

/* RFC 7323 3.2, for all but RSTs: timestamps as agreed, with the echo of one of ours; then PAWS. */
static enum lab_tcp_verdict in_stamp(struct lab_tcp *t, const struct ts_tcp *tcp)
{
	bool agreed = t->opts & TS_OPT_TS;

	if (tcp->has_ts != agreed)
		return LAB_TCP_STAMP_BAD;
	if (!agreed)
		return LAB_TCP_TAKEN;
	if (tcp->ts_ecr - t->ts_first > t->ts_last - t->ts_first)
		return LAB_TCP_STAMP_BAD;
	if (!ts_seq_lt(tcp->ts_val, t->ts_recent)) {
		if (ts_seq_leq(tcp->seq, t->rcv_nxt))
			t->ts_recent = tcp->ts_val;
		return LAB_TCP_TAKEN;
	}
	t->ack_due |= tcp->payload_len > 0 || (tcp->flags & TS_TCP_FIN);
	return LAB_TCP_OLD;
}

static void finish(struct lab_tcp *t)
{
	t->state = LAB_TCP_CLOSED;
	t->timer_at_us = 0;
	t->ack_due = t->synack_due = false;
}

/* First: is part of the segment inside the window (the four cases of RFC 9293 3.4)? */
static bool in_acceptable(const struct lab_tcp *t, const struct ts_tcp *tcp)
{
	uint32_t wnd = t->rcv_edge - t->rcv_nxt;
	uint32_t len = tcp->payload_len + ((tcp->flags & TS_TCP_FIN) != 0);

	/* A bare ACK may be right behind the window, if the bytes that fill the window come later.
	 * RFC 9293 allows one less, kernels allow this. */
	if (len == 0)
		return tcp->seq - t->rcv_nxt <= wnd;
	return ts_seq_in(tcp->seq, t->rcv_nxt, wnd) ||
	       ts_seq_in(tcp->seq + len - 1, t->rcv_nxt, wnd);
}

/* A single byte right behind the window is a window probe (RFC 9293 3.8.6.1). */
static bool in_is_probe(const struct lab_tcp *t, const struct ts_tcp *tcp)
{
	return tcp->seq == t->rcv_edge && tcp->payload_len + ((tcp->flags & TS_TCP_FIN) != 0) == 1;
}

static enum lab_tcp_verdict in_unacceptable(struct lab_tcp *t, const struct ts_tcp *tcp)
{
	if (tcp->flags & TS_TCP_RST)
		return LAB_TCP_RST_BAD;
	t->ack_due = true;
	if (ts_seq_lt(tcp->seq, t->rcv_nxt))
		return LAB_TCP_OLD;
	return in_is_probe(t, tcp) ? LAB_TCP_AHEAD : LAB_TCP_BEYOND;
}

/* RFC 5961 3.2: only the exact sequence number resets; any other in the window gets a challenge
 * ACK. */
static enum lab_tcp_verdict in_rst(struct lab_tcp *t, const struct ts_tcp *tcp)
{
	if (tcp->seq != t->rcv_nxt) {
		t->ack_due = true;
		return LAB_TCP_RST_BAD;
	}
	t->aborted = true;
	finish(t);
	return LAB_TCP_RESET;
}

/* RFC 5961 4.2: a SYN within the connection gets a challenge ACK, with any sequence number. */
static enum lab_tcp_verdict in_syn(struct lab_tcp *t, const struct ts_tcp *tcp)
{
	bool again = tcp->seq == t->irs && !(tcp->flags & TS_TCP_ACK);

	if (again && t->state == LAB_TCP_SYN_RECEIVED) {
		t->synack_due = true;
		t->ts_recent = tcp->ts_val;
	} else {
		t->ack_due = true;
	}
	return again ? LAB_TCP_REPEATED : LAB_TCP_SYN_INSIDE;
}

/*
 * RFC 9293 compares sequence numbers first. But a segment that acknowledges new data is newer than
 * all before it, even if it is a retransmission with an old sequence number. If its window were
 * ignored, the right edge would move with SND.UNA, beyond what the peer offers.
 */
static bool in_window_is_newer(const struct lab_tcp *t, const struct ts_tcp *tcp)
{
	return ts_seq_lt(t->snd_una, tcp->ack) || ts_seq_lt(t->snd_wl1, tcp->seq) ||
	       (t->snd_wl1 == tcp->seq && ts_seq_leq(t->snd_wl2, tcp->ack));
}

static void in_set_window(struct lab_tcp *t, const struct ts_tcp *tcp)
{
	t->snd_wnd = (uint32_t)tcp->wnd << t->snd_shift;
	t->snd_wl1 = tcp->seq;
	t->snd_wl2 = tcp->ack;
}

/* ack is beyond snd_una: drop the bytes that it covers, and restart the timer. */
static void in_progress(struct lab_tcp *t, uint32_t ack, uint64_t now_us)
{
	uint32_t n = ts_seq_lt(t->tx_seq, ack) ? ack - t->tx_seq : 0;

	if (n > t->tx_len)
		n = t->tx_len; /* the last number covers our FIN */
	memmove(t->tx, t->tx + n, t->tx_len - n);
	t->tx_len -= n;
	t->tx_seq += n;
	t->snd_una = ack;
	if (ts_seq_lt(t->snd_nxt, ack))
		t->snd_nxt = ack;
	t->n_tries = 0;
	t->timer_at_us = t->snd_una == t->snd_max ? 0 : now_us + LAB_TCP_RTO_US;
}

/* All of the stream is acknowledged, and so is our FIN, which is its last part. */
static void in_fin_acked(struct lab_tcp *t, uint64_t now_us)
{
	switch (t->state) {
	case LAB_TCP_FIN_WAIT_1:
		t->state = LAB_TCP_FIN_WAIT_2;
		break;
	case LAB_TCP_CLOSING:
		t->state = LAB_TCP_TIME_WAIT;
		t->timer_at_us = now_us + LAB_TCP_TIME_WAIT_US;
		break;
	case LAB_TCP_LAST_ACK:
		finish(t);
		break;
	default:
		break;
	}
}

/* SYN-RECEIVED: the acknowledgement of our SYN opens the connection, any other gets a RST. */
static bool in_open(struct lab_tcp *t, const struct ts_tcp *tcp)
{
	if (tcp->ack != t->iss + 1) {
		t->reset_due = true;
		t->reset_seq = tcp->ack;
		return false;
	}
	t->state = t->close_wanted ? LAB_TCP_FIN_WAIT_1 : LAB_TCP_ESTABLISHED;
	t->synack_due = false;
	in_set_window(t, tcp);
	return true;
}

/* Fifth: the ACK field. */
static enum lab_tcp_verdict in_ack(struct lab_tcp *t, const struct ts_tcp *tcp, uint64_t now_us)
{
	if (!(tcp->flags & TS_TCP_ACK))
		return LAB_TCP_ACK_BAD;
	if (t->state == LAB_TCP_SYN_RECEIVED && !in_open(t, tcp))
		return LAB_TCP_ACK_BAD;
	if (ts_seq_lt(t->snd_max, tcp->ack) || ts_seq_lt(tcp->ack, t->snd_una - MAX_SND_WND)) {
		t->ack_due = true;
		return LAB_TCP_ACK_BAD;
	}
	if (ts_seq_lt(tcp->ack, t->snd_una))
		return LAB_TCP_TAKEN; /* an old ACK; the data is still processed */
	if (in_window_is_newer(t, tcp))
		in_set_window(t, tcp);
	if (ts_seq_lt(t->snd_una, tcp->ack)) {
		bool fin_acked = tcp->ack == t->tx_seq + t->tx_len + 1;

		in_progress(t, tcp->ack, now_us);
		if (fin_acked)
			in_fin_acked(t, now_us);
	}
	return LAB_TCP_TAKEN;
}

/* Eighth: the FIN bit, with no gap before it. */
static void in_fin(struct lab_tcp *t, uint64_t now_us)
{
	t->rcv_nxt++;
	t->peer_fin = true;
	switch (t->state) {
	case LAB_TCP_ESTABLISHED:
		t->state = LAB_TCP_CLOSE_WAIT;
		break;
	case LAB_TCP_FIN_WAIT_1:
		t->state = LAB_TCP_CLOSING;
		break;
	default: /* FIN-WAIT-2 */
		t->state = LAB_TCP_TIME_WAIT;
		t->timer_at_us = now_us + LAB_TCP_TIME_WAIT_US;
		break;
	}
}

/* Seventh: the data, in order only. What lies behind a gap is dropped, and the peer sends it
 * again. */
static enum lab_tcp_verdict in_text(struct lab_tcp *t, const struct ts_tcp *tcp, uint64_t now_us)
{
	bool fin = (tcp->flags & TS_TCP_FIN) != 0;
	uint32_t old, n, room = t->rcv_edge - t->rcv_nxt;

	if (tcp->payload_len == 0 && !fin)
		return LAB_TCP_TAKEN;
	t->ack_due = true;
	if (t->peer_fin)
		return LAB_TCP_BEYOND;
	if (ts_seq_lt(t->rcv_nxt, tcp->seq))
		return LAB_TCP_AHEAD;
	old = t->rcv_nxt - tcp->seq;
	n = tcp->payload_len - old;
	if (n > room)
		n = room;
	if (n > 0)
		memcpy(t->rx + t->rx_len, tcp->payload + old, n);
	t->rx_len += n;
	t->rcv_nxt += n;
	if (ts_seq_lt(t->rcv_nxt, tcp->seq + tcp->payload_len))
		return LAB_TCP_BEYOND;
	if (fin && t->rcv_nxt != t->rcv_edge)
		in_fin(t, now_us);
	return LAB_TCP_TAKEN;
}

enum lab_tcp_verdict lab_tcp_input(struct lab_tcp *t, const struct ts_tcp *tcp, uint64_t now_us)
{
	enum lab_tcp_verdict verdict;

	if (t->state == LAB_TCP_CLOSED)
		return LAB_TCP_OLD;
	if ((tcp->flags & TS_TCP_SYN) && !(tcp->flags & TS_TCP_RST))
		return in_syn(t, tcp);
	verdict = tcp->flags & TS_TCP_RST ? LAB_TCP_TAKEN : in_stamp(t, tcp);
	if (verdict != LAB_TCP_TAKEN)
		return verdict;
	if (!in_acceptable(t, tcp))
		return in_unacceptable(t, tcp);
	if (tcp->flags & TS_TCP_RST)
		return in_rst(t, tcp);
	verdict = in_ack(t, tcp, now_us);
	if (verdict != LAB_TCP_TAKEN || t->state == LAB_TCP_CLOSED)
		return verdict;
	return in_text(t, tcp, now_us);
}

void lab_tcp_consume(struct lab_tcp *t, uint32_t n)
{
	memmove(t->rx, t->rx + n, t->rx_len - n);
	t->rx_len -= n;
	/* RFC 9293 3.8.6.2.2: send a window update as soon as half the buffer has become free. */
	if (t->rcv_nxt + (LAB_TCP_RX - t->rx_len) - t->rcv_edge >= LAB_TCP_RX / 2)
		t->ack_due = true;
}
