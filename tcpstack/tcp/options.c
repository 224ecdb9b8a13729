/* SPDX-License-Identifier: BSD-3-Clause */
/* Options: segment size, window scale and timestamps (RFC 7323), SACK blocks (RFC 2018). */
#include "stack.h"

/* The payload of our largest segment. A segment size counts it without options (RFC 6691 2). */
uint16_t ts_options_peer_mss(const struct ts_stack *s, const struct ts_conn *c, uint16_t option)
{
	uint16_t ours = ts_mss_for(s, &c->raddr);
	uint16_t less = c->has_ts ? TS_OPT_TS_ROOM : 0;
	uint16_t mss = option;

	if (mss == 0)
		mss = ts_addr_is_v4(&c->raddr) ? TS_MSS_DEFAULT_V4 : TS_MSS_DEFAULT_V6;
	if (mss > ours)
		mss = ours;
	return mss < TS_MSS_MIN + less ? TS_MSS_MIN : (uint16_t)(mss - less);
}

static uint32_t options_stamp(const struct ts_call *k)
{
	return ts_stamp(k->s->config.stamp_key, k->c->iss, ts_stamp_ticks(k->now_us));
}

uint32_t ts_options_echo_us(const struct ts_call *k, uint32_t ts_ecr)
{
	uint32_t ticks = options_stamp(k) - ts_ecr;

	if (ticks > k->s->config.rto_max_us / TS_STAMP_US)
		return 0;
	return ticks > 0 ? ticks * TS_STAMP_US : TS_STAMP_US;
}

/* Take what the SYN-ACK answers to the options that we have offered. One that we have not offered
 * means nothing. */
void ts_options_take(struct ts_call *k, const struct ts_tcp *tcp)
{
	struct ts_conn *c = k->c;
	uint8_t offer = k->s->config.offer;

	c->has_sack = (offer & TS_OPT_SACK_OK) && tcp->sack_ok;
	if ((offer & TS_OPT_WSCALE) && tcp->wscale < TS_WSCALE_NONE) {
		c->snd_shift = tcp->wscale & 0xfu;
		c->rcv_scaled = 1;
	}
	if (!(offer & TS_OPT_TS) || !tcp->has_ts)
		return;
	c->has_ts = 1;
	c->ts_recent = tcp->ts_val;
	if (c->rtt_first_us != 0)
		return;
	c->rtt_first_us = ts_options_echo_us(k, tcp->ts_ecr);
	c->rtt_coarse = c->rtt_first_us != 0;
}

/*
 * Before the sequence number, PAWS (RFC 7323 5.3, R1): a segment that is older by its timestamp
 * than what we have acknowledged is a late copy. RSTs are exempt (5.2). A segment without the
 * option is taken: 3.2 would drop it, but middleboxes strip options, and Linux takes it, too. A
 * late bare ACK shows nothing and gets no answer. No connection of ours lives long enough for
 * TS.Recent to be outdated (5.5).
 */
enum ts_drop ts_options_paws(struct ts_call *k, const struct ts_tcp *tcp)
{
	if (!tcp->has_ts || (tcp->flags & TS_TCP_RST) || !ts_seq_lt(tcp->ts_val, k->c->ts_recent))
		return TS_DROP_NONE;
	if (tcp->payload_len > 0 || (tcp->flags & TS_TCP_FIN))
		ts_out_owe_repeat(k);
	return TS_DROP_PAWS;
}

/*
 * The timestamp to echo (RFC 7323 5.3, R3) is that of the segment which the next ACK is for. While
 * an ACK of new bytes is pending, the first of these has set it. Last.ACK.sent is not kept: if no
 * such ACK is pending, it is RCV.NXT.
 */
void ts_options_stamp(struct ts_conn *c, const struct ts_tcp *tcp)
{
	bool all_acked = !(c->flags & TS_F_ACK_OWED) || !c->ack_new;

	if (tcp->has_ts && all_acked && ts_seq_leq(tcp->seq, c->rcv_nxt))
		c->ts_recent = tcp->ts_val;
}

/* A SYN offers. Behind it each segment carries what both sides have agreed on, a RST as well (RFC
 * 7323 3.2). */
void ts_options_put(const struct ts_call *k, struct ts_act *act)
{
	const struct ts_conn *c = k->c;

	if (act->send.flags & TS_TCP_SYN) {
		act->send.mss = ts_mss_for(k->s, &c->raddr);
		act->send.opts = k->s->config.offer;
	} else {
		act->send.is_scaled = c->rcv_scaled;
		act->send.opts = c->has_ts ? TS_OPT_TS : 0;
	}
	if (!(act->send.opts & TS_OPT_TS))
		return;
	act->send.ts_val = options_stamp(k);
	act->send.ts_ecr = act->send.flags & TS_TCP_ACK ? c->ts_recent : 0;
}

/* The block that a list of held segments begins with: neighbours in it make one block. */
static struct ts_sack options_block(
	const struct ts_reorder *r, const struct ts_reorder_seg *seg, uint32_t *next)
{
	struct ts_sack block = {seg->seq, seg->seq + seg->len};

	/* Bound: each turn takes one of at most TS_REORDER_SEGS held segments. */
	*next = seg->next;
	while (*next != TS_REORDER_NONE) {
		seg = ts_reorder_first(r, *next);
		if (seg->seq != block.end)
			break;
		block.end += seg->len;
		*next = seg->next;
	}
	return block;
}

uint32_t ts_sack_blocks(const struct ts_stack *s, uint32_t conn, struct ts_sack *blocks)
{
	const struct ts_conn *c = &s->conns[conn];
	uint32_t slot = c->has_sack ? c->reorder_head : TS_REORDER_NONE, n = 0;

	/* Bound: each turn takes one of at most TS_REORDER_SEGS held segments. */
	while (slot != TS_REORDER_NONE) {
		struct ts_sack block = options_block(
			&s->reorder, ts_reorder_first(&s->reorder, slot), &slot);
		bool latest = s->held_conn == conn &&
			      ts_seq_in(s->held_seq, block.first, block.end - block.first);

		if (latest && n > 0) {
			memmove(&blocks[1], &blocks[0],
				(n < TS_SACK_MAX ? n : TS_SACK_MAX - 1) * sizeof(blocks[0]));
			blocks[0] = block;
		} else if (n < TS_SACK_MAX) {
			blocks[n] = block;
		}
		n++;
	}
	return n < TS_SACK_MAX ? n : TS_SACK_MAX;
}
