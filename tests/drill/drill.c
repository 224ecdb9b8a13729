/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs one packet script against the connection machine, in virtual time. Strict: a segment that
 * the script does not name, or an event (data, EOF, close ...) that it does not expect, is a
 * failure.
 *
 * Verbs: accept | open | write "text" | write N | close | abort | release | deadline N | deadline
 * off | config KEY N | expect WHAT. Both initial sequence numbers lie just before 2^32, so that
 * every script crosses the wrap.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "drill.h"
#include "tap.h"
#include "tcpstack/packet/stamp.h"
#include "tcpstack/tcp/check.h"

void drill_fail(struct drill *d, const char *format, ...)
{
	va_list ap;

	if (d->failed)
		return;
	d->failed = true;
	printf("# %s:%u: ", d->path, d->e->line);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	putchar('\n');
}

static void drill_take_send(struct drill *d, const struct ts_act *act)
{
	struct sent *sent;

	if (act->send.len > 0 && (act->send.off != act->send.seq - DRILL_ISS - 1 ||
					 act->send.off + act->send.len > d->wr_len))
		drill_fail(d, "a segment asks for payload outside the announced stream");
	/* As an owner does who has sent enough of these. */
	if (act->send.optional) {
		d->n_optional++;
		return;
	}
	if (d->n_sent == DRILL_MAX_SENT) {
		drill_fail(d, "too many segments");
		return;
	}
	sent = &d->sent[d->n_sent++];
	*sent = (struct sent){.at_us = d->now_us, .act = *act};
	if (d->stack != NULL && d->conn != TS_CONN_NONE && act->send.len == 0)
		sent->n_sack = ts_sack_blocks(d->stack, d->conn, sent->sack);
}

static void drill_take_data(struct drill *d, const struct ts_act *act)
{
	if (d->n_data + act->data.len > DRILL_MAX_DATA) {
		drill_fail(d, "too much data");
		return;
	}
	memcpy(d->data + d->n_data, act->data.bytes, act->data.len);
	d->n_data += act->data.len;
}

void drill_take(struct drill *d, struct ts_acts *acts)
{
	for (uint32_t i = 0; i < acts->n; i++) {
		const struct ts_act *act = &acts->v[i];

		switch (act->kind) {
		case TS_ACT_SEND:
			drill_take_send(d, act);
			break;
		case TS_ACT_DATA:
			drill_take_data(d, act);
			break;
		case TS_ACT_ACKED:
			d->acked = act->acked_off;
			break;
		case TS_ACT_OPENED:
			d->opened = true;
			break;
		case TS_ACT_EOF:
			if (d->eof)
				drill_fail(d, "EOF came twice");
			d->eof = true;
			break;
		case TS_ACT_TIMER:
			d->timer = true;
			break;
		case TS_ACT_CLOSED:
			d->closed = true;
			d->how = act->close;
			break;
		}
	}
	acts->n = 0;
	if (d->stack != NULL && ts_check_stack(d->stack) != NULL)
		drill_fail(d, "broken invariant: %s", ts_check_stack(d->stack));
}

static void drill_flush(struct drill *d)
{
	struct ts_acts acts = {.n = 0};

	if (d->stack != NULL)
		ts_flush_acks(d->stack, d->now_us, &acts);
	drill_take(d, &acts);
}

static void drill_advance(struct drill *d, uint64_t wait_us)
{
	uint64_t end_us = d->now_us + wait_us;
	struct ts_acts acts = {.n = 0};

	if (wait_us == 0)
		return;
	drill_flush(d);
	while (d->now_us < end_us) {
		uint64_t left_us = end_us - d->now_us;

		d->now_us += left_us < d->config.tick_us ? left_us : d->config.tick_us;
		if (d->stack != NULL)
			ts_tick(d->stack, d->now_us, 100, &acts);
		drill_take(d, &acts);
	}
}

static void drill_no_segment_left(struct drill *d)
{
	const struct ts_act *act = &d->sent[0].act;

	if (d->n_sent == 0)
		return;
	drill_fail(d, "unexpected segment at %.3f: %s %u:%u(%u) ack %u win %u",
		(double)(d->sent[0].at_us - DRILL_START_US) / 1e6, script_flags(act->send.flags),
		act->send.seq - DRILL_ISS, act->send.seq - DRILL_ISS + act->send.len, act->send.len,
		act->send.ack - DRILL_IRS, act->send.wnd);
}

struct ts_stack *drill_stack(struct drill *d)
{
	size_t size = ts_stack_size(&d->config);
	void *mem;

	if (d->stack != NULL || size == 0)
		return d->stack;
	mem = aligned_alloc(64, size);
	if (mem == NULL)
		abort();
	memset(mem, 0, size);
	d->stack = ts_stack_init(mem, &d->config, d->now_us);
	return d->stack;
}

/* The timestamp that we would have sent when the script began. */
static uint32_t drill_first_stamp(const struct drill *d)
{
	return ts_stamp(d->config.stamp_key, DRILL_ISS, ts_stamp_ticks(DRILL_START_US));
}

/* What the data plane does with a segment that belongs to nobody. */
static void drill_stray(struct drill *d, const struct ts_pkt *pkt)
{
	struct ts_act act = {.kind = TS_ACT_SEND};

	d->drop = TS_DROP_NO_CONNECTION;
	if (pkt->tcp.flags & TS_TCP_RST)
		return;
	ts_reset_for(pkt, &act.send.seq, &act.send.ack, &act.send.flags);
	drill_take_send(d, &act);
}

static void drill_in(struct drill *d)
{
	const struct script_seg *seg = &d->e->seg;
	uint8_t *payload = malloc(seg->len > 0 ? seg->len : 1);
	struct ts_acts acts = {.n = 0};
	struct ts_pkt pkt = {
		.kind = TS_PKT_TCP,
		.ttl = 57,
		.src = d->raddr,
		.tcp = {.sport = DRILL_RPORT,
			.dport = DRILL_LPORT,
			.seq = DRILL_IRS + seg->seq,
			.ack = seg->flags & TS_TCP_ACK ? DRILL_ISS + seg->ack : 0,
			.wnd = (uint16_t)seg->wnd,
			.flags = seg->flags,
			.wscale = seg->wscale,
			.mss = seg->mss,
			.sack_ok = seg->opts & TS_OPT_SACK_OK,
			.has_ts = seg->opts & TS_OPT_TS,
			.ts_val = DRILL_STAMP + seg->ts_val,
			.ts_ecr = drill_first_stamp(d) + seg->ts_ecr,
			.payload = payload,
			.payload_len = seg->len},
	};

	if (payload == NULL)
		abort();
	memcpy(pkt.tcp.opts_order, seg->opts_order, sizeof(pkt.tcp.opts_order));
	for (uint32_t i = 0; i < seg->len; i++)
		payload[i] = d->e->has_text ? (uint8_t)d->e->text[i]
					    : (uint8_t)('a' + (seg->seq - 1 + i) % 26);
	if (d->awaits_synack) {
		d->awaits_synack = false;
		d->conn = ts_accept(drill_stack(d),
			ts_lookup_hash(drill_stack(d), &pkt.src, pkt.tcp.sport, pkt.tcp.dport),
			&pkt, pkt.tcp.ack - 1, d->now_us, &acts);
	} else if (d->conn == TS_CONN_NONE ||
		   ts_lookup(d->stack, &pkt.src, DRILL_RPORT, DRILL_LPORT) == TS_CONN_NONE) {
		drill_stray(d, &pkt);
	} else {
		d->drop = ts_input(d->stack, d->conn, &pkt, d->now_us, &acts);
	}
	drill_take(d, &acts);
	free(payload);
}

static void drill_icmp(struct drill *d)
{
	struct ts_acts acts = {.n = 0};
	struct ts_pkt pkt = {
		.kind = TS_PKT_ICMP_ERROR,
		.icmp = {.type = d->e->icmp.type,
			.code = d->e->icmp.code,
			.mtu = d->e->icmp.mtu,
			.quote_dst = d->raddr,
			.quote_sport = DRILL_LPORT,
			.quote_dport = DRILL_RPORT,
			.quote_seq = DRILL_ISS + d->e->icmp.seq},
	};

	d->drop = ts_input_icmp(drill_stack(d),
		ts_lookup(drill_stack(d), &pkt.icmp.quote_dst, pkt.icmp.quote_dport,
			pkt.icmp.quote_sport),
		&pkt, d->now_us, &acts);
	drill_take(d, &acts);
}

/* Do the options of a segment agree with what the script wants? A SYN has nothing to echo. */
static void drill_check_options(struct drill *d, const struct sent *got)
{
	const struct ts_act *act = &got->act;
	const struct script_seg *want = &d->e->seg;
	bool syn = act->send.flags & TS_TCP_SYN;
	uint32_t val = act->send.ts_val - drill_first_stamp(d);
	uint32_t ecr = act->send.ts_ecr - (syn ? 0 : DRILL_STAMP);
	bool same = act->send.mss == want->mss && act->send.opts == want->opts &&
		    got->n_sack == want->n_sack &&
		    (!syn || !(want->opts & TS_OPT_WSCALE) || want->wscale == TS_RCV_SHIFT);

	if ((want->opts & TS_OPT_TS) && (val != want->ts_val || ecr != want->ts_ecr))
		same = false;
	for (uint32_t i = 0; same && i < got->n_sack; i++)
		same = got->sack[i].first - DRILL_IRS == want->sack[i].first &&
		       got->sack[i].end - DRILL_IRS == want->sack[i].end;
	if (!same)
		drill_fail(d, "got mss %u options %x TS val %u ecr %u, %u SACK blocks from %u:%u",
			act->send.mss, act->send.opts, val, ecr, got->n_sack,
			got->n_sack > 0 ? got->sack[0].first - DRILL_IRS : 0,
			got->n_sack > 0 ? got->sack[0].end - DRILL_IRS : 0);
}

/* The window as the header says it. */
static uint32_t drill_window(const struct ts_act *act)
{
	return act->send.is_scaled ? act->send.wnd >> TS_RCV_SHIFT : act->send.wnd;
}

static void drill_out(struct drill *d)
{
	const struct script_seg *want = &d->e->seg;
	uint64_t due_us = d->now_us;
	struct sent got;
	uint32_t seq, ack;

	/* Timers run out on a tick, at or after their time. */
	drill_flush(d);
	if (d->n_sent == 0 && d->e->wait_us > 0)
		drill_advance(d, d->config.tick_us);
	if (d->n_sent == 0) {
		drill_fail(d, "no segment was sent");
		return;
	}
	got = d->sent[0];
	memmove(&d->sent[0], &d->sent[1], --d->n_sent * sizeof(d->sent[0]));
	seq = got.act.send.seq -
	      (got.act.send.flags == (TS_TCP_RST | TS_TCP_ACK) && d->conn == TS_CONN_NONE
			      ? 0
			      : DRILL_ISS);
	ack = got.act.send.flags & TS_TCP_ACK ? got.act.send.ack - DRILL_IRS : 0;
	if (got.at_us < due_us || got.at_us > due_us + d->config.tick_us)
		drill_fail(d, "sent at %.3f, not at %.3f",
			(double)(got.at_us - DRILL_START_US) / 1e6,
			(double)(due_us - DRILL_START_US) / 1e6);
	if (got.act.send.flags != want->flags || seq != want->seq ||
		got.act.send.len != want->len || ack != want->ack ||
		(want->has_wnd && drill_window(&got.act) != want->wnd))
		drill_fail(d, "got %s %u:%u(%u) ack %u win %u", script_flags(got.act.send.flags),
			seq, seq + got.act.send.len, got.act.send.len, ack, drill_window(&got.act));
	else
		drill_check_options(d, &got);
}

/* Looks at what has happened and changes nothing, so segments may still wait to be named. */
static bool is_expectation(const struct script_event *e)
{
	return e->kind == SCRIPT_VERB && strcmp(e->words[0], "expect") == 0;
}

static void drill_run(struct drill *d, const struct script *s)
{
	for (uint32_t i = 0; i < s->n && !d->failed; i++) {
		d->e = &s->events[i];
		drill_advance(d, d->e->wait_us);
		if (d->e->kind != SCRIPT_OUT && !is_expectation(d->e))
			drill_no_segment_left(d);
		switch (d->e->kind) {
		case SCRIPT_IN:
			drill_in(d);
			break;
		case SCRIPT_OUT:
			drill_out(d);
			break;
		case SCRIPT_ICMP:
			drill_icmp(d);
			break;
		case SCRIPT_VERB:
			drill_verb(d);
			break;
		}
	}
	drill_flush(d);
	drill_no_segment_left(d);
	if (d->n_data > 0 || d->opened || d->eof || d->timer || d->closed)
		drill_fail(d, "at the end of the script: %u bytes%s%s%s%s nobody expected",
			d->n_data, d->opened ? " opened" : "", d->eof ? " eof" : "",
			d->timer ? " timer" : "", d->closed ? " closed" : "");
}

int main(int argc, char **argv)
{
	static struct script script;
	static struct drill d;

	if (argc != 2 || !script_load(&script, argv[1])) {
		tap_ok(false, "%s", argc == 2 ? script.error : "usage: drill SCRIPT");
		return tap_done();
	}
	d = (struct drill){
		.path = argv[1],
		.raddr = {.b = {[10] = 0xff, [11] = 0xff, [12] = 198, [13] = 18, [15] = 25}},
		.config = {.n_conns = 4,
			.n_reorder = 32,
			.tick_us = 10000,
			.rcv_wnd = 16384,
			.mss = 1460,
			.rto_initial_us = 1000000,
			.rto_min_us = 300000,
			.rto_max_us = 60000000,
			.max_tries = 4,
			.max_challenge = 3,
			.max_repeats = 16,
			.fin_wait_us = 2000000,
			.hash_key = {1, 2},
			.stamp_key = 0x123456789abcdef0},
		.now_us = DRILL_START_US,
		.conn = TS_CONN_NONE,
	};
	drill_run(&d, &script);
	tap_ok(!d.failed, "%s", script.title);
	free(d.stack);
	return tap_done();
}
