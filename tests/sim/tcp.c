/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Hundreds of TCP connections against the model server, over a wire that does its worst.
 *
 *     sim_tcp          200 seeds, and each named fault
 *     sim_tcp SEED     that seed alone
 */
#include <stdlib.h>

#include "tap.h"
#include "tcp_world.h"
#include "tests/unit/tcp/random.h"

#define N_SEEDS		  200
#define N_PAIRS		  40
#define LIMIT_US	  900000000
#define ONE_BYTE_LIMIT_US 10000000

/* How the connections of one or more runs ended. */
struct st_tally {
	uint32_t n_pairs, n_by[TS_N_CLOSE];
	uint64_t n_carried, n_lost;
};

static bool run(const struct world_config *config, struct st_tally *tally)
{
	struct world *world = world_new(config);
	const char *broken;

	world_run(world, LIMIT_US);
	broken = world->broken;
	if (broken != NULL)
		printf("# seed %" PRIu64 ", rule \"%s\", pair %u, at %.3f s: %s\n", config->seed,
			wire_rule_name(config->wire.rule), world->broken_pair,
			(double)world->now_us / 1e6, broken);
	for (uint32_t i = 0; i < world->n_pairs; i++)
		tally->n_by[world->pairs[i].close]++;
	tally->n_pairs += world->n_pairs;
	tally->n_carried += world->wire.n_carried;
	tally->n_lost += world->wire.n_lost;
	world_free(world);
	return broken == NULL;
}

/* A seed draws its wire, too. */
static bool run_seed(uint64_t seed, struct st_tally *tally)
{
	uint64_t r = seed + 1000;
	struct world_config config = {.n_pairs = N_PAIRS, .seed = seed, .aborts = seed % 2 == 0};

	random_u32(&r);
	config.n_reorder = seed % 5 == 0 ? 4 : 8 * N_PAIRS;
	config.offer = seed % 3 == 0 ? (uint8_t)(seed / 3 % (TS_OPT_ALL + 1)) : TS_OPT_ALL;
	config.wire = (struct wire_config){
		.drop_ppm = random_below(&r, 150000),
		.double_ppm = random_below(&r, 100000),
		.reorder_ppm = random_below(&r, 300000),
		.delay_us = 500 + random_below(&r, 100000),
		.reorder_us = 1 + random_below(&r, 200000),
	};
	return run(&config, tally);
}

static void print_tally(const struct st_tally *tally)
{
	printf("# %u connections, %" PRIu64 " segments, %" PRIu64
	       " lost; closed in order %u, reset %u, "
	       "refused %u, no SYN-ACK %u, given up %u, aborted %u, FIN unanswered %u, never %u\n",
		tally->n_pairs, tally->n_carried, tally->n_lost, tally->n_by[TS_CLOSE_FIN],
		tally->n_by[TS_CLOSE_RST], tally->n_by[TS_CLOSE_REFUSED],
		tally->n_by[TS_CLOSE_SYN_TIMEOUT], tally->n_by[TS_CLOSE_RTO],
		tally->n_by[TS_CLOSE_ABORTED], tally->n_by[TS_CLOSE_FIN_TIMEOUT],
		tally->n_by[TS_CLOSE_NONE]);
}

static void test_seeds(void)
{
	struct st_tally tally = {0};
	uint32_t n_bad = 0;

	for (uint64_t seed = 1; seed <= N_SEEDS; seed++)
		n_bad += !run_seed(seed, &tally);
	print_tally(&tally);
	tap_eq(n_bad, 0,
		"no invariant breaks under 200 seeds of loss, doubling, reordering and delay");
	tap_ok(tally.n_by[TS_CLOSE_FIN] > tally.n_pairs / 2,
		"most connections are closed in order all the same");
}

/* On a wire that does nothing else, a single fault must not cost a single connection. */
static void test_rules(void)
{
	for (uint32_t rule = 0; rule < WIRE_N_RULE; rule++) {
		struct world_config config = {
			.n_pairs = 300,
			.n_reorder = 64,
			.offer = TS_OPT_ALL,
			.seed = rule + 1,
			.wire = {.delay_us = 20000, .reorder_us = 1, .rule = (enum wire_rule)rule},
		};
		struct st_tally tally = {0};
		bool ok = run(&config, &tally);

		tap_ok(ok && tally.n_by[TS_CLOSE_FIN] == tally.n_pairs,
			"a wire with %s: all of 300 connections deliver everything and close in "
			"order",
			wire_rule_name((enum wire_rule)rule));
		if (tally.n_by[TS_CLOSE_FIN] != tally.n_pairs)
			print_tally(&tally);
	}
}

/*
 * A byte a segment and 2 % loss, from a server that resends all when its timer expires. Each byte
 * behind a gap took a slot of its own, and the ninth and all others were refused: 1,187,198 of
 * 1,240,745 segments, and 27 s for 4,000 bytes.
 */
static void test_one_byte(void)
{
	struct world_config config = {
		.n_pairs = 10,
		.n_reorder = 80,
		.seed = 1,
		.one_byte = true,
		.wire = {.drop_ppm = 20000, .delay_us = 10000, .reorder_us = 1},
	};
	struct world *world = world_new(&config);
	uint32_t n_in_order = 0;

	world_run(world, LIMIT_US);
	for (uint32_t i = 0; i < world->n_pairs; i++)
		n_in_order += world->pairs[i].close == TS_CLOSE_FIN;
	printf("# %.1f s, %" PRIu64 " segments, %" PRIu64 " lost, %" PRIu64 " refused\n",
		(double)world->now_us / 1e6, world->wire.n_carried, world->wire.n_lost,
		world->n_drops[TS_DROP_REORDER_FULL]);
	tap_ok(world->broken == NULL && n_in_order == world->n_pairs,
		"a byte a segment, 2 %% loss: every service delivers all and closes in order");
	tap_ok(world->now_us < ONE_BYTE_LIMIT_US,
		"a byte a segment, 2 %% loss: all of it is delivered within ten seconds");
	tap_ok(world->n_drops[TS_DROP_REORDER_FULL] < world->wire.n_carried / 10,
		"a byte a segment, 2 %% loss: few segments are refused, since only gaps beyond the "
		"slots are");
	world_free(world);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		struct st_tally tally = {0};
		uint64_t seed = strtoull(argv[1], NULL, 0);

		tap_ok(run_seed(seed, &tally), "seed %" PRIu64 " breaks no invariant", seed);
		print_tally(&tally);
		return tap_done();
	}
	test_rules();
	test_one_byte();
	test_seeds();
	return tap_done();
}
