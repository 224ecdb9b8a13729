/* SPDX-License-Identifier: BSD-3-Clause */
/* The stack as a whole: memory, slots, lookup, opening, closing, deadlines, facts. */
#include "tcp.h"

#include <assert.h>

#include "stack.h"

#define STACK_ALIGN 64u

/* Where each part is in the block of memory. */
struct stack_layout {
	size_t conns, table, wheel, reorder, total;
};

static bool config_is_valid(const struct ts_stack_config *g)
{
	return g->n_conns >= 1 && g->n_conns <= 1u << 22 && g->n_reorder <= 1u << 22 &&
	       g->tick_us >= 1000 && g->tick_us <= 100000 && g->rcv_wnd >= 2048 &&
	       g->offer <= TS_OPT_ALL && g->mss >= 536 && g->mss <= 1460 && g->rto_min_us >= 1 &&
	       g->rto_min_us <= g->rto_initial_us && g->rto_initial_us <= g->rto_max_us &&
	       g->rto_max_us <= 120u * 1000 * 1000 && g->max_tries >= 1 && g->max_tries <= 15 &&
	       g->max_challenge <= 15 && g->max_repeats >= 3 && g->fin_wait_us >= 1 &&
	       g->fin_wait_us <= 60u * 1000 * 1000;
}

static size_t layout_add(struct stack_layout *l, size_t size)
{
	size_t at = l->total;

	l->total += (size + STACK_ALIGN - 1) & ~(size_t)(STACK_ALIGN - 1);
	return at;
}

static struct stack_layout layout_of(const struct ts_stack_config *g)
{
	struct stack_layout l = {0};

	layout_add(&l, sizeof(struct ts_stack));
	l.conns = layout_add(&l, (size_t)g->n_conns * sizeof(struct ts_conn));
	l.table = layout_add(&l, (size_t)ts_table_n_slots(g->n_conns) * sizeof(uint64_t));
	l.wheel = layout_add(&l, TS_WHEEL_SLOTS * sizeof(uint32_t));
	l.reorder = layout_add(&l, ts_reorder_size(g->n_reorder, g->mss));
	return l;
}

size_t ts_stack_size(const struct ts_stack_config *config)
{
	return config_is_valid(config) ? layout_of(config).total : 0;
}

struct ts_stack *ts_stack_init(void *mem, const struct ts_stack_config *config, uint64_t now_us)
{
	struct stack_layout l = layout_of(config);
	struct ts_stack *s = mem;
	uint8_t *base = mem;

	*s = (struct ts_stack){
		.config = *config,
		.conns = (void *)(base + l.conns),
		.origin_us = now_us,
		.free_head = TS_CONN_NONE,
		.ack_head = TS_ACK_LIST_END,
		.held_conn = TS_CONN_NONE,
	};
	ts_table_init(&s->table, (void *)(base + l.table), ts_table_n_slots(config->n_conns));
	ts_wheel_init(&s->wheel, s->conns, (void *)(base + l.wheel), 1);
	ts_reorder_init(&s->reorder, base + l.reorder, config->n_reorder, config->mss);
	return s;
}

uint32_t ts_stack_n_open(const struct ts_stack *s)
{
	return s->n_open;
}

const struct ts_conn *ts_conn(const struct ts_stack *s, uint32_t conn)
{
	return &s->conns[conn];
}

static uint32_t stack_hash(
	const struct ts_stack *s, const struct ts_addr *raddr, uint16_t rport, uint16_t lport)
{
	return ts_table_hash(s->config.hash_key, raddr, rport, lport);
}

uint32_t ts_lookup_hash(
	const struct ts_stack *s, const struct ts_addr *raddr, uint16_t rport, uint16_t lport)
{
	return stack_hash(s, raddr, rport, lport);
}

void ts_lookup_load(const struct ts_stack *s, uint32_t hash)
{
	ts_table_load(&s->table, hash);
}

uint32_t ts_lookup_finish(const struct ts_stack *s, uint32_t hash, const struct ts_addr *raddr,
	uint16_t rport, uint16_t lport)
{
	uint32_t at = hash, i;

	while ((i = ts_table_next(&s->table, hash, &at)) != TS_TABLE_NONE) {
		const struct ts_conn *c = &s->conns[i];

		if (c->rport == rport && c->lport == lport && ts_addr_equal(&c->raddr, raddr))
			return i;
	}
	return TS_CONN_NONE;
}

uint32_t ts_lookup(
	const struct ts_stack *s, const struct ts_addr *raddr, uint16_t rport, uint16_t lport)
{
	return ts_lookup_finish(s, stack_hash(s, raddr, rport, lport), raddr, rport, lport);
}

uint32_t ts_next_in_use(const struct ts_stack *s, uint32_t from)
{
	for (uint32_t i = from; i < s->n_fresh; i++)
		if (s->conns[i].state != TS_FREE)
			return i;
	return TS_CONN_NONE;
}

uint16_t ts_mss_for(const struct ts_stack *s, const struct ts_addr *raddr)
{
	uint16_t less = ts_addr_is_v4(raddr) ? 0 : TS_MSS_V6_LESS;

	return (uint16_t)(s->config.mss - less);
}

static uint32_t slot_take(struct ts_stack *s)
{
	uint32_t i = s->free_head;

	if (i != TS_CONN_NONE)
		s->free_head = s->conns[i].wheel_next;
	else if (s->n_fresh < s->config.n_conns)
		i = s->n_fresh++;
	return i;
}

/* Take a slot, enter it into the table, and set the fields that both ways to open share. */
static struct ts_conn *conn_create(struct ts_stack *s, uint32_t hash, const struct ts_addr *raddr,
	uint16_t rport, uint16_t lport, uint32_t iss)
{
	uint32_t i = ts_lookup_finish(s, hash, raddr, rport, lport) == TS_CONN_NONE ? slot_take(s)
										    : TS_CONN_NONE;
	struct ts_conn *c;

	if (i == TS_CONN_NONE)
		return NULL;
	c = &s->conns[i];
	*c = (struct ts_conn){
		.raddr = *raddr,
		.rport = rport,
		.lport = lport,
		.rcv_nxt = 0,
		.irs = UINT32_MAX,
		.snd_una = iss,
		.snd_nxt = iss,
		.iss = iss,
		.state = TS_SYN_SENT,
		.synack_wscale = TS_WSCALE_NONE,
		.wheel_slot = TS_WHEEL_UNLINKED,
		/* A slot may be used again while the ACK of its last connection is pending. */
		.ack_next = c->ack_next,
		.reorder_head = TS_REORDER_NONE,
		.rtt = {.rto_us = s->config.rto_initial_us},
	};
	ts_table_insert(&s->table, hash, i);
	s->n_open++;
	return c;
}

struct ts_act *ts_act_push(struct ts_call *k, enum ts_act_kind kind)
{
	struct ts_act *act;

	assert(k->acts->n < TS_ACTS_MAX);
	act = &k->acts->v[k->acts->n++];
	*act = (struct ts_act){.kind = kind, .conn = ts_conn_index(k->s, k->c)};
	return act;
}

void ts_conn_establish(struct ts_call *k, const struct ts_pkt *pkt)
{
	const struct ts_tcp *tcp = &pkt->tcp;
	struct ts_conn *c = k->c;

	c->state = TS_ESTABLISHED;
	c->irs = tcp->seq;
	c->rcv_nxt = tcp->seq + 1;
	c->snd_una = c->iss + 1;
	c->snd_nxt = c->iss + 1;
	c->snd_wl1 = tcp->seq;
	/* RFC 7323 2.2: the window of a SYN is never scaled. */
	c->snd_wnd = tcp->wnd;
	c->max_snd_wnd = tcp->wnd;
	if (tcp->wnd == 0)
		c->flags |= TS_F_ZERO_WND;
	if (k->s->config.offer != 0)
		ts_options_take(k, tcp);
	c->snd_mss = ts_options_peer_mss(k->s, c, tcp->mss);
	c->synack_wnd = tcp->wnd;
	c->synack_mss = tcp->mss;
	c->synack_wscale = (tcp->wscale < TS_WSCALE_NONE ? tcp->wscale : TS_WSCALE_NONE) & 0xfu;
	c->synack_ttl = pkt->ttl;
	c->synack_opts = ts_opts_pack(tcp->opts_order);
}

uint32_t ts_accept(struct ts_stack *s, uint32_t hash, const struct ts_pkt *pkt, uint32_t iss,
	uint64_t now_us, struct ts_acts *acts)
{
	struct ts_conn *c = conn_create(s, hash, &pkt->src, pkt->tcp.sport, pkt->tcp.dport, iss);
	struct ts_call k = {.s = s, .c = c, .acts = acts, .now_us = now_us};

	if (c == NULL)
		return TS_CONN_NONE;
	ts_conn_establish(&k, pkt);
	ts_out_bare(&k, TS_TCP_ACK);
	return ts_conn_index(s, c);
}

uint32_t ts_open(struct ts_stack *s, const struct ts_addr *raddr, uint16_t rport, uint16_t lport,
	uint32_t iss, uint64_t now_us, struct ts_acts *acts)
{
	struct ts_conn *c = conn_create(
		s, stack_hash(s, raddr, rport, lport), raddr, rport, lport, iss);
	struct ts_call k = {.s = s, .c = c, .acts = acts, .now_us = now_us};

	if (c == NULL)
		return TS_CONN_NONE;
	ts_out_syn(&k);
	return ts_conn_index(s, c);
}

void ts_write(struct ts_stack *s, uint32_t conn, uint32_t total_len, uint64_t now_us,
	struct ts_acts *acts)
{
	struct ts_call k = {.s = s, .c = &s->conns[conn], .acts = acts, .now_us = now_us};
	uint8_t state = k.c->state;

	if (state != TS_SYN_SENT && state != TS_ESTABLISHED && state != TS_CLOSE_WAIT)
		return;
	if (total_len <= k.c->wr_len || total_len > INT32_MAX)
		return;
	k.c->wr_len = total_len;
	if (state != TS_SYN_SENT)
		ts_out_push(&k);
}

/* RFC 9293 3.10.4. The FIN joins the stream at once; ts_out_push() decides when it is sent. */
void ts_close(struct ts_stack *s, uint32_t conn, uint64_t now_us, struct ts_acts *acts)
{
	struct ts_call k = {.s = s, .c = &s->conns[conn], .acts = acts, .now_us = now_us};

	switch (k.c->state) {
	case TS_SYN_SENT:
		ts_conn_finish(&k, TS_CLOSE_ABORTED);
		return;
	case TS_ESTABLISHED:
		k.c->state = TS_FIN_WAIT_1;
		break;
	case TS_CLOSE_WAIT:
		k.c->state = TS_LAST_ACK;
		break;
	default:
		return;
	}
	ts_deadline_arm(s, k.c, now_us + s->config.fin_wait_us);
	ts_out_push(&k);
}

void ts_abort(struct ts_stack *s, uint32_t conn, uint64_t now_us, struct ts_acts *acts)
{
	struct ts_call k = {.s = s, .c = &s->conns[conn], .acts = acts, .now_us = now_us};

	if (k.c->state == TS_FREE || k.c->state == TS_CLOSED)
		return;
	if (k.c->state != TS_SYN_SENT)
		ts_out_bare(&k, TS_TCP_RST | TS_TCP_ACK);
	ts_conn_finish(&k, TS_CLOSE_ABORTED);
}

void ts_conn_finish(struct ts_call *k, enum ts_close how)
{
	struct ts_conn *c = k->c;

	c->state = TS_CLOSED;
	c->close = (unsigned int)how & 0xfu;
	c->rto_at = 0;
	c->deadline_at = 0;
	c->flags &= (uint8_t)~TS_F_ACK_OWED;
	ts_reorder_clear(&k->s->reorder, &c->reorder_head, &c->n_reorder);
	ts_act_push(k, TS_ACT_CLOSED)->close = how;
}

void ts_release(struct ts_stack *s, uint32_t conn)
{
	struct ts_conn *c = &s->conns[conn];

	if (c->state != TS_CLOSED)
		return;
	ts_table_remove(&s->table, stack_hash(s, &c->raddr, c->rport, c->lport), conn);
	ts_wheel_remove(&s->wheel, conn);
	c->state = TS_FREE;
	c->wheel_next = s->free_head;
	s->free_head = conn;
	s->n_open--;
}

void ts_set_deadline(struct ts_stack *s, uint32_t conn, uint64_t deadline_us)
{
	struct ts_conn *c = &s->conns[conn];

	if (c->state == TS_FREE || c->state == TS_CLOSED || ts_conn_is_closing(c))
		return;
	if (deadline_us == 0)
		c->deadline_at = 0;
	else
		ts_deadline_arm(s, c, deadline_us);
}

void ts_facts(const struct ts_stack *s, uint32_t conn, struct ts_facts *out)
{
	const struct ts_conn *c = &s->conns[conn];
	/* In SYN-SENT, and if it ended there, snd_una is still the SYN itself. */
	uint32_t acked = c->snd_una == c->iss ? 0 : c->snd_una - c->iss - 1;
	uint32_t sent = c->snd_nxt == c->iss ? 0 : ts_conn_snd_max(c) - c->iss - 1;

	*out = (struct ts_facts){
		.rtt_us = c->rtt_first_us,
		.synack_wnd = c->synack_wnd,
		.synack_mss = c->synack_mss,
		.synack_ttl = c->synack_ttl,
		.synack_wscale = c->synack_wscale == TS_WSCALE_NONE ? 0xff : c->synack_wscale,
		.rx_bytes = c->rcv_nxt - c->irs - 1 - ((c->flags & TS_F_PEER_FIN) != 0),
		.tx_acked_bytes = acked < c->wr_len ? acked : c->wr_len,
		.n_retransmits = c->n_retransmits,
		.zero_window_seen = (c->flags & TS_F_ZERO_WND) != 0,
		.window_opened = c->max_snd_wnd > 0,
		.heard = c->heard,
		.data_sent = sent > 0 && c->wr_len > 0,
		.data_acked = acked > 0 && c->wr_len > 0,
		.fin_sent = sent > c->wr_len,
		.fin_acked = acked > c->wr_len,
		.peer_fin = (c->flags & TS_F_PEER_FIN) != 0,
		.peer_fin_first = c->peer_fin_first,
		.icmp_type = c->icmp_type,
		.icmp_code = c->icmp_code,
		.close = c->close,
	};
	ts_opts_unpack(c->synack_opts, out->opts_order);
}

void ts_reset_for(const struct ts_pkt *pkt, uint32_t *seq, uint32_t *ack, uint8_t *flags)
{
	const struct ts_tcp *tcp = &pkt->tcp;

	if (tcp->flags & TS_TCP_ACK) {
		*seq = tcp->ack;
		*ack = 0;
		*flags = TS_TCP_RST;
		return;
	}
	*seq = 0;
	*ack = tcp->seq + tcp->payload_len + ((tcp->flags & TS_TCP_SYN) != 0) +
	       ((tcp->flags & TS_TCP_FIN) != 0);
	*flags = TS_TCP_RST | TS_TCP_ACK;
}
