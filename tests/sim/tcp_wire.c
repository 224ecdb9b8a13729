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
	wire->n = wire->order = 0;
	wire->n_carried = wire->n_lost = 0;
	wire->n_free = WIRE_SEGS;
	for (uint32_t i = 0; i < WIRE_SEGS; i++)
		wire->free[i] = (uint16_t)i;
}

void wire_fini(struct wire *wire)
{
	free(wire->memory);
}

static bool is_sooner(const struct wire *wire, uint32_t a, uint32_t b)
{
	const struct wire_seg *x = &wire->segs[wire->heap[a]], *y = &wire->segs[wire->heap[b]];

	return x->due_us != y->due_us ? x->due_us < y->due_us : x->order < y->order;
}

static void heap_swap(struct wire *wire, uint32_t a, uint32_t b)
{
	uint16_t seg = wire->heap[a];

	wire->heap[a] = wire->heap[b];
	wire->heap[b] = seg;
}

static void heap_push(struct wire *wire, uint16_t seg)
{
	uint32_t at = wire->n++;

	wire->heap[at] = seg;
	for (; at > 0 && is_sooner(wire, at, (at - 1) / 2); at = (at - 1) / 2)
		heap_swap(wire, at, (at - 1) / 2);
}

static uint16_t heap_pop(struct wire *wire)
{
	uint16_t seg = wire->heap[0];
	uint32_t at = 0;

	wire->heap[0] = wire->heap[--wire->n];
	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child + 1 < wire->n && is_sooner(wire, child + 1, child))
			child++;
		if (child >= wire->n || !is_sooner(wire, child, at))
			return seg;
		heap_swap(wire, at, child);
		at = child;
	}
}

static bool chance(struct wire *wire, uint32_t ppm)
{
	return random_below(&wire->random, 1000000) < ppm;
}

static struct wire_seg *carry(
	struct wire *wire, uint32_t pair, bool to_client, const struct ts_tcp *tcp, uint64_t now_us)
{
	struct wire_seg *seg;
	uint16_t i;

	if (wire->n_free == 0)
		return NULL; /* a full wire loses */
	i = wire->free[--wire->n_free];
	seg = &wire->segs[i];
	seg->due_us = now_us + wire->config.delay_us;
	if (chance(wire, wire->config.reorder_ppm))
		seg->due_us += random_below(&wire->random, wire->config.reorder_us);
	seg->order = wire->order++;
	seg->pair = pair;
	seg->to_client = to_client;
	seg->forged = false;
	seg->tcp = *tcp;
	if (tcp->payload_len > 0)
		memcpy(seg->bytes, tcp->payload, tcp->payload_len);
	wire->n_carried++;
	heap_push(wire, i);
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
	return wire->n == 0 ? UINT64_MAX : wire->segs[wire->heap[0]].due_us;
}

struct wire_seg *wire_take(struct wire *wire)
{
	uint16_t i = heap_pop(wire);
	struct wire_seg *seg = &wire->segs[i];

	seg->tcp.payload = seg->bytes;
	wire->free[wire->n_free++] = i;
	return seg;
}
