/* SPDX-License-Identifier: BSD-3-Clause */
/* The clients of a world: what a poll core and its flows do with the stack, and what they watch. */
#include "tcp_world.h"

#include "tcpstack/tcp/check.h"
#include "tests/unit/tcp/random.h"

#define SERVER_PORT  25
#define FIRST_PORT   10000
#define WRITE_MAX    3000
#define SYN_AGAIN_US 1000000
#define PATIENCE_US  200000000
#define MAX_SYNS     6

static const struct ts_addr server_addr = {.b = {[10] = 0xff, 0xff, 198, 18, 0, 1}};

static void run_acts(struct world *world, struct ts_acts *acts);

static void client_segment(struct world *world, struct pair *pair, const struct ts_act *act)
{
	uint8_t payload[WIRE_PAYLOAD];
	struct ts_tcp tcp = {
		.sport = (uint16_t)(FIRST_PORT + (pair - world->pairs)),
		.dport = SERVER_PORT,
		.seq = act->send.seq,
		.ack = act->send.ack,
		.wnd = act->send.wnd,
		.flags = act->send.flags,
		.mss = act->send.mss,
		.wscale = 0xff,
		.payload = payload,
		.payload_len = act->send.len,
	};

	if (act->send.len > 0 && act->send.off < pair->acked)
		world_break(world, pair, "nothing acknowledged is asked for again");
	if (act->send.off + act->send.len > pair->written && act->send.len > 0)
		world_break(world, pair, "nothing is asked for before it was announced");
	for (uint32_t i = 0; i < act->send.len; i++)
		payload[i] = world_byte(world, pair, false, act->send.off + i);
	wire_put(&world->wire, (uint32_t)(pair - world->pairs), false, &tcp, world->now_us);
}

static void client_data(struct world *world, struct pair *pair, const struct ts_act *act)
{
	for (uint32_t i = 0; i < act->data.len; i++) {
		if (act->data.bytes[i] != world_byte(world, pair, true, pair->received + i))
			world_break(world, pair, "the client receives a prefix of what was sent");
	}
	pair->received += act->data.len;
	if (pair->received > pair->server_written)
		world_break(world, pair, "the client receives no more than was sent");
	if (pair->eof)
		world_break(world, pair, "no data follows EOF");
}

static void client_write(struct world *world, struct pair *pair)
{
	struct ts_acts acts = {.n = 0};
	uint32_t left = pair->plan.client_total - pair->written;
	uint32_t n = random_below(&world->random, WRITE_MAX);

	pair->written += n < left ? n : left;
	ts_write(world->stack, pair->conn, pair->written, world->now_us, &acts);
	run_acts(world, &acts);
}

/* No connection is left without a deadline: a server may vanish and its RST be lost. */
static void client_opened(struct world *world, struct pair *pair)
{
	pair->opened = true;
	ts_set_deadline(world->stack, pair->conn, world->now_us + PATIENCE_US);
}

static void client_abort(struct world *world, struct pair *pair)
{
	struct ts_acts acts = {.n = 0};

	ts_abort(world->stack, pair->conn, world->now_us, &acts);
	run_acts(world, &acts);
}

static void client_over(struct world *world, struct pair *pair, enum ts_close close)
{
	bool whole = pair->received == pair->server_written && pair->server_closed &&
		     pair->server_received + pair->server.rx_len == pair->plan.client_total;

	pair->close = close;
	if (++pair->n_closed > 1)
		world_break(world, pair, "a connection is closed once");
	if (close == TS_CLOSE_FIN && (!pair->eof || !whole))
		world_break(world, pair, "a close in order means that all was delivered both ways");
	pair->phase = PAIR_OVER;
	world->n_over++;
	world->pair_of[pair->conn] = UINT32_MAX;
	ts_release(world->stack, pair->conn);
}

static void run_act(struct world *world, const struct ts_act *act)
{
	struct pair *pair;

	if (world->pair_of[act->conn] == UINT32_MAX) {
		world->broken = "no action follows TS_ACT_CLOSED";
		return;
	}
	pair = &world->pairs[world->pair_of[act->conn]];
	switch (act->kind) {
	case TS_ACT_SEND:
		client_segment(world, pair, act);
		break;
	case TS_ACT_DATA:
		client_data(world, pair, act);
		/* Now and then the answer is written from within the handler. */
		if (!pair->client_closed && random_below(&world->random, 4) == 0)
			client_write(world, pair);
		break;
	case TS_ACT_ACKED:
		if (act->acked_off < pair->acked || act->acked_off > pair->written)
			world_break(world, pair, "acknowledgements grow, up to what was sent");
		pair->acked = act->acked_off;
		break;
	case TS_ACT_EOF:
		if (pair->eof || pair->received != pair->server_written)
			world_break(world, pair, "EOF comes once, behind the last byte");
		pair->eof = true;
		break;
	case TS_ACT_OPENED:
		client_opened(world, pair);
		break;
	case TS_ACT_TIMER:
		client_abort(world, pair);
		break;
	case TS_ACT_CLOSED:
		client_over(world, pair, act->close);
		break;
	}
}

static void run_acts(struct world *world, struct ts_acts *acts)
{
	for (uint32_t i = 0; i < acts->n; i++)
		run_act(world, &acts->v[i]);
	acts->n = 0;
}

/* The probe: a SYN that leaves no state in the stack. */
static void client_probe(struct world *world, struct pair *pair)
{
	struct ts_act syn = {.kind = TS_ACT_SEND,
		.send = {.seq = pair->iss, .flags = TS_TCP_SYN, .mss = 1460, .wnd = 16384}};

	if (world->now_us < pair->next_syn_us)
		return;
	if (pair->n_syns++ == MAX_SYNS) {
		pair->phase = PAIR_OVER;
		world->n_over++;
		return;
	}
	pair->next_syn_us = world->now_us + SYN_AGAIN_US;
	client_segment(world, pair, &syn);
}

static void client_start(struct world *world, struct pair *pair)
{
	struct ts_acts acts = {.n = 0};
	uint16_t lport = (uint16_t)(FIRST_PORT + (pair - world->pairs));

	pair->iss = random_u32(&world->random);
	pair->phase = pair->plan.by_probe ? PAIR_PROBING : PAIR_OPEN;
	if (pair->plan.by_probe)
		return;
	pair->conn = ts_open(
		world->stack, &server_addr, SERVER_PORT, lport, pair->iss, world->now_us, &acts);
	world->pair_of[pair->conn] = (uint32_t)(pair - world->pairs);
	run_acts(world, &acts);
}

static void client_application(struct world *world, struct pair *pair)
{
	struct ts_acts acts = {.n = 0};

	if (pair->plan.client_aborts && random_below(&world->random, 60) == 0) {
		client_abort(world, pair);
		return;
	}
	if (pair->client_closed)
		return;
	client_write(world, pair);
	if (pair->phase == PAIR_OPEN && pair->opened && pair->written == pair->plan.client_total &&
		(pair->plan.client_closes_first || pair->eof)) {
		pair->client_closed = true;
		ts_close(world->stack, pair->conn, world->now_us, &acts);
		run_acts(world, &acts);
	}
}

void client_turn(struct world *world, struct pair *pair)
{
	if (pair->phase == PAIR_WAITING && world->now_us >= pair->plan.start_us)
		client_start(world, pair);
	else if (pair->phase == PAIR_PROBING)
		client_probe(world, pair);
	else if (pair->phase == PAIR_OPEN && random_below(&world->random, 4) == 0)
		client_application(world, pair);
}

void client_input(struct world *world, struct pair *pair, const struct wire_seg *seg)
{
	struct ts_pkt pkt = {.kind = TS_PKT_TCP, .src = server_addr, .ttl = 60, .tcp = seg->tcp};
	struct ts_acts acts = {.n = 0};
	bool synack = (pkt.tcp.flags & (TS_TCP_SYN | TS_TCP_ACK | TS_TCP_RST)) ==
		      (TS_TCP_SYN | TS_TCP_ACK);
	uint32_t conn;

	pkt.tcp.sport = SERVER_PORT;
	pkt.tcp.dport = (uint16_t)(FIRST_PORT + (pair - world->pairs));
	conn = ts_lookup(world->stack, &pkt.src, SERVER_PORT, pkt.tcp.dport);
	if (conn != TS_CONN_NONE) {
		world->n_drops[ts_input(world->stack, conn, &pkt, world->now_us, &acts)]++;
		world_break(world, pair, ts_check_conn(world->stack, conn));
	} else if (synack && pair->phase == PAIR_PROBING && pkt.tcp.ack == pair->iss + 1) {
		conn = ts_accept(world->stack,
			ts_lookup_hash(world->stack, &pkt.src, pkt.tcp.sport, pkt.tcp.dport), &pkt,
			pair->iss, world->now_us, &acts);
		pair->conn = conn;
		pair->phase = PAIR_OPEN;
		client_opened(world, pair);
		world->pair_of[conn] = (uint32_t)(pair - world->pairs);
	} else if (!(pkt.tcp.flags & TS_TCP_RST)) {
		struct ts_act rst = {.kind = TS_ACT_SEND};

		ts_reset_for(&pkt, &rst.send.seq, &rst.send.ack, &rst.send.flags);
		client_segment(world, pair, &rst);
	}
	run_acts(world, &acts);
	if (pair->close == TS_CLOSE_RST && seg->forged)
		world_break(world, pair, "no forged RST resets the client");
}

void clients_tick(struct world *world)
{
	struct ts_acts acts = {.n = 0};

	while (ts_tick(world->stack, world->now_us, 64, &acts) > 0)
		run_acts(world, &acts);
}

void clients_pay_acks(struct world *world)
{
	struct ts_acts acts = {.n = 0};
	bool paid;

	do {
		paid = ts_flush_acks(world->stack, world->now_us, &acts);
		run_acts(world, &acts);
	} while (!paid);
}
