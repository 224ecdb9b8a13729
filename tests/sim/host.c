/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/sim/host.h"

#include <string.h>

#define RECORD_LEN  1024 /* content of a record of the flight and of what floods */
#define ROOM_WANTED (LAB_SAY_MAX + SCRIPT_HEADER_LEN)
#define IDLE_US	    40000000

void host_begin(struct host *host, const struct host_plan *plan)
{
	host->plan = *plan;
	host->due_us = UINT64_MAX;
	for (uint32_t i = 0; i < HOST_N_CONNS; i++)
		host->conns[i].used = false;
}

static void put_record(
	struct host_conn *c, enum script_type type, const uint8_t *bytes, uint32_t len)
{
	uint8_t record[SCRIPT_HEADER_LEN + SCRIPT_RECORD_MAX];
	uint32_t n = script_header(record, type, len);

	memcpy(record + n, bytes, len);
	lab_tcp_write(&c->tcp, record, n + len);
}

static void close_conn(struct host_conn *c)
{
	static const uint8_t nothing[2];

	if (c->stage == HOST_TLS && c->dialog.in_tls && lab_tcp_room(&c->tcp) >= ROOM_WANTED)
		put_record(c, SCRIPT_CLOSE, nothing, sizeof(nothing));
	lab_tcp_close(&c->tcp);
	c->stage = HOST_CLOSING;
}

static void say(struct host_conn *c, const struct lab_say *what)
{
	if (what->len > 0 && c->dialog.in_tls)
		put_record(c, SCRIPT_DATA, (const uint8_t *)what->bytes, what->len);
	else if (what->len > 0)
		lab_tcp_write(&c->tcp, (const uint8_t *)what->bytes, what->len);
	if (what->next == LAB_NEXT_CLOSE)
		close_conn(c);
	else if (what->next == LAB_NEXT_TLS)
		c->stage = HOST_TLS;
}

static void opened(struct host *host, struct host_conn *c)
{
	const struct host_plan *plan = &host->plan;
	struct lab_host truth = {
		.kind = plan->kind == HOST_NO_TLS    ? LAB_NO_TLS
			: plan->kind == HOST_GARBAGE ? LAB_GARBAGE
						     : LAB_SERVICE,
		.advertises = plan->advertises,
		.picky = plan->picky,
	};
	struct lab_say what;

	c->stage = HOST_PLAIN;
	if (plan->kind == HOST_FIN_FIRST) {
		close_conn(c);
		return;
	}
	if (plan->kind >= HOST_MUTE)
		return;
	lab_dialog_start(&c->dialog, &truth, plan->port, &plan->addr, &what);
	say(c, &what);
}

static void plain(struct host_conn *c)
{
	struct lab_say what;

	while (c->stage == HOST_PLAIN && c->tcp.rx_len > 0 &&
		lab_tcp_room(&c->tcp) >= ROOM_WANTED) {
		size_t n = lab_dialog_input(&c->dialog, c->tcp.rx, c->tcp.rx_len, &what);

		lab_tcp_consume(&c->tcp, (uint32_t)n);
		say(c, &what);
	}
}

static void inside(struct host_conn *c, const uint8_t *bytes, uint32_t len)
{
	struct lab_say what;

	for (uint32_t at = 0; at < len && c->stage == HOST_TLS;) {
		if (lab_tcp_room(&c->tcp) < ROOM_WANTED) {
			close_conn(c);
			return;
		}
		at += (uint32_t)lab_dialog_input(&c->dialog, bytes + at, len - at, &what);
		say(c, &what);
	}
}

/* One whole record of the client's. */
static void take_record(struct host *host, struct host_conn *c, uint32_t len)
{
	struct lab_say what;

	switch ((enum script_type)c->in.record[0]) {
	case SCRIPT_HANDSHAKE:
		c->flight_left = host->plan.flight_len;
		break;
	case SCRIPT_FINISHED:
		lab_dialog_tls_up(&c->dialog, &what);
		c->flood_left = host->plan.flood_len;
		say(c, &what);
		break;
	case SCRIPT_DATA:
		if (c->dialog.in_tls)
			inside(c, c->in.record + SCRIPT_HEADER_LEN, len);
		else
			close_conn(c);
		break;
	case SCRIPT_CLOSE:
		close_conn(c);
		break;
	}
}

static void in_tls(struct host *host, struct host_conn *c)
{
	while (c->stage == HOST_TLS && c->tcp.rx_len > 0 && lab_tcp_room(&c->tcp) >= ROOM_WANTED) {
		size_t taken;
		int len = script_collect(&c->in, c->tcp.rx, c->tcp.rx_len, &taken);

		lab_tcp_consume(&c->tcp, (uint32_t)taken);
		if (len == -2)
			close_conn(c);
		else if (len >= 0)
			take_record(host, c, (uint32_t)len);
	}
}

/* The flight, and what it says unasked, as far as there is room. */
static void pump(struct host *host, struct host_conn *c)
{
	uint8_t bytes[RECORD_LEN] = {0};

	while (c->stage == HOST_TLS && lab_tcp_room(&c->tcp) >= ROOM_WANTED) {
		uint32_t *left = c->flight_left > 0 ? &c->flight_left : &c->flood_left;
		uint32_t n = *left < RECORD_LEN ? *left : RECORD_LEN;

		if (n == 0)
			return;
		if (!c->flight_begun) {
			bytes[0] = bytes[1] = 0;
			bytes[2] = (uint8_t)(host->plan.flight_len >> 8);
			bytes[3] = (uint8_t)host->plan.flight_len;
			c->flight_begun = true;
		}
		put_record(c, c->flight_left > 0 ? SCRIPT_HANDSHAKE : SCRIPT_DATA, bytes, n);
		*left -= n;
	}
}

static bool stalls(const struct host *host, const struct host_conn *c, uint64_t now_us)
{
	uint64_t age_us = now_us - c->opened_us;
	const struct host_plan *plan = &host->plan;

	return plan->stall_us != 0 && age_us >= plan->stall_us &&
	       age_us < plan->stall_us + plan->stall_for_us;
}

static void run(struct host *host, struct host_conn *c, uint64_t now_us)
{
	uint64_t age_us = now_us - c->opened_us;
	const struct host_plan *plan = &host->plan;

	if (c->tcp.state == LAB_TCP_CLOSED || c->tcp.state == LAB_TCP_SYN_RECEIVED)
		return;
	if ((plan->reset_us != 0 && age_us >= plan->reset_us) || age_us >= IDLE_US) {
		lab_tcp_abort(&c->tcp);
		return;
	}
	if (plan->fin_us != 0 && age_us >= plan->fin_us && c->stage != HOST_CLOSING)
		close_conn(c);
	if (stalls(host, c, now_us))
		return;
	if (c->stage == HOST_OPENING)
		opened(host, c);
	if (plan->kind == HOST_RESET_ON_DATA && c->tcp.rx_len > 0) {
		lab_tcp_abort(&c->tcp);
		return;
	}
	if (plan->kind < HOST_MUTE) {
		plain(c);
		in_tls(host, c);
		pump(host, c);
	} else {
		lab_tcp_consume(&c->tcp, c->tcp.rx_len);
	}
	if (c->stage == HOST_CLOSING)
		lab_tcp_consume(&c->tcp, c->tcp.rx_len);
	else if (c->tcp.peer_fin && c->tcp.rx_len == 0)
		close_conn(c);
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* When something is to happen by itself. */
static uint64_t conn_due(const struct host *host, const struct host_conn *c, uint64_t now_us)
{
	const struct host_plan *plan = &host->plan;
	const uint64_t at[] = {
		plan->reset_us, plan->fin_us, plan->stall_us + plan->stall_for_us, IDLE_US};
	uint64_t due = c->tcp.timer_at_us != 0 ? c->tcp.timer_at_us : UINT64_MAX;

	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		if (at[i] != 0 && c->opened_us + at[i] > now_us)
			due = sooner(due, c->opened_us + at[i]);
	}
	return due;
}

static void flush(
	struct host *host, struct host_conn *c, uint64_t now_us, const struct host_out *out)
{
	struct lab_tcp_seg seg;

	while (lab_tcp_output(&c->tcp, now_us, &seg)) {
		/* A deaf host's stack has answered the SYN and is gone. */
		if (host->plan.kind == HOST_DEAF && !(seg.flags & TS_TCP_SYN))
			continue;
		if (host->plan.kind == HOST_ZERO_WINDOW)
			seg.wnd = 0;
		out->send(out->ctx, host, c->client_port, &seg);
	}
	if (c->tcp.state == LAB_TCP_CLOSED)
		c->used = false;
	host->due_us = UINT64_MAX;
	for (uint32_t i = 0; i < HOST_N_CONNS; i++) {
		if (host->conns[i].used)
			host->due_us = sooner(
				host->due_us, conn_due(host, &host->conns[i], now_us));
	}
}

static struct host_conn *find(struct host *host, uint16_t client_port)
{
	for (uint32_t i = 0; i < HOST_N_CONNS; i++) {
		if (host->conns[i].used && host->conns[i].client_port == client_port)
			return &host->conns[i];
	}
	return NULL;
}

static void open_conn(struct host *host, const struct ts_tcp *tcp, uint32_t seed, uint64_t now_us,
	const struct host_out *out)
{
	struct host_conn *c = &host->conns[host->conns[0].used];

	if (c->used)
		return;
	c->used = true;
	c->client_port = tcp->sport;
	c->stage = HOST_OPENING;
	c->opened_us = now_us;
	c->flight_left = c->flood_left = 0;
	c->flight_begun = false;
	c->dialog.in_tls = false;
	c->in.n = 0;
	lab_tcp_open(&c->tcp, tcp, seed, host->plan.mss, host->plan.opts, now_us);
	flush(host, c, now_us, out);
}

void host_input(struct host *host, const struct ts_tcp *tcp, uint32_t seed, uint64_t now_us,
	const struct host_out *out)
{
	struct host_conn *c = find(host, tcp->sport);
	struct lab_tcp_seg seg;

	if (c == NULL) {
		if ((tcp->flags & (TS_TCP_SYN | TS_TCP_ACK | TS_TCP_RST)) == TS_TCP_SYN)
			open_conn(host, tcp, seed, now_us, out);
		else if (lab_tcp_refuse(tcp, &seg))
			out->send(out->ctx, host, tcp->sport, &seg);
		return;
	}
	if (host->plan.kind == HOST_DEAF && !(tcp->flags & TS_TCP_RST))
		return;
	if (host->plan.kind == HOST_RESET_ON_ANY && !(tcp->flags & TS_TCP_SYN))
		lab_tcp_abort(&c->tcp);
	else
		lab_tcp_input(&c->tcp, tcp, now_us);
	run(host, c, now_us);
	flush(host, c, now_us, out);
}

void host_timer(struct host *host, uint64_t now_us, const struct host_out *out)
{
	for (uint32_t i = 0; i < HOST_N_CONNS; i++) {
		struct host_conn *c = &host->conns[i];

		if (!c->used)
			continue;
		if (c->tcp.timer_at_us != 0 && c->tcp.timer_at_us <= now_us)
			lab_tcp_timer(&c->tcp, now_us);
		run(host, c, now_us);
		flush(host, c, now_us, out);
	}
}
