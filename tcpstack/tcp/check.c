/* SPDX-License-Identifier: BSD-3-Clause */
#include "check.h"

#include "stack.h"

static const char *check_send(const struct ts_stack *s, const struct ts_conn *c)
{
	uint32_t flight = c->snd_nxt - c->snd_una;
	uint32_t unsent = ts_conn_snd_end(c) - c->snd_nxt;
	bool wanted = flight > 0 || (unsent > 0 && c->state != TS_SYN_SENT);

	if (ts_seq_lt(c->snd_nxt, c->snd_una))
		return "snd_una <= snd_nxt";
	if (c->state == TS_SYN_SENT)
		return flight == 1 && c->rto_at != 0 ? NULL : "a SYN is in flight in SYN-SENT";
	if (ts_seq_lt(ts_conn_snd_end(c), c->snd_nxt))
		return "nothing is sent beyond what was announced";
	if (flight > c->max_snd_wnd)
		return "flight <= largest window seen";
	if (flight > TS_INITIAL_WINDOW_SEGS * (uint32_t)s->config.mss)
		return "flight <= initial window";
	if (wanted != (c->rto_at != 0))
		return "the retransmission timer is armed iff something is unacknowledged or "
		       "unsent";
	if ((c->flags & TS_F_RECOVER) && flight == 0)
		return "recovery ends when all is acknowledged";
	if ((c->flags & TS_F_PROBED) && unsent == 0)
		return "a window probe is part of the stream";
	if (c->snd_mss < TS_MSS_MIN || c->snd_mss > s->config.mss)
		return "the segment size is within its bounds";
	return NULL;
}

static const char *check_reorder(const struct ts_stack *s, const struct ts_conn *c)
{
	uint32_t at = c->rcv_nxt, n = 0, bytes = 0;
	uint32_t slot = c->reorder_head;

	while (slot != TS_REORDER_NONE && n <= TS_REORDER_SEGS) {
		const struct ts_reorder_seg *seg = ts_reorder_first(&s->reorder, slot);

		/* There is a gap before the first one; the others may be adjacent. */
		if (n == 0 ? ts_seq_leq(seg->seq, at) : ts_seq_lt(seg->seq, at))
			return "held segments are sorted, apart, and beyond a gap";
		at = seg->seq + seg->len;
		bytes += seg->len;
		slot = seg->next;
		n++;
	}
	if (n != c->n_reorder || n > TS_REORDER_SEGS || bytes > TS_REORDER_BYTES)
		return "held segments are counted and bounded";
	if (ts_seq_lt(c->rcv_nxt + s->config.rcv_wnd, at))
		return "held segments are inside the window";
	if ((c->flags & TS_F_FIN_SEEN) && n > 0 && ts_seq_lt(ts_conn_fin_seq(c), at))
		return "nothing is held beyond the peer's FIN";
	return NULL;
}

static const char *check_timer(const struct ts_stack *s, const struct ts_conn *c)
{
	uint32_t at = c->rto_at, queued;

	if (at == 0 || (c->deadline_at != 0 && ts_seq_lt(c->deadline_at, at)))
		at = c->deadline_at;
	if (ts_conn_is_closing(c) && c->deadline_at == 0)
		return "a closing connection has a deadline";
	if (at == 0)
		return NULL;
	if (c->wheel_slot >= TS_WHEEL_SLOTS)
		return "a connection with a timer is in the wheel";
	queued = s->wheel.cursor + ((c->wheel_slot - s->wheel.cursor) & (TS_WHEEL_SLOTS - 1));
	if (ts_seq_lt(at, queued) && queued != s->wheel.cursor)
		return "a connection is queued for its first timer or before";
	return NULL;
}

const char *ts_check_conn(const struct ts_stack *s, uint32_t conn)
{
	const struct ts_conn *c = &s->conns[conn];
	const char *broken;

	if (conn >= s->n_fresh || c->state == TS_FREE)
		return NULL;
	if (ts_lookup(s, &c->raddr, c->rport, c->lport) != conn)
		return "the table finds a connection by its four-tuple";
	if ((c->flags & TS_F_ACK_OWED) && c->ack_next == 0)
		return "a debtor is on the list of debtors";
	if (c->state == TS_CLOSED) {
		if (c->close == TS_CLOSE_NONE || c->rto_at != 0 || c->deadline_at != 0 ||
			c->n_reorder != 0)
			return "a closed connection has a reason, no timers and holds nothing";
		return NULL;
	}
	broken = check_send(s, c);
	if (broken == NULL)
		broken = check_reorder(s, c);
	if (broken == NULL)
		broken = check_timer(s, c);
	return broken;
}

static const char *check_wheel_links(const struct ts_stack *s, uint32_t n_queued)
{
	uint32_t n = 0;

	for (uint32_t slot = 0; slot < TS_WHEEL_SLOTS; slot++) {
		uint32_t prev = TS_CONN_NONE;

		for (uint32_t i = s->wheel.heads[slot]; i != TS_CONN_NONE && n <= n_queued; n++) {
			const struct ts_conn *c = &s->conns[i];

			if (c->wheel_slot != slot || c->wheel_prev != prev)
				return "wheel links agree in both directions";
			prev = i;
			i = c->wheel_next;
		}
	}
	return n == n_queued ? NULL : "every queued connection is linked in its wheel slot, once";
}

static const char *check_overdrafts(const struct ts_stack *s, uint32_t n_listed)
{
	uint32_t n = 0;

	for (uint32_t at = s->ack_head; at != TS_ACK_LIST_END && n <= n_listed; n++)
		at = s->conns[at - 1].ack_next;
	return n == n_listed ? NULL : "the list of debtors holds each of them once";
}

const char *ts_check_stack(const struct ts_stack *s)
{
	uint32_t n_open = 0, n_free = 0, n_queued = 0, n_held = 0, n_listed = 0;
	const char *broken = NULL;

	for (uint32_t i = 0; i < s->n_fresh && broken == NULL; i++) {
		const struct ts_conn *c = &s->conns[i];

		broken = ts_check_conn(s, i);
		n_listed += c->ack_next != 0;
		if (c->state == TS_FREE)
			continue;
		n_open++;
		n_held += c->n_reorder;
		n_queued += c->wheel_slot != TS_WHEEL_UNLINKED;
	}
	if (broken != NULL)
		return broken;
	for (uint32_t i = s->free_head; i != TS_CONN_NONE && n_free <= s->n_fresh; n_free++)
		i = s->conns[i].wheel_next;
	if (n_open != s->n_open || n_open + n_free != s->n_fresh)
		return "every slot is in use or free";
	if (s->table.n != n_open)
		return "the table has one entry for each connection";
	if (s->reorder.n_used != n_held)
		return "reorder slots are conserved";
	broken = check_wheel_links(s, n_queued);
	return broken != NULL ? broken : check_overdrafts(s, n_listed);
}
