/* SPDX-License-Identifier: BSD-3-Clause */
/* The connection table against a naive array of what it should hold. */
#include "tcpstack/tcp/table.h"

#include "random.h"
#include "tap.h"

#define N_KEYS	  160
#define N_ENTRIES 64
#define N_SLOTS	  128
#define N_OPS	  1000000

struct model {
	uint32_t hash[N_KEYS];
	bool present[N_KEYS];
	uint32_t n;
};

/* Few distinct homes, half of them at the end of the slots, so that clusters form, merge and wrap.
 */
static void model_init(struct model *m, uint64_t *seed)
{
	*m = (struct model){0};
	for (uint32_t k = 0; k < N_KEYS; k++) {
		uint32_t home = random_below(seed, 2) ? N_SLOTS - 1 - random_below(seed, 4)
						      : random_below(seed, 20);

		m->hash[k] = random_below(seed, 3) * N_SLOTS + home;
	}
}

static bool table_has(const struct ts_table *t, uint32_t hash, uint32_t key)
{
	uint32_t at = hash, i;
	bool found = false;

	while ((i = ts_table_next(t, hash, &at)) != TS_TABLE_NONE)
		found = found || i == key;
	return found;
}

static bool model_agrees(const struct model *m, const struct ts_table *t)
{
	for (uint32_t k = 0; k < N_KEYS; k++)
		if (table_has(t, m->hash[k], k) != m->present[k])
			return false;
	return t->n == m->n;
}

static bool model_step(struct model *m, struct ts_table *t, uint64_t *seed)
{
	uint32_t k = random_below(seed, N_KEYS);

	if (m->present[k] != table_has(t, m->hash[k], k))
		return false;
	if (m->present[k]) {
		m->present[k] = false;
		m->n--;
		return ts_table_remove(t, m->hash[k], k);
	}
	if (m->n == N_ENTRIES)
		return !ts_table_remove(t, m->hash[k], k);
	m->present[k] = true;
	m->n++;
	ts_table_insert(t, m->hash[k], k);
	return true;
}

static void test_model(void)
{
	static uint64_t slots[N_SLOTS];
	struct ts_table t;
	struct model m;
	uint64_t seed = 42;
	bool same = true;

	ts_table_init(&t, slots, ts_table_n_slots(N_ENTRIES));
	model_init(&m, &seed);
	for (uint32_t i = 0; i < N_OPS && same; i++)
		same = model_step(&m, &t, &seed) && (i % 100 != 0 || model_agrees(&m, &t));
	tap_ok(same, "a million inserts and removals in clusters agree with a naive array");
	for (uint32_t k = 0; k < N_KEYS; k++)
		if (m.present[k])
			ts_table_remove(&t, m.hash[k], k);
	for (uint32_t i = 0; i < N_SLOTS; i++)
		same = same && slots[i] == 0;
	tap_ok(same, "an emptied table is empty to the last bit: removal leaves no tombstones");
}

static void test_size(void)
{
	bool half = true;

	for (uint32_t n = 1; n <= 1u << 22; n = n * 3 / 2 + 1)
		half = half && ts_table_n_slots(n) >= 2 * n && ts_table_n_slots(n) <= 4 * n;
	tap_ok(half, "the load is at most one half for every number of connections");
}

static void test_hash(void)
{
	static uint32_t bins[1024];
	const uint64_t key[2] = {1, 2}, other[2] = {1, 3};
	struct ts_addr a = ts_addr_from_v4(0);
	uint32_t fullest = 0, n_same = 0;

	/* 65,536 addresses that differ in two bytes: 64 a bin on average, 8 the deviation. */
	for (uint32_t i = 0; i < 65536; i++) {
		uint32_t h;

		a.b[14] = (uint8_t)(i >> 8);
		a.b[15] = (uint8_t)i;
		h = ts_table_hash(key, &a, 25, 40000);
		n_same += h == ts_table_hash(other, &a, 25, 40000);
		bins[h & 1023]++;
		if (bins[h & 1023] > fullest)
			fullest = bins[h & 1023];
	}
	tap_ok(fullest < 64 + 6 * 8, "neighbouring addresses spread evenly (fullest bin %u of 64)",
		fullest);
	tap_ok(n_same < 4, "another key gives other hashes of a four-tuple");
	tap_ok(ts_table_hash(key, &a, 25, 40000) != ts_table_hash(key, &a, 40000, 25),
		"the two ports of a four-tuple are not interchangeable");
}

int main(void)
{
	test_model();
	test_size();
	test_hash();
	return tap_done();
}
