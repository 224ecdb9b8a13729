/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/sim/frame_wire.h"

#include <string.h>

#include "tcpstack/packet/wire.h"
#include "tests/unit/tcp/random.h"

#define CHECKSUM_AT 16 /* in a TCP header */

void frame_wire_begin(
	struct frame_wire *wire, const struct frame_wire_config *config, uint64_t seed)
{
	wire->config = *config;
	wire->random = seed;
	wire->n = wire->order = 0;
	wire->n_free = FRAME_WIRE_SLOTS;
	for (uint32_t i = 0; i < FRAME_WIRE_SLOTS; i++)
		wire->free[i] = (uint16_t)i;
}

static bool is_sooner(const struct frame_wire *wire, uint32_t a, uint32_t b)
{
	const struct frame_on_wire *x = &wire->frames[wire->heap[a]];
	const struct frame_on_wire *y = &wire->frames[wire->heap[b]];

	return x->due_us != y->due_us ? x->due_us < y->due_us : x->order < y->order;
}

static void heap_swap(struct frame_wire *wire, uint32_t a, uint32_t b)
{
	uint16_t frame = wire->heap[a];

	wire->heap[a] = wire->heap[b];
	wire->heap[b] = frame;
}

static void heap_push(struct frame_wire *wire, uint16_t frame)
{
	uint32_t at = wire->n++;

	wire->heap[at] = frame;
	for (; at > 0 && is_sooner(wire, at, (at - 1) / 2); at = (at - 1) / 2)
		heap_swap(wire, at, (at - 1) / 2);
}

static uint16_t heap_pop(struct frame_wire *wire)
{
	uint16_t frame = wire->heap[0];
	uint32_t at = 0;

	wire->heap[0] = wire->heap[--wire->n];
	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child + 1 < wire->n && is_sooner(wire, child + 1, child))
			child++;
		if (child >= wire->n || !is_sooner(wire, child, at))
			return frame;
		heap_swap(wire, at, child);
		at = child;
	}
}

static bool chance(struct frame_wire *wire, uint32_t ppm)
{
	return ppm > 0 && random_below(&wire->random, 1000000) < ppm;
}

static void flip(struct frame_wire *wire, struct frame_on_wire *frame)
{
	for (uint32_t n = 1 + random_below(&wire->random, 3); n > 0; n--)
		frame->bytes[random_below(&wire->random, frame->len)] ^=
			(uint8_t)(1u << random_below(&wire->random, 8));
	wire->n_flipped++;
}

/* Change a word behind the ports, and the checksum with it (RFC 1624 eqn. 3). */
static void garble(struct frame_wire *wire, struct frame_on_wire *frame)
{
	bool v4 = ts_get16(frame->bytes + 12) == TS_ETHERTYPE_IP4;
	uint8_t *tcp = frame->bytes + TS_ETH_LEN + (v4 ? TS_IP4_LEN : TS_IP6_LEN);
	uint32_t n_words = (uint32_t)(frame->bytes + frame->len - tcp) / 2;
	uint32_t at = 2 * (2 + random_below(&wire->random, n_words - 2)), sum;
	uint16_t before, after;

	if (at == CHECKSUM_AT)
		return;
	before = ts_get16(tcp + at);
	after = (uint16_t)(before ^ (1u << random_below(&wire->random, 16)));
	ts_put16(tcp + at, after);
	sum = (uint32_t)(uint16_t)~ts_get16(tcp + CHECKSUM_AT) + (uint16_t)~before + after;
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	ts_put16(tcp + CHECKSUM_AT, (uint16_t)~sum);
	wire->n_garbled++;
}

static void carry(struct frame_wire *wire, uint32_t host, bool to_host, const uint8_t *bytes,
	uint32_t len, uint64_t now_us)
{
	struct frame_on_wire *frame;
	uint16_t i;

	if (wire->n_free == 0) {
		wire->n_lost++;
		return;
	}
	i = wire->free[--wire->n_free];
	frame = &wire->frames[i];
	frame->due_us = now_us + wire->config.delay_us;
	if (chance(wire, wire->config.reorder_ppm)) {
		frame->due_us += random_below(&wire->random, wire->config.reorder_us);
		wire->n_late++;
	}
	frame->order = wire->order++;
	frame->host = host;
	frame->to_host = to_host;
	frame->len = (uint16_t)len;
	memcpy(frame->bytes, bytes, len);
	if (chance(wire, wire->config.flip_ppm))
		flip(wire, frame);
	else if (chance(wire, wire->config.garble_ppm))
		garble(wire, frame);
	wire->n_carried++;
	heap_push(wire, i);
}

void frame_wire_put(struct frame_wire *wire, uint32_t host, bool to_host, const uint8_t *frame,
	uint32_t len, uint64_t now_us)
{
	if (chance(wire, wire->config.drop_ppm)) {
		wire->n_lost++;
		return;
	}
	carry(wire, host, to_host, frame, len, now_us);
	if (!chance(wire, wire->config.double_ppm))
		return;
	carry(wire, host, to_host, frame, len, now_us);
	wire->n_doubled++;
}

uint64_t frame_wire_next_us(const struct frame_wire *wire)
{
	return wire->n == 0 ? UINT64_MAX : wire->frames[wire->heap[0]].due_us;
}

const struct frame_on_wire *frame_wire_take(struct frame_wire *wire)
{
	uint16_t i = heap_pop(wire);

	wire->free[wire->n_free++] = i;
	return &wire->frames[i];
}
