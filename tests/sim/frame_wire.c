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
	wire->queue.heap = wire->heap;
	wire->queue.free = wire->free;
	due_queue_begin(&wire->queue, FRAME_WIRE_SLOTS);
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
	uint64_t due_us = now_us + wire->config.delay_us;
	struct frame_on_wire *frame;
	uint16_t i;

	if (!due_queue_slot(&wire->queue, &i)) {
		wire->n_lost++;
		return;
	}
	frame = &wire->frames[i];
	if (chance(wire, wire->config.reorder_ppm)) {
		due_us += random_below(&wire->random, wire->config.reorder_us);
		wire->n_late++;
	}
	frame->host = host;
	frame->to_host = to_host;
	frame->len = (uint16_t)len;
	memcpy(frame->bytes, bytes, len);
	if (chance(wire, wire->config.flip_ppm))
		flip(wire, frame);
	else if (chance(wire, wire->config.garble_ppm))
		garble(wire, frame);
	wire->n_carried++;
	due_queue_put(&wire->queue, i, due_us);
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
	return due_queue_next_us(&wire->queue);
}

const struct frame_on_wire *frame_wire_take(struct frame_wire *wire)
{
	return &wire->frames[due_queue_take(&wire->queue)];
}
