/* SPDX-License-Identifier: BSD-3-Clause */
/* The truth about the lab: stable, with the shares lab.h states, different under another seed. */
#include "apps/lab/lab.h"
#include "apps/lab/lab_port.h"
#include "tap.h"

#define SEED	UINT64_C(42)
#define N_ADDRS 100000
#define SLASH22 1024

static const struct lab_world world = {.seed = SEED};

static struct ts_addr nth_addr(uint32_t n)
{
	uint8_t v4[4] = {198, (uint8_t)(18 + (n >> 16)), (uint8_t)(n >> 8), (uint8_t)n};
	uint32_t v4_be;

	memcpy(&v4_be, v4, sizeof(v4_be));
	return ts_addr_from_v4(v4_be);
}

static void count_kinds(uint64_t seed, uint32_t n_addrs, uint32_t counts[LAB_N_MIXED])
{
	struct lab_world of_seed = {.seed = seed};

	memset(counts, 0, LAB_N_MIXED * sizeof(*counts));
	for (uint32_t i = 0; i < n_addrs; i++) {
		struct ts_addr addr = nth_addr(i);

		counts[lab_truth(&of_seed, &addr, 25).kind]++;
	}
}

static void test_shares(void)
{
	static const uint32_t permille[LAB_N_MIXED] = {500, 200, 20, 200, 20, 15, 10, 15, 10, 10};
	uint32_t counts[LAB_N_MIXED];

	count_kinds(SEED, N_ADDRS, counts);
	for (uint32_t kind = 0; kind < LAB_N_MIXED; kind++) {
		uint32_t want = N_ADDRS / 1000 * permille[kind];
		uint32_t off = counts[kind] > want ? counts[kind] - want : want - counts[kind];

		/* Five standard deviations of a binomial count are below 5 * sqrt(want). */
		tap_ok((uint64_t)off * off < 25 * (uint64_t)want,
			"about %u in 1000 addresses are of kind %s", permille[kind],
			lab_kind_name((enum lab_kind)kind));
	}
}

static void test_slash22(void)
{
	uint32_t counts[LAB_N_MIXED], least = UINT32_MAX;

	for (uint64_t seed = 1; seed <= 20; seed++) {
		count_kinds(seed, SLASH22, counts);
		for (uint32_t kind = 0; kind < LAB_N_MIXED; kind++)
			least = counts[kind] < least ? counts[kind] : least;
	}
	tap_ok(least > 0, "a /22 shows every kind, under each of 20 seeds");
}

static bool same(const struct lab_host *a, const struct lab_host *b)
{
	return a->kind == b->kind && a->cert == b->cert && a->rsa == b->rsa &&
	       a->tls13 == b->tls13 && a->advertises == b->advertises && a->ttl == b->ttl &&
	       a->mss == b->mss && a->delay_us == b->delay_us;
}

static void test_stable(void)
{
	static const struct lab_world other_world = {.seed = SEED + 1};
	uint32_t n_repeated = 0, n_other_seed = 0;

	for (uint32_t i = 0; i < 1000; i++) {
		struct ts_addr addr = nth_addr(i);
		struct lab_host first = lab_truth(&world, &addr, 443);
		struct lab_host again = lab_truth(&world, &addr, 443);
		struct lab_host other = lab_truth(&other_world, &addr, 443);

		n_repeated += same(&first, &again);
		n_other_seed += same(&first, &other);
	}
	tap_eq(n_repeated, 1000, "the same question has the same answer");
	tap_ok(n_other_seed < 10, "another seed is another Internet");
}

static void test_ports(void)
{
	uint32_t n_served = 0, n_closed = 0, n_open_noise = 0;

	for (uint32_t i = 0; i < 5000; i++) {
		struct ts_addr addr = nth_addr(i);
		enum lab_kind kind = lab_truth(&world, &addr, 25).kind;
		enum lab_kind elsewhere = lab_truth(&world, &addr, 4711).kind;

		if (kind == LAB_SERVICE || kind == LAB_NO_TLS) {
			n_served++;
			n_closed += elsewhere == LAB_CLOSED;
		} else {
			n_open_noise += elsewhere != kind;
		}
	}
	tap_ok(n_served > 0 && n_served == n_closed, "services are closed on all other ports");
	tap_eq(n_open_noise, 0, "the other kinds are the same on every port");
	tap_ok(lab_port_find(4711) == NULL && lab_port_find(5270)->proto == DL_XMPP_SERVER,
		"a port is found by its number");
}

static void test_names(void)
{
	struct ts_addr v4 = nth_addr(257), v6;
	char name[LAB_NAME_LEN];

	lab_host_name(&v4, name);
	tap_str(name, "h198-18-1-1.lab.test", "an IPv4 host is named by its address");
	ts_addr_parse("fd00:1ab:0:1::7", &v6);
	lab_host_name(&v6, name);
	tap_str(name, "hfd00-1ab-0-1--7.lab.test", "an IPv6 host is named by its address");
}

static void test_populations(void)
{
	static const struct lab_world sparse = {SEED, LAB_SPARSE, 0};
	static const struct lab_world answering = {SEED, LAB_ANSWERING, 0};
	static const struct lab_world far = {SEED, LAB_ANSWERING, 80000};
	uint32_t n_sparse = 0, n_silent = 0, n_answering = 0, n_closed = 0, n_delayed = 0;

	for (uint32_t i = 0; i < N_ADDRS; i++) {
		struct ts_addr addr = nth_addr(i);

		n_sparse += lab_truth(&sparse, &addr, 25).kind == LAB_HANG_UP;
		n_silent += lab_truth(&sparse, &addr, 25).kind == LAB_SILENT;
		n_answering += lab_truth(&answering, &addr, 443).kind == LAB_HANG_UP;
		n_closed += lab_truth(&answering, &addr, 4711).kind == LAB_CLOSED;
		n_delayed += lab_truth(&answering, &addr, 25).delay_us != 0 ||
			     lab_truth(&far, &addr, 25).delay_us != 80000;
	}
	/* Five standard deviations of a binomial count. */
	tap_ok(n_sparse > N_ADDRS / 100 - 160 && n_sparse < N_ADDRS / 100 + 160 &&
			n_sparse + n_silent == N_ADDRS,
		"1 address in 100 of a sparse population answers, the others are silent");
	tap_ok(n_answering == N_ADDRS && n_closed == N_ADDRS,
		"all of an answering population answer, on the well-known ports alone");
	tap_eq(n_delayed, 0, "neither population has a delay but the one that was asked for");
}

int main(void)
{
	test_populations();
	test_shares();
	test_slash22();
	test_stable();
	test_ports();
	test_names();
	return tap_done();
}
