/* SPDX-License-Identifier: BSD-3-Clause */
#include "table.h"

static uint64_t slot_make(uint32_t hash, uint32_t index)
{
	return (uint64_t)hash << 32 | (index + 1);
}

static uint32_t slot_hash(uint64_t slot)
{
	return (uint32_t)(slot >> 32);
}

uint32_t ts_table_n_slots(uint32_t n_entries)
{
	uint32_t n = 2;

	while (n / 2 < n_entries)
		n *= 2;
	return n;
}

void ts_table_init(struct ts_table *t, uint64_t *slots, uint32_t n_slots)
{
	*t = (struct ts_table){.slots = slots, .mask = n_slots - 1};
}

static uint64_t mix(uint64_t x)
{
	x ^= x >> 32;
	x *= UINT64_C(0xd6e8feb86659fd93);
	x ^= x >> 32;
	return x;
}

uint32_t ts_table_hash(
	const uint64_t key[2], const struct ts_addr *raddr, uint16_t rport, uint16_t lport)
{
	uint64_t high, low, h;

	memcpy(&high, &raddr->b[0], sizeof(high));
	memcpy(&low, &raddr->b[8], sizeof(low));
	h = mix(key[0] ^ low);
	h = mix(h + (key[1] ^ high));
	h = mix(h + (key[0] ^ ((uint64_t)rport << 16 | lport)));
	return (uint32_t)(h >> 16);
}

uint32_t ts_table_next(const struct ts_table *t, uint32_t hash, uint32_t *at)
{
	/* It ends: at most half of the slots are in use, so there is an empty one. */
	for (;;) {
		uint64_t slot = t->slots[*at & t->mask];

		if (slot == 0)
			return TS_TABLE_NONE;
		(*at)++;
		if (slot_hash(slot) == hash)
			return (uint32_t)slot - 1;
	}
}

void ts_table_insert(struct ts_table *t, uint32_t hash, uint32_t index)
{
	uint32_t i = hash & t->mask;

	while (t->slots[i] != 0)
		i = (i + 1) & t->mask;
	t->slots[i] = slot_make(hash, index);
	t->n++;
}

/* Fill the hole: move back each later entry whose home is not between the hole and itself. */
static void table_shift_back(struct ts_table *t, uint32_t hole)
{
	uint32_t i = hole;

	for (;;) {
		uint32_t home;

		i = (i + 1) & t->mask;
		if (t->slots[i] == 0)
			break;
		home = slot_hash(t->slots[i]) & t->mask;
		if (((i - home) & t->mask) < ((i - hole) & t->mask))
			continue;
		t->slots[hole] = t->slots[i];
		hole = i;
	}
	t->slots[hole] = 0;
}

bool ts_table_remove(struct ts_table *t, uint32_t hash, uint32_t index)
{
	uint64_t wanted = slot_make(hash, index);
	uint32_t i = hash & t->mask;

	while (t->slots[i] != wanted) {
		if (t->slots[i] == 0)
			return false;
		i = (i + 1) & t->mask;
	}
	table_shift_back(t, i);
	t->n--;
	return true;
}
