/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzes the connection machine with a stream of operations. Segments are built from deltas to
 * rcv_nxt and snd_una, so that nearly all of them get past the sequence test and into the
 * interesting parts. After each operation every invariant of check.h must hold, and what was
 * delivered must be the stream that arrived: consecutive, one EOF, nothing behind it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tcpstack/tcp/check.h"
#include "tcpstack/tcp/tcp.h"

#define FUZZ_CONNS   3
#define FUZZ_MAX_OPS 2000
#define FUZZ_TICK_US 10000
#define FUZZ_WND     4096
#define FUZZ_IW_SEGS 10

struct input {
	const uint8_t *data;
	size_t len;
};

/* What the owner of one slot knows. */
struct owner {
	bool in_use, eof, closed;
	uint32_t n_data, wr_len, acked, irs, iss;
};

struct fuzz {
	struct ts_stack *stack;
	struct ts_acts acts;
	uint64_t now_us;
	uint32_t n_tuples;
	struct owner owners[FUZZ_CONNS];
};

static uint32_t take_u8(struct input *in)
{
	if (in->len == 0)
		return 0;
	in->len--;
	return *in->data++;
}

static uint32_t take_u16(struct input *in)
{
	uint32_t high = take_u8(in);

	return high << 8 | take_u8(in);
}

/* Say which expectation broke, then let the fuzzer keep the input. */
_Noreturn static void must_fail(const char *what, int line)
{
	fprintf(stderr, "fuzz_conn.c:%d: %s\n", line, what);
	abort();
}

#define must(holds) ((holds) ? (void)0 : must_fail(#holds, __LINE__))

static void must_be_whole(const char *broken)
{
	if (broken != NULL)
		must_fail(broken, 0);
}

/* Payload is a function of its place, except where a hostile copy says otherwise. */
static uint8_t byte_at(uint32_t off)
{
	return (uint8_t)(off * 131 >> 3);
}

static void check_send(const struct fuzz *f, const struct ts_act *act)
{
	const struct ts_conn *c = ts_conn(f->stack, act->conn);
	const struct owner *o = &f->owners[act->conn];
	uint32_t end = act->send.seq + act->send.len, iw = FUZZ_IW_SEGS * (uint32_t)c->snd_mss;

	must(act->send.len <= c->snd_mss || act->send.len == 0);
	if (act->send.len == 0)
		return;
	must(act->send.off == act->send.seq - o->iss - 1);
	must(act->send.off + act->send.len <= o->wr_len);
	/* What goes out stays within window and initial window; a probe is one byte beyond. */
	must(end - c->snd_una <= (c->snd_wnd < iw ? c->snd_wnd : iw) || act->send.len == 1);
}

static void check_data(const struct fuzz *f, struct owner *o, const struct ts_act *act)
{
	const struct ts_conn *c = ts_conn(f->stack, act->conn);

	must(!o->eof && act->data.len > 0);
	for (uint32_t i = 0; i < act->data.len; i++)
		must(act->data.bytes[i] == byte_at(o->n_data + i));
	o->n_data += act->data.len;
	must(c->rcv_nxt - o->irs - 1 >= o->n_data);
}

static void fuzz_take(struct fuzz *f)
{
	must(f->acts.n <= TS_ACTS_MAX);
	for (uint32_t i = 0; i < f->acts.n; i++) {
		const struct ts_act *act = &f->acts.v[i];
		struct owner *o = &f->owners[act->conn];

		must(act->conn < FUZZ_CONNS);
		must(o->in_use && !o->closed);
		switch (act->kind) {
		case TS_ACT_SEND:
			check_send(f, act);
			break;
		case TS_ACT_DATA:
			check_data(f, o, act);
			break;
		case TS_ACT_ACKED:
			must(act->acked_off > o->acked && act->acked_off <= o->wr_len);
			o->acked = act->acked_off;
			break;
		case TS_ACT_EOF:
			must(!o->eof);
			o->eof = true;
			break;
		case TS_ACT_OPENED:
			o->irs = ts_conn(f->stack, act->conn)->irs;
			break;
		case TS_ACT_TIMER:
			break;
		case TS_ACT_CLOSED:
			o->closed = true;
			break;
		}
	}
	f->acts.n = 0;
	for (uint32_t i = 0; i < FUZZ_CONNS; i++)
		must_be_whole(ts_check_conn(f->stack, i));
}

static void op_new(struct fuzz *f, struct input *in)
{
	uint32_t iss = take_u16(in) << 16 | 0xfff0, how = take_u8(in), conn;
	struct ts_pkt pkt = {
		.kind = TS_PKT_TCP,
		.src = ts_addr_from_v4(++f->n_tuples),
		.tcp = {.sport = 25,
			.dport = 4000,
			.seq = ~iss,
			.ack = iss + 1,
			.wnd = (uint16_t)take_u16(in),
			.mss = (uint16_t)take_u16(in),
			.wscale = how & 8 ? (uint8_t)(how >> 4) % 15 : 0xff,
			.sack_ok = how & 4,
			.has_ts = how & 2,
			.ts_val = iss},
	};

	pkt.tcp.flags = TS_TCP_SYN | TS_TCP_ACK;
	if (how & 1)
		conn = ts_open(f->stack, &pkt.src, 25, 4000, iss, f->now_us, &f->acts);
	else
		conn = ts_accept(f->stack,
			ts_lookup_hash(f->stack, &pkt.src, pkt.tcp.sport, pkt.tcp.dport), &pkt, iss,
			f->now_us, &f->acts);
	if (conn == TS_CONN_NONE) {
		must(ts_stack_n_open(f->stack) == FUZZ_CONNS && f->acts.n == 0);
		return;
	}
	must(!f->owners[conn].in_use);
	f->owners[conn] = (struct owner){.in_use = true, .irs = ~iss, .iss = iss};
}

/* A delta that is small, about a window, or anything. */
static uint32_t take_delta(struct input *in)
{
	uint32_t how = take_u8(in);

	switch (how & 3) {
	case 0:
		return 0;
	case 1:
		return (how >> 2) - 16;
	case 2:
		return take_u16(in);
	default:
		return take_u16(in) << 16 | (how << 4);
	}
}

/* Blocks are of what is held: behind a gap, inside the window, not empty. */
static void must_be_blocks(const struct fuzz *f, uint32_t conn)
{
	const struct ts_conn *c = ts_conn(f->stack, conn);
	struct ts_sack blocks[TS_SACK_MAX];
	uint32_t n = ts_sack_blocks(f->stack, conn, blocks);

	must(n <= c->n_reorder);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t first = blocks[i].first - c->rcv_nxt, end = blocks[i].end - c->rcv_nxt;

		must(first > 0 && first < end && end <= FUZZ_WND);
	}
}

static void op_segment(struct fuzz *f, struct input *in, uint32_t conn)
{
	static const uint16_t lens[] = {0, 0, 1, 2, 7, 100, 536, 1460, 3000};
	const struct ts_conn *c = ts_conn(f->stack, conn);
	uint32_t flags = take_u8(in);
	uint32_t shape = take_u8(in), n_lens = sizeof(lens) / sizeof(lens[0]);
	uint32_t len = lens[shape % n_lens];
	uint8_t *payload = malloc(len + 1);
	struct ts_pkt pkt = {
		.kind = TS_PKT_TCP,
		.tcp = {.sport = c->rport, .dport = c->lport, .wscale = 0xff},
	};

	must(payload != NULL);
	pkt.src = c->raddr;
	pkt.tcp.seq = c->rcv_nxt + take_delta(in);
	pkt.tcp.ack = (flags & 0x80 ? c->snd_nxt : c->snd_una) + take_delta(in);
	pkt.tcp.wnd = flags & 0x40 ? (uint16_t)take_u16(in) : 8000;
	pkt.tcp.flags = (uint8_t)((flags & 0x3f) ^ TS_TCP_ACK);
	/* Timestamps from a little older than the last to a little newer, or none. */
	pkt.tcp.has_ts = shape / n_lens % 2 == 0;
	pkt.tcp.ts_val = c->ts_recent + shape / n_lens / 2 - 4;
	pkt.tcp.payload = len > 0 ? payload : NULL;
	pkt.tcp.payload_len = len;
	for (uint32_t i = 0; i < len; i++)
		payload[i] = byte_at(pkt.tcp.seq + i - c->irs - 1);
	ts_input(f->stack, conn, &pkt, f->now_us, &f->acts);
	must_be_blocks(f, conn);
	fuzz_take(f);
	free(payload);
}

static void op_icmp(struct fuzz *f, struct input *in, uint32_t conn)
{
	const struct ts_conn *c = ts_conn(f->stack, conn);
	struct ts_pkt pkt = {
		.kind = TS_PKT_ICMP_ERROR,
		.icmp = {.type = 3,
			.code = (uint8_t)(take_u8(in) & 7),
			.mtu = take_u16(in),
			.quote_dst = c->raddr,
			.quote_sport = c->lport,
			.quote_dport = c->rport,
			.quote_seq = c->snd_una + take_delta(in)},
	};

	ts_input_icmp(f->stack,
		ts_lookup(
			f->stack, &pkt.icmp.quote_dst, pkt.icmp.quote_dport, pkt.icmp.quote_sport),
		&pkt, f->now_us, &f->acts);
}

static void op_owner(struct fuzz *f, struct input *in, uint32_t conn, uint32_t op)
{
	struct owner *o = &f->owners[conn];

	switch (op) {
	case 0:
	case 1:
		o->wr_len += op == 0 ? take_u8(in) : take_u16(in);
		ts_write(f->stack, conn, o->wr_len, f->now_us, &f->acts);
		break;
	case 2:
		ts_close(f->stack, conn, f->now_us, &f->acts);
		break;
	case 3:
		if (take_u8(in) & 1)
			ts_abort(f->stack, conn, f->now_us, &f->acts);
		break;
	case 4:
		ts_set_deadline(f->stack, conn, f->now_us + UINT64_C(1000) * take_u16(in));
		break;
	default:
		ts_release(f->stack, conn);
		o->in_use = !o->closed;
		break;
	}
}

static void op_time(struct fuzz *f, struct input *in)
{
	f->now_us += UINT64_C(1000) * (take_u16(in) >> (take_u8(in) & 7));
	ts_tick(f->stack, f->now_us, 1 + take_u8(in) % 4, &f->acts);
}

static void fuzz_step(struct fuzz *f, struct input *in)
{
	uint32_t op = take_u8(in), conn = (op >> 5) % FUZZ_CONNS;

	op &= 31;
	if (op == 0)
		op_new(f, in);
	else if (op < 3)
		op_time(f, in);
	else if (op == 3)
		ts_flush_acks(f->stack, f->now_us, &f->acts);
	else if (!f->owners[conn].in_use)
		op_new(f, in);
	else if (op == 4)
		op_icmp(f, in, conn);
	else if (op < 13)
		op_owner(f, in, conn, op - 5);
	else
		op_segment(f, in, conn);
	fuzz_take(f);
}

/* Whatever happened, every connection ends in bounded time once its owner lets go. */
static void fuzz_drain(struct fuzz *f)
{
	for (uint32_t i = 0; i < FUZZ_CONNS; i++) {
		if (!f->owners[i].in_use)
			continue;
		ts_close(f->stack, i, f->now_us, &f->acts);
		fuzz_take(f);
	}
	for (uint32_t n = 0; n < 300; n++) {
		f->now_us += FUZZ_TICK_US;
		ts_tick(f->stack, f->now_us, 100, &f->acts);
		fuzz_take(f);
	}
	for (uint32_t i = 0; i < FUZZ_CONNS; i++) {
		must(!f->owners[i].in_use || f->owners[i].closed);
		if (f->owners[i].in_use)
			ts_release(f->stack, i);
	}
	must(ts_stack_n_open(f->stack) == 0);
	must_be_whole(ts_check_stack(f->stack));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct ts_stack_config config = {
		.n_conns = FUZZ_CONNS,
		.n_reorder = 10,
		.tick_us = FUZZ_TICK_US,
		.rcv_wnd = FUZZ_WND,
		.mss = 1460,
		.rto_initial_us = 1000000,
		.rto_min_us = 300000,
		.rto_max_us = 60000000,
		.max_tries = 3,
		.max_challenge = 3,
		.max_repeats = 16,
		.fin_wait_us = 2000000,
		.hash_key = {5, 6},
		.offer = TS_OPT_ALL,
		.stamp_key = 7,
	};
	static struct fuzz f;
	struct input in = {.data = data, .len = len};
	size_t size = ts_stack_size(&config);
	void *mem = aligned_alloc(64, size);

	must(mem != NULL);
	memset(mem, 0, size);
	f = (struct fuzz){.stack = ts_stack_init(mem, &config, 0)};
	for (uint32_t i = 0; in.len > 0 && i < FUZZ_MAX_OPS; i++) {
		fuzz_step(&f, &in);
		/* It walks the whole wheel: too slow for every step. */
		if (i % 16 == 0)
			must_be_whole(ts_check_stack(f.stack));
	}
	must_be_whole(ts_check_stack(f.stack));
	fuzz_drain(&f);
	free(mem);
	return 0;
}
