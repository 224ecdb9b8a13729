/* SPDX-License-Identifier: BSD-3-Clause */
/* The reorder buffer against an oracle that keeps every byte by itself. */
#include "tcpstack/tcp/reorder.h"

#include <stdlib.h>

#include "random.h"
#include "tap.h"

#define SPAN	20000 /* bytes around the base that segments may touch */
#define MSS	1460
#define N_SLOTS 6
/* Sequence numbers wrap in the middle of the span. */
#define BASE (UINT32_MAX - SPAN / 2)

struct oracle {
	bool has[SPAN];
	uint8_t value[SPAN];
};

struct bench {
	struct ts_reorder pool;
	void *mem;
	uint32_t head;
	uint8_t n;
	struct oracle oracle;
	uint64_t seed;
};

static void bench_init(struct bench *b, uint32_t n_slots, uint64_t seed)
{
	memset(b, 0, sizeof(*b));
	b->mem = malloc(ts_reorder_size(n_slots, MSS));
	if (b->mem == NULL)
		abort();
	ts_reorder_init(&b->pool, b->mem, n_slots, MSS);
	b->head = TS_REORDER_NONE;
	b->seed = seed;
}

/*
 * Walk the list: sorted, apart, within bounds, and each byte the one that arrived first. What is
 * held of the new segment is entered into the oracle. Returns false on any disagreement.
 */
static bool oracle_follow(struct bench *b, uint32_t off, const uint8_t *bytes, uint32_t len)
{
	static bool held[SPAN];
	uint32_t at = 0, n = 0, sum = 0;

	memset(held, 0, sizeof(held));
	for (uint32_t i = b->head; i != TS_REORDER_NONE;) {
		const struct ts_reorder_seg *seg = ts_reorder_first(&b->pool, i);
		uint32_t start = seg->seq - BASE;

		if (start < at || start + seg->len > SPAN || seg->len == 0 ||
			seg->len > b->pool.slot_cap)
			return false;
		for (uint32_t k = start; k < start + seg->len; k++) {
			bool is_new = !b->oracle.has[k];

			if (is_new && (k < off || k >= off + len))
				return false;
			if (seg->bytes[k - start] != (is_new ? bytes[k - off] : b->oracle.value[k]))
				return false;
			held[k] = true;
			b->oracle.value[k] = seg->bytes[k - start];
		}
		at = start + seg->len;
		sum += seg->len;
		n++;
		i = seg->next;
	}
	for (uint32_t k = 0; k < SPAN; k++)
		if (b->oracle.has[k] && !held[k])
			return false;
	memcpy(b->oracle.has, held, sizeof(held));
	return n == b->n && n <= TS_REORDER_SEGS && sum <= TS_REORDER_BYTES;
}

static uint32_t n_oracle(const struct bench *b)
{
	uint32_t sum = 0;

	for (uint32_t k = 0; k < SPAN; k++)
		sum += b->oracle.has[k];
	return sum;
}

/* Whether refusing was right: a bound is met. */
static bool bench_is_full(const struct bench *b)
{
	return b->n == TS_REORDER_SEGS || b->pool.n_used == b->pool.n_slots ||
	       n_oracle(b) == TS_REORDER_BYTES;
}

static bool bench_insert(struct bench *b)
{
	uint32_t max = random_below(&b->seed, 4) == 0 ? 4000 : 300;
	uint32_t len = 1 + random_below(&b->seed, max);
	uint32_t off = random_below(&b->seed, random_below(&b->seed, 2) ? SPAN - len : 2000);
	uint8_t *bytes = malloc(len);
	uint32_t n_new, n_held;
	bool whole, ok;

	if (bytes == NULL)
		abort();
	for (uint32_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)random_u32(&b->seed);
	n_held = n_oracle(b);
	whole = ts_reorder_insert(&b->pool, &b->head, &b->n, BASE + off, bytes, len, &n_new);
	ok = oracle_follow(b, off, bytes, len) && n_oracle(b) - n_held == n_new;
	for (uint32_t k = off; whole && k < off + len; k++)
		ok = ok && b->oracle.has[k];
	ok = ok && (whole || bench_is_full(b));
	free(bytes);
	return ok;
}

/* Take the first few away, as delivery does, or all, as closing does. */
static bool bench_remove(struct bench *b)
{
	if (random_below(&b->seed, 4) == 0) {
		ts_reorder_clear(&b->pool, &b->head, &b->n);
		memset(b->oracle.has, 0, sizeof(b->oracle.has));
		return b->n == 0 && b->pool.n_used == 0;
	}
	if (b->n > 0) {
		const struct ts_reorder_seg *seg = ts_reorder_first(&b->pool, b->head);

		memset(&b->oracle.has[seg->seq - BASE], 0, seg->len);
		ts_reorder_pop(&b->pool, &b->head, &b->n);
	}
	return oracle_follow(b, 0, NULL, 0);
}

static void test_oracle(uint32_t n_slots, const char *label)
{
	static struct bench b;
	bool same = true;

	bench_init(&b, n_slots, n_slots);
	for (uint32_t i = 0; i < 20000 && same; i++)
		same = random_below(&b.seed, 3) == 0 ? bench_remove(&b) : bench_insert(&b);
	tap_ok(same, "%s", label);
	free(b.mem);
}

/* A byte a segment, of which the first is lost: every byte of the window used to take a slot. */
static void test_joins(void)
{
	static struct bench b;
	static uint8_t bytes[MSS];
	uint32_t n_refused = 0, n_most = 0, n_new;

	bench_init(&b, 32, 1);
	for (uint32_t i = 1; i < 7 * MSS; i++) {
		/* One in eight comes later, and before its neighbour where there is one. */
		uint32_t off = i % 8 == 6 ? i + 1 : i % 8 == 7 ? i - 1 : i;

		n_refused += !ts_reorder_insert(
			&b.pool, &b.head, &b.n, BASE + off, bytes, 1, &n_new);
		n_most = b.n > n_most ? b.n : n_most;
	}
	tap_eq(n_refused, 0, "no segment is refused by the reorder buffer if each brings one byte");
	tap_ok(n_most <= 8,
		"segments of one byte take as many slots of the reorder buffer as their bytes fill "
		"(%u)",
		n_most);
	ts_reorder_clear(&b.pool, &b.head, &b.n);
	for (uint32_t i = 0; i < TS_REORDER_SEGS; i++)
		ts_reorder_insert(&b.pool, &b.head, &b.n, BASE + 10 * i, bytes, 5, &n_new);
	tap_ok(ts_reorder_insert(&b.pool, &b.head, &b.n, BASE + 15, bytes, 5, &n_new),
		"a segment that closes a gap is taken even if all slots are in use");
	tap_eq(b.n, TS_REORDER_SEGS - 1, "a segment that closes a gap gives one slot back");
	tap_ok(ts_reorder_insert(&b.pool, &b.head, &b.n, BASE, bytes, 20, &n_new) && n_new == 5,
		"a segment that overlaps others is cut down to the bytes that are missing");
	tap_eq(b.n, TS_REORDER_SEGS - 2, "a segment that overlaps joins what it touches");
	ts_reorder_clear(&b.pool, &b.head, &b.n);
	free(b.mem);
}

static void test_bounds(void)
{
	static struct bench b;
	static uint8_t bytes[TS_REORDER_BYTES + 1];
	uint32_t n_new;

	bench_init(&b, 32, 1);
	for (uint32_t i = 0; i < TS_REORDER_SEGS; i++)
		ts_reorder_insert(&b.pool, &b.head, &b.n, BASE + 10 * i, bytes, 5, &n_new);
	tap_ok(!ts_reorder_insert(&b.pool, &b.head, &b.n, BASE + 1000, bytes, 5, &n_new),
		"a ninth segment behind a gap is refused");
	tap_ok(ts_reorder_insert(&b.pool, &b.head, &b.n, BASE + 1, bytes, 3, &n_new),
		"a segment of bytes that are held already is not refused by a full reorder buffer");
	tap_eq(ts_reorder_end(&b.pool, b.head) - BASE, 75,
		"the end of the reorder buffer is behind its last byte");
	ts_reorder_clear(&b.pool, &b.head, &b.n);
	tap_ok(!ts_reorder_insert(&b.pool, &b.head, &b.n, BASE, bytes, sizeof(bytes), &n_new),
		"a segment with more bytes than the reorder buffer may hold is not taken whole");
	ts_reorder_clear(&b.pool, &b.head, &b.n);
	tap_eq(b.pool.n_used, 0, "every slot of the reorder buffer returns to the pool");
	free(b.mem);
}

int main(void)
{
	test_oracle(64, "random segments: held bytes are those that arrived first, in order");
	test_oracle(N_SLOTS, "random segments and a pool smaller than one connection's share: held "
			     "bytes are those that arrived first");
	test_joins();
	test_bounds();
	return tap_done();
}
