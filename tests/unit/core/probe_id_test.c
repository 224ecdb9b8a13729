/* SPDX-License-Identifier: BSD-3-Clause */
/* Source ports and sequence numbers of probes: spread, told apart, and not to be guessed. */
#include "dataplane/core/probe_id.h"
#include "tap.h"

#define FIRST 32768
#define N     28233 /* 32768-61000, the default */
#define MANY  65536

static const struct dp_probe_id probe_id = {.key = {1, 2}, .port_first = FIRST, .n_ports = N};

static struct ts_addr host(uint32_t i)
{
	return ts_addr_from_v4(__builtin_bswap32(UINT32_C(0xc6120000) + i));
}

/* masscan's default once used two of sixteen source ports. */
static void test_spread(void)
{
	static uint8_t used[65536];
	uint32_t n_used = 0, n_outside = 0, fullest = 0;

	for (uint32_t i = 0; i < MANY; i++) {
		struct ts_addr addr = host(i);
		uint16_t port = dp_probe_id_port(
			&probe_id, dp_probe_id_hash(&probe_id, &addr, 443), DP_PROBE_PRIMARY);

		n_outside += port < FIRST || port >= FIRST + N;
		n_used += used[port]++ == 0;
		fullest = used[port] > fullest ? used[port] : fullest;
	}
	tap_eq(n_outside, 0, "every source port lies in the range");
	/* 1 - exp(-65536 / 28233) of the range is 25,463 ports. */
	tap_ok(n_used > 25200 && n_used < 25700,
		"the probes of 65,536 targets use nearly every source port of the range (%u)",
		n_used);
	tap_ok(fullest < 20, "no port is crowded (%u targets on the fullest)", fullest);
}

static void test_kinds(void)
{
	uint32_t n_same = 0, n_wrong = 0, n_near = 0;

	for (uint32_t i = 0; i < 1000; i++) {
		struct ts_addr addr = host(i);
		uint64_t hash = dp_probe_id_hash(&probe_id, &addr, 25);

		for (int a = 0; a < DP_N_PROBE_KIND; a++) {
			uint16_t port = dp_probe_id_port(&probe_id, hash, (enum dp_probe_kind)a);
			uint32_t iss = dp_probe_id_iss(hash, (enum dp_probe_kind)a);
			enum dp_probe_kind kind = DP_N_PROBE_KIND;

			n_wrong += !dp_probe_id_match(&probe_id, hash, port, iss, &kind) ||
				   kind != (enum dp_probe_kind)a;
			n_wrong += dp_probe_id_match(&probe_id, hash, port, iss + 1, &kind);
			n_wrong += dp_probe_id_match(
				&probe_id, hash, (uint16_t)(port + 1), iss, &kind);
			for (int b = 0; b < a; b++) {
				uint32_t other = dp_probe_id_iss(hash, (enum dp_probe_kind)b);

				n_same += port ==
					  dp_probe_id_port(&probe_id, hash, (enum dp_probe_kind)b);
				n_near += iss - other < 1u << 24 || other - iss < 1u << 24;
			}
		}
	}
	tap_eq(n_same, 0, "probes of different kinds leave from different ports");
	tap_eq(n_near, 0, "the sequence numbers of probes of different kinds are far apart");
	tap_eq(n_wrong, 0, "an answer is matched to its kind, and to nothing when a bit is off");
}

static void test_narrow(void)
{
	struct dp_probe_id one = {.key = {1, 2}, .port_first = 4000, .n_ports = 1};
	struct ts_addr addr = host(7);
	uint64_t hash = dp_probe_id_hash(&one, &addr, 25);
	enum dp_probe_kind kind = DP_N_PROBE_KIND;

	tap_eq(dp_probe_id_port(&one, hash, DP_PROBE_CANARY), 4000, "a range of one port is used");
	tap_ok(dp_probe_id_match(&one, hash, 4000, dp_probe_id_iss(hash, DP_PROBE_CANARY), &kind) &&
			kind == DP_PROBE_CANARY,
		"there the number alone tells the kinds apart");
}

static void test_key(void)
{
	struct dp_probe_id other = probe_id;
	struct ts_addr v4 = host(9), v6;
	uint64_t hash = dp_probe_id_hash(&probe_id, &v4, 25);
	uint32_t n_flipped = 0;

	ts_addr_parse("2001:db8::c612:9", &v6);
	tap_ok(hash != dp_probe_id_hash(&probe_id, &v4, 26), "another port gives another identity");
	tap_ok(hash != dp_probe_id_hash(&probe_id, &v6, 25),
		"another family gives another identity");
	for (int bit = 0; bit < 128; bit++) {
		other.key = probe_id.key;
		if (bit < 64)
			other.key.k0 ^= UINT64_C(1) << bit;
		else
			other.key.k1 ^= UINT64_C(1) << (bit - 64);
		n_flipped += (uint32_t)__builtin_popcountll(
			hash ^ dp_probe_id_hash(&other, &v4, 25));
	}
	/* 128 keys times 64 bits, half of them. */
	tap_ok(n_flipped > 3800 && n_flipped < 4400,
		"each bit of the key turns half of the hash (%u)", n_flipped);
}

static void test_decoys(void)
{
	uint32_t n_outside = 0, n_same = 0;

	for (uint32_t i = 0; i < 4096; i++) {
		struct ts_addr addr = host(i);

		for (uint32_t n = 0; n < 16; n++) {
			uint16_t port = dp_probe_id_decoy_port(&probe_id, &addr, n);

			n_outside += port < 32768 || port > 61000;
			n_same += n > 0 && port == dp_probe_id_decoy_port(&probe_id, &addr, n - 1);
		}
	}
	tap_eq(n_outside, 0, "decoy ports are ephemeral ones");
	tap_ok(n_same < 20, "a host's decoys differ, but for chance (%u)", n_same);
}

int main(void)
{
	test_spread();
	test_kinds();
	test_narrow();
	test_key();
	test_decoys();
	return tap_done();
}
