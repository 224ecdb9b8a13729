/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "dataplane/core/dedup.h"
#include "tap.h"

static const struct ts_cookie_key key = {.k0 = 1, .k1 = 2};

static struct ts_addr addr_of(uint32_t i)
{
	return ts_addr_from_v4(UINT32_C(0x0a000000) ^ (i * UINT32_C(2654435761)));
}

static void test_kinds(void)
{
	struct dp_dedup dedup;
	void *mem = aligned_alloc(64, dp_dedup_size(64));
	struct ts_addr a = addr_of(7);

	memset(mem, 0, dp_dedup_size(64));
	dp_dedup_init(&dedup, mem, 64, &key);
	tap_ok(!dp_dedup_add(&dedup, DP_DEDUP_RST, &a, 443),
		"the dedup table does not have a RST before it was added");
	tap_ok(dp_dedup_add(&dedup, DP_DEDUP_RST, &a, 443),
		"the repetition of an answer is not new");
	tap_ok(!dp_dedup_has(&dedup, DP_DEDUP_SYNACK, &a, 443),
		"a RST in the dedup table does not stand for a SYN-ACK");
	tap_ok(!dp_dedup_add(&dedup, DP_DEDUP_SYNACK, &a, 443), "a SYN-ACK after a RST is new");
	tap_ok(!dp_dedup_has(&dedup, DP_DEDUP_SYNACK, &a, 25),
		"an answer from another port is new");
	dp_dedup_forget(&dedup, DP_DEDUP_SYNACK, &a, 443);
	tap_ok(!dp_dedup_has(&dedup, DP_DEDUP_SYNACK, &a, 443),
		"the dedup table does not have an answer that was forgotten");
	tap_ok(dp_dedup_has(&dedup, DP_DEDUP_RST, &a, 443),
		"nothing else is forgotten with a pair that is forgotten");
	free(mem);
}

/* Within its size the table forgets next to nothing, and it never claims to have seen a stranger.
 */
static void test_capacity(void)
{
	enum { N = 100000 };
	struct dp_dedup dedup;
	void *mem = aligned_alloc(64, dp_dedup_size(N));
	uint32_t n_lost = 0, n_false = 0;

	memset(mem, 0, dp_dedup_size(N));
	dp_dedup_init(&dedup, mem, N, &key);
	for (uint32_t i = 0; i < N; i++) {
		struct ts_addr a = addr_of(i);

		n_false += dp_dedup_add(&dedup, DP_DEDUP_SYNACK, &a, 25);
	}
	for (uint32_t i = 0; i < N; i++) {
		struct ts_addr a = addr_of(i);

		n_lost += !dp_dedup_has(&dedup, DP_DEDUP_SYNACK, &a, 25);
	}
	tap_eq(n_false, 0, "100,000 different pairs are all new");
	tap_ok(n_lost < N / 10000, "of as many as it is made for, next to none has fallen out (%u)",
		n_lost);
	free(mem);
}

/* Addresses whose answers fall into the bucket of addr_of(0). */
static uint32_t colliding(const struct dp_dedup *dedup, struct ts_addr *out, uint32_t n)
{
	struct ts_addr a = addr_of(0);
	uint64_t home = dp_dedup_mix(dedup, dp_probe_id_hash(&dedup->probe_id, &a, 25)) >> 32 &
			dedup->mask;
	uint32_t n_found = 0;

	for (uint32_t i = 0; n_found < n; i++) {
		a = addr_of(i);
		if ((dp_dedup_mix(dedup, dp_probe_id_hash(&dedup->probe_id, &a, 25)) >> 32 &
			    dedup->mask) == home)
			out[n_found++] = a;
	}
	return n_found;
}

static uint32_t n_known(const struct dp_dedup *dedup, enum dp_dedup_kind kind,
	const struct ts_addr *hosts, uint32_t n)
{
	uint32_t n_kept = 0;

	for (uint32_t i = 0; i < n; i++)
		n_kept += dp_dedup_has(dedup, kind, &hosts[i], 25);
	return n_kept;
}

/* One bucket of many: all its ways are used (masscan's four are one: D10 of docs/defects.md), and
 * the oldest is dropped. */
static void test_bucket(void)
{
	struct dp_dedup dedup;
	void *mem = aligned_alloc(64, dp_dedup_size(1000));
	struct ts_addr hosts[28];

	memset(mem, 0, dp_dedup_size(1000));
	dp_dedup_init(&dedup, mem, 1000, &key);
	colliding(&dedup, hosts, 28);
	for (uint32_t i = 0; i < 16; i++)
		dp_dedup_add(&dedup, DP_DEDUP_SYNACK, &hosts[i], 25);
	tap_eq(n_known(&dedup, DP_DEDUP_SYNACK, hosts, 16), 16,
		"sixteen hosts of one bucket are all remembered, half of them next door");
	dp_dedup_forget(&dedup, DP_DEDUP_SYNACK, &hosts[3], 25);
	tap_eq(n_known(&dedup, DP_DEDUP_SYNACK, hosts, 16), 15,
		"a host that is forgotten takes none of those next door with it");
	tap_ok(!dp_dedup_add(&dedup, DP_DEDUP_SYNACK, &hosts[3], 25) &&
			n_known(&dedup, DP_DEDUP_SYNACK, hosts, 16) == 16,
		"a pair that was forgotten finds its place again");
	for (uint32_t i = 16; i < 28; i++)
		dp_dedup_add(&dedup, DP_DEDUP_SYNACK, &hosts[i], 25);
	tap_eq(n_known(&dedup, DP_DEDUP_SYNACK, &hosts[20], 8), 8,
		"a full pair keeps the newest eight");
	tap_eq(n_known(&dedup, DP_DEDUP_SYNACK, hosts, 8), 0,
		"a full pair of buckets has forgotten the oldest");
	free(mem);
}

/* RSTs by the thousand make us forget RSTs, not those whom we have served. */
static void test_flood(void)
{
	struct dp_dedup dedup;
	void *mem = aligned_alloc(64, dp_dedup_size(1000));
	struct ts_addr hosts[40];

	memset(mem, 0, dp_dedup_size(1000));
	dp_dedup_init(&dedup, mem, 1000, &key);
	colliding(&dedup, hosts, 40);
	for (uint32_t i = 0; i < 6; i++)
		dp_dedup_add(&dedup, DP_DEDUP_SYNACK, &hosts[i], 25);
	for (uint32_t i = 0; i < 40; i++)
		dp_dedup_add(&dedup, DP_DEDUP_RST, &hosts[i], 25);
	tap_eq(n_known(&dedup, DP_DEDUP_SYNACK, hosts, 6), 6,
		"six SYN-ACKs of a bucket are remembered behind a flood of RSTs");
	tap_eq(n_known(&dedup, DP_DEDUP_RST, &hosts[38], 2), 2,
		"the last two RSTs of a flood are remembered");
	for (uint32_t i = 6; i < 14; i++)
		dp_dedup_add(&dedup, DP_DEDUP_SYNACK, &hosts[i], 25);
	tap_eq(n_known(&dedup, DP_DEDUP_SYNACK, &hosts[8], 6), 6,
		"new SYN-ACKs push out old SYN-ACKs");
	tap_eq(n_known(&dedup, DP_DEDUP_RST, &hosts[38], 2), 2,
		"new SYN-ACKs do not push out the last two RSTs");
	free(mem);
}

int main(void)
{
	test_kinds();
	test_capacity();
	test_bucket();
	test_flood();
	return tap_done();
}
