/* SPDX-License-Identifier: BSD-3-Clause */
/* What is sent, and the timer. */
#include "lab_tcp.h"
#include "tcpstack/tcp/seq.h"

/* Is our FIN part of the stream? */
static bool is_closing(const struct lab_tcp *t)
{
	return t->state == LAB_TCP_FIN_WAIT_1 || t->state == LAB_TCP_FIN_WAIT_2 ||
	       t->state == LAB_TCP_CLOSING || t->state == LAB_TCP_LAST_ACK ||
	       t->state == LAB_TCP_TIME_WAIT;
}

/* The sequence number behind all that is to be sent. */
static uint32_t stream_end(const struct lab_tcp *t)
{
	bool fin_acked = t->state == LAB_TCP_FIN_WAIT_2 || t->state == LAB_TCP_TIME_WAIT;

	return fin_acked ? t->snd_una : t->tx_seq + t->tx_len + is_closing(t);
}

uint32_t lab_tcp_write(struct lab_tcp *t, const uint8_t *bytes, uint32_t len)
{
	uint32_t room = lab_tcp_room(t);

	if (t->close_wanted || t->state == LAB_TCP_CLOSED)
		return 0;
	if (len > room)
		len = room;
	memcpy(t->tx + t->tx_len, bytes, len);
	t->tx_len += len;
	return len;
}

void lab_tcp_close(struct lab_tcp *t)
{
	t->close_wanted = true;
	if (t->state == LAB_TCP_ESTABLISHED)
		t->state = LAB_TCP_FIN_WAIT_1;
	else if (t->state == LAB_TCP_CLOSE_WAIT)
		t->state = LAB_TCP_LAST_ACK;
}

void lab_tcp_abort(struct lab_tcp *t)
{
	if (t->state == LAB_TCP_CLOSED)
		return;
	t->state = LAB_TCP_CLOSED;
	t->aborted = true;
	t->timer_at_us = 0;
	t->reset_due = true;
	t->reset_seq = t->snd_max;
}

void lab_tcp_timer(struct lab_tcp *t, uint64_t now_us)
{
	if (t->timer_at_us == 0 || now_us < t->timer_at_us)
		return;
	if (t->state == LAB_TCP_TIME_WAIT || t->n_tries == LAB_TCP_MAX_TRIES) {
		t->aborted = t->state != LAB_TCP_TIME_WAIT;
		t->state = LAB_TCP_CLOSED;
		t->timer_at_us = 0;
		return;
	}
	t->n_tries++;
	t->timer_at_us = now_us + ((uint64_t)LAB_TCP_RTO_US << t->n_tries);
	t->snd_nxt = t->snd_una;
	t->synack_due = t->state == LAB_TCP_SYN_RECEIVED;
	t->probe_due = t->snd_wnd == 0;
}

/* What a segment carries beside its text. */
static void out_options(struct lab_tcp *t, uint64_t now_us, struct lab_tcp_seg *seg)
{
	seg->opts = seg->flags & TS_TCP_SYN ? t->opts : t->opts & TS_OPT_TS;
	seg->wscale = LAB_TCP_SHIFT;
	if (!(seg->opts & TS_OPT_TS))
		return;
	t->ts_last = lab_tcp_stamp(t->iss, now_us);
	seg->ts_val = t->ts_last;
	seg->ts_ecr = t->ts_recent;
}

/* The SYN-ACK, first or again. It offers the whole of rx, which is never scaled here. */
static bool out_synack(struct lab_tcp *t, struct lab_tcp_seg *seg)
{
	if (!t->synack_due)
		return false;
	t->synack_due = false;
	t->snd_nxt = t->snd_max = t->iss + 1;
	seg->seq = t->iss;
	seg->flags = TS_TCP_SYN | TS_TCP_ACK;
	seg->wnd = LAB_TCP_RX;
	return true;
}

/* Send as much of the stream as window and segment size allow, the FIN with the last byte. */
static bool out_stream(struct lab_tcp *t, struct lab_tcp_seg *seg)
{
	uint32_t unsent = stream_end(t) - t->snd_nxt;
	uint32_t flight = t->snd_nxt - t->snd_una;
	uint32_t wnd = t->snd_wnd == 0 && t->probe_due ? 1 : t->snd_wnd;
	uint32_t n = wnd > flight ? wnd - flight : 0;
	uint32_t off = t->snd_nxt - t->tx_seq;

	if (n > unsent)
		n = unsent;
	if (n > t->mss)
		n = t->mss;
	if (n == 0)
		return false;
	t->probe_due = false;
	seg->len = n < t->tx_len - off ? n : t->tx_len - off;
	seg->payload = t->tx + off;
	if (n > seg->len)
		seg->flags |= TS_TCP_FIN;
	if (n == unsent)
		seg->flags |= TS_TCP_PSH;
	t->snd_nxt += n;
	if (ts_seq_lt(t->snd_max, t->snd_nxt))
		t->snd_max = t->snd_nxt;
	return true;
}

/* Start the timer if something waits for an acknowledgement or for a window. */
static void out_arm(struct lab_tcp *t, uint64_t now_us)
{
	bool waits = t->snd_una != t->snd_max || stream_end(t) != t->snd_nxt;

	if (waits && t->timer_at_us == 0)
		t->timer_at_us = now_us + LAB_TCP_RTO_US;
}

/* The window that the header can say; what was offered before is not taken back. */
static uint16_t out_window(struct lab_tcp *t)
{
	uint32_t shift = t->opts & TS_OPT_WSCALE ? LAB_TCP_SHIFT : 0;
	uint32_t wnd = (LAB_TCP_RX - t->rx_len) >> shift;

	if (ts_seq_lt(t->rcv_edge, t->rcv_nxt + (wnd << shift)))
		t->rcv_edge = t->rcv_nxt + (wnd << shift);
	return (uint16_t)wnd;
}

static bool output(struct lab_tcp *t, uint64_t now_us, struct lab_tcp_seg *seg)
{
	bool any;

	*seg = (struct lab_tcp_seg){.ack = t->rcv_nxt, .flags = TS_TCP_ACK};
	if (t->reset_due) {
		t->reset_due = false;
		seg->seq = t->reset_seq;
		seg->flags = TS_TCP_RST | TS_TCP_ACK;
		return true;
	}
	if (t->state == LAB_TCP_CLOSED)
		return false;
	if (t->state == LAB_TCP_SYN_RECEIVED)
		return out_synack(t, seg);
	seg->seq = t->snd_nxt;
	any = out_stream(t, seg);
	out_arm(t, now_us);
	if (!any && !t->ack_due)
		return false;
	if (!any)
		seg->seq = t->snd_max; /* after a time-out snd_nxt may be lower */
	t->ack_due = false;
	seg->wnd = out_window(t);
	return true;
}

bool lab_tcp_output(struct lab_tcp *t, uint64_t now_us, struct lab_tcp_seg *seg)
{
	if (!output(t, now_us, seg))
		return false;
	out_options(t, now_us, seg);
	return true;
}

bool lab_tcp_refuse(const struct ts_tcp *tcp, struct lab_tcp_seg *seg)
{
	uint32_t len = tcp->payload_len + ((tcp->flags & TS_TCP_SYN) != 0) +
		       ((tcp->flags & TS_TCP_FIN) != 0);

	if (tcp->flags & TS_TCP_RST)
		return false;
	if (tcp->flags & TS_TCP_ACK)
		*seg = (struct lab_tcp_seg){.seq = tcp->ack, .flags = TS_TCP_RST};
	else
		*seg = (struct lab_tcp_seg){
			.ack = tcp->seq + len, .flags = TS_TCP_RST | TS_TCP_ACK};
	return true;
}
