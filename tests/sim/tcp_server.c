/* SPDX-License-Identifier: BSD-3-Clause */
/* The server of a pair: lab_tcp and an application that reads and writes when it feels like it. */
#include "tcp_world.h"
#include "tests/unit/tcp/random.h"

#define WRITE_MAX SERVER_WRITE_MAX

static void server_send(struct world *world, struct pair *pair, const struct lab_tcp_seg *seg)
{
	struct ts_tcp tcp = {
		.seq = seg->seq,
		.ack = seg->ack,
		.wnd = seg->wnd,
		.flags = seg->flags,
		.wscale = seg->opts & TS_OPT_WSCALE ? seg->wscale : 0xff,
		.sack_ok = seg->opts & TS_OPT_SACK_OK,
		.has_ts = seg->opts & TS_OPT_TS,
		.ts_val = seg->ts_val,
		.ts_ecr = seg->ts_ecr,
		.mss = seg->flags & TS_TCP_SYN ? pair->plan.server_mss : 0,
		.payload = seg->payload,
		.payload_len = seg->len,
	};

	wire_put(&world->wire, (uint32_t)(pair - world->pairs), true, &tcp, world->now_us);
}

static void server_flush(struct world *world, struct pair *pair)
{
	struct lab_tcp_seg seg;

	while (lab_tcp_output(&pair->server, world->now_us, &seg))
		server_send(world, pair, &seg);
}

static void server_read(struct world *world, struct pair *pair, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (pair->server.rx[i] != world_byte(world, pair, false, pair->server_received + i))
			world_break(world, pair, "the server receives a prefix of what was sent");
	}
	pair->server_received += n;
	if (pair->server_received > pair->written)
		world_break(world, pair, "the server receives no more than was sent");
	lab_tcp_consume(&pair->server, n);
}

static void server_write(struct world *world, struct pair *pair)
{
	uint32_t n = random_below(&world->random, pair->plan.server_write_max);
	uint32_t left = pair->plan.server_total - pair->server_written;
	uint8_t bytes[WRITE_MAX];

	n = n < left ? n : left;
	n = n < lab_tcp_room(&pair->server) ? n : lab_tcp_room(&pair->server);
	for (uint32_t i = 0; i < n; i++)
		bytes[i] = world_byte(world, pair, true, pair->server_written + i);
	pair->server_written += lab_tcp_write(&pair->server, bytes, n);
}

static void server_application(struct world *world, struct pair *pair)
{
	struct lab_tcp *tcp = &pair->server;
	bool done;

	if (pair->plan.server_aborts && random_below(&world->random, 60) == 0) {
		lab_tcp_abort(tcp);
		return;
	}
	if (tcp->rx_len > 0 && (!pair->plan.lazy_server || random_below(&world->random, 20) == 0))
		server_read(world, pair, 1 + random_below(&world->random, tcp->rx_len));
	if (pair->server_closed)
		return;
	server_write(world, pair);
	done = pair->server_written == pair->plan.server_total;
	if (done && (pair->plan.server_closes_first || (tcp->peer_fin && tcp->rx_len == 0))) {
		lab_tcp_close(tcp);
		pair->server_closed = true;
	}
}

void server_turn(struct world *world, struct pair *pair)
{
	struct lab_tcp *tcp = &pair->server;

	if (tcp->state == LAB_TCP_CLOSED)
		return;
	lab_tcp_timer(tcp, world->now_us);
	if (tcp->state > LAB_TCP_SYN_RECEIVED && random_below(&world->random, 4) == 0)
		server_application(world, pair);
	server_flush(world, pair);
}

static void server_judge(struct world *world, struct pair *pair, const struct wire_seg *seg,
	enum lab_tcp_verdict verdict)
{
	if (seg->forged) {
		if (verdict == LAB_TCP_RESET)
			world_break(world, pair, "no forged RST resets the server");
		return;
	}
	if (verdict == LAB_TCP_BEYOND)
		world_break(world, pair, "the client keeps to the window");
	if (verdict == LAB_TCP_ACK_BAD)
		world_break(world, pair, "the client acknowledges what it got, and nothing else");
	if (verdict == LAB_TCP_STAMP_BAD)
		world_break(world, pair, "the client stamps as agreed, and echoes what it got");
	if (verdict == LAB_TCP_SYN_INSIDE)
		world_break(world, pair, "the client sends one SYN");
}

void server_input(struct world *world, struct pair *pair, const struct wire_seg *seg)
{
	struct lab_tcp_seg rst;

	if (!pair->accepted) {
		if ((seg->tcp.flags & (TS_TCP_SYN | TS_TCP_ACK | TS_TCP_RST)) != TS_TCP_SYN)
			return;
		pair->accepted = true;
		lab_tcp_open(&pair->server, &seg->tcp, random_u32(&world->random),
			pair->plan.server_mss, pair->plan.server_opts, world->now_us);
	} else if (pair->server.state == LAB_TCP_CLOSED) {
		if (lab_tcp_refuse(&seg->tcp, &rst))
			server_send(world, pair, &rst);
	} else {
		server_judge(
			world, pair, seg, lab_tcp_input(&pair->server, &seg->tcp, world->now_us));
	}
	server_flush(world, pair);
}
