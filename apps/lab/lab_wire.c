/* SPDX-License-Identifier: BSD-3-Clause */
#include "lab_wire.h"

#define MILLION 1000000

bool lab_wire_init(struct lab_wire *wire, const struct lab_config *config,
	struct lab_counts *counts, uint64_t now_us)
{
	wire->config = config;
	wire->counts = counts;
	wire->random = config->world.seed;
	wire->held = LAB_WHEEL_NONE;
	wire->n_free = LAB_WIRE_FRAMES;
	for (uint32_t i = 0; i < LAB_WIRE_FRAMES; i++)
		wire->free[i] = i;
	return lab_wheel_init(&wire->wheel, LAB_WIRE_FRAMES, now_us);
}

void lab_wire_fini(struct lab_wire *wire)
{
	lab_wheel_fini(&wire->wheel);
}

/* SplitMix64 (Steele, Lea, Flood 2014). */
static bool wire_chance(struct lab_wire *wire, uint32_t ppm)
{
	uint64_t z;

	if (ppm == 0)
		return false;
	z = wire->random += 0x9e3779b97f4a7c15;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (z ^ z >> 31) % MILLION < ppm;
}

bool lab_wire_drops(struct lab_wire *wire)
{
	bool dropped = wire_chance(wire, wire->config->drop_ppm);

	wire->counts->dropped += dropped;
	return dropped;
}

static void wire_carry(
	struct lab_wire *wire, const uint8_t *frame, uint32_t len, bool inbound, uint64_t due_us)
{
	struct lab_wire_frame *slot;
	uint32_t i;

	if (wire->n_free == 0 || len > LAB_WIRE_FRAME_LEN) {
		wire->counts->wire_full++;
		return;
	}
	i = wire->free[--wire->n_free];
	slot = &wire->frames[i];
	slot->len = (uint16_t)len;
	slot->inbound = inbound;
	memcpy(slot->bytes, frame, len);
	lab_wheel_set(&wire->wheel, i, due_us);
}

void lab_wire_put(
	struct lab_wire *wire, const uint8_t *frame, uint32_t len, bool inbound, uint64_t due_us)
{
	const struct lab_config *config = wire->config;

	if (lab_wire_drops(wire))
		return;
	if (wire_chance(wire, config->duplicate_ppm)) {
		wire->counts->duplicated++;
		wire_carry(wire, frame, len, inbound, due_us);
	}
	if (wire_chance(wire, config->reorder_ppm)) {
		wire->counts->reordered++;
		due_us += LAB_WIRE_REORDER_US;
	}
	wire_carry(wire, frame, len, inbound, due_us);
}

const struct lab_wire_frame *lab_wire_next(struct lab_wire *wire, uint64_t now_us)
{
	if (wire->held == LAB_WHEEL_NONE)
		wire->held = lab_wheel_pop(&wire->wheel, now_us);
	return wire->held == LAB_WHEEL_NONE ? NULL : &wire->frames[wire->held];
}

void lab_wire_done(struct lab_wire *wire)
{
	wire->free[wire->n_free++] = wire->held;
	wire->held = LAB_WHEEL_NONE;
}
