/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "tcp_wire.h"
#include "tests/unit/tcp/random.h"

/* How many segments one direction has carried before a rule says "after data has come". */
#define SEGS_BEFORE_FORGERY 4

const char *wire_rule_name(enum wire_rule rule)
{
	static const char *const names[WIRE_N_RULE] = {
		"no fault",
		"the first FIN lost",
		"the second FIN lost",
		"the ACK of the SYN-ACK lost",
		"the SYN-ACK doubled after data",
		"a forged RST beyond the window",
		"a forged RST inside the window",
		"a forged SYN",
	};

	return names[rule];
}

void wire_init(struct wire *wire, const struct wire_config *config, uint32_t n_pairs, uint64_t seed)
{
	wire->config = *config;
	wire->random = seed;
	wire->memory = calloc(n_pairs, sizeof(*wire->memory));
	wire->n_carried = wire->n_lost = 0;
	wire->queue.heap = wire->heap;
	wire->queue.free = wire->free;
	due_queue_begin(&wire->queue, WIRE_SEGS);
}

void wire_fini(struct wire *wire)
{
	free(wire->memory);
}

static bool chance(struct wire *wire, uint32_t ppm)
{
	return random_below(&wire->random, 1000000) < ppm;
}

static struct wire_seg *carry(
	struct wire *wire, uint32_t pair, bool to_client, const struct ts_tcp *tcp, uint64_t now_us)
{
	uint64_t due_us = now_us + wire->config.delay_us;
	struct wire_seg *seg;
	uint16_t i;

	if (!due_queue_slot(&wire->queue, &i))
		return NULL; /* a full wire loses */
	seg = &wire->segs[i];
	if (chance(wire, wire->config.reorder_ppm))
		due_us += random_below(&wire->random, wire->config.reorder_us);
	seg->pair = pair;
	seg->to_client = to_client;
	seg->forged = false;
	seg->tcp = *tcp;
	if (tcp->payload_len > 0)
		memcpy(seg->bytes, tcp->payload, tcp->payload_len);
	wire->n_carried++;
	due_queue_put(&wire->queue, i, due_us);
	return seg;
}

static void forge(struct wire *wire, uint32_t pair, bool to_client, const struct ts_tcp *model,
	uint32_t seq_offset, uint8_t flags, uint64_t now_us)
{
	struct ts_tcp tcp = *model;
	struct wire_seg *seg;

	tcp.seq = model->seq + model->payload_len + seq_offset;
	tcp.flags = flags;
	tcp.payload_len = 0;
	seg = carry(wire, pair, to_client, &tcp, now_us);
	if (seg != NULL)
		seg->forged = true;
}

/* Rules that add a segment, once for each direction, behind the one that sets them off. */
static void rule_add(
	struct wire *wire, uint32_t pair, bool to_client, const struct ts_tcp *tcp, uint64_t now_us)
{
	struct wire_memory *memory = &wire->memory[pair][to_client];

	if (tcp->flags & TS_TCP_SYN) {
		memory->has_synack = to_client;
		memory->synack = *tcp;
		memory->synack.payload_len = 0;
	}
	if (memory->done || memory->n_segs++ < SEGS_BEFORE_FORGERY)
		return;
	memory->done = true;
	switch (wire->config.rule) {
	case WIRE_DOUBLE_SYNACK:
		if (memory->has_synack)
			carry(wire, pair, true, &memory->synack, now_us);
		break;
	case WIRE_RST_BEYOND_WINDOW:
		forge(wire, pair, to_client, tcp, 1000000, TS_TCP_RST, now_us);
		forge(wire, pair, to_client, tcp, (uint32_t)-1000000, TS_TCP_RST, now_us);
		break;
	case WIRE_RST_INSIDE_WINDOW:
		forge(wire, pair, to_client, tcp, 2000, TS_TCP_RST | TS_TCP_ACK, now_us);
		break;
	case WIRE_SYN_INSIDE:
		forge(wire, pair, to_client, tcp, 10, TS_TCP_SYN, now_us);
		break;
	default:
		break;
	}
}

/* Rules that take a segment away. */
static bool rule_drops(struct wire *wire, uint32_t pair, bool to_client, const struct ts_tcp *tcp)
{
	struct wire_memory *memory = &wire->memory[pair][to_client];

	switch (wire->config.rule) {
	case WIRE_DROP_FIRST_FIN:
		return (tcp->flags & TS_TCP_FIN) && memory->n_hits++ == 0;
	case WIRE_DROP_SECOND_FIN:
		return (tcp->flags & TS_TCP_FIN) && memory->n_hits++ == 1;
	case WIRE_DROP_OPENING_ACK:
		return !to_client && !(tcp->flags & TS_TCP_SYN) && memory->n_hits++ == 0;
	default:
		return false;
	}
}

void wire_put(
	struct wire *wire, uint32_t pair, bool to_client, const struct ts_tcp *tcp, uint64_t now_us)
{
	if (rule_drops(wire, pair, to_client, tcp) || chance(wire, wire->config.drop_ppm)) {
		wire->n_lost++;
		return;
	}
	carry(wire, pair, to_client, tcp, now_us);
	if (chance(wire, wire->config.double_ppm))
		carry(wire, pair, to_client, tcp, now_us);
	rule_add(wire, pair, to_client, tcp, now_us);
}

uint64_t wire_next_us(const struct wire *wire)
{
	return due_queue_next_us(&wire->queue);
}

struct wire_seg *wire_take(struct wire *wire)
{
	struct wire_seg *seg = &wire->segs[due_queue_take(&wire->queue)];

	seg->tcp.payload = seg->bytes;
	return seg;
}
