/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The life of very many connections: the shipped flows, TCP and dialogs against hosts and a wire
 * that do their worst (flow_world.h).
 *
 *     sim_flow              20,000 connections
 *     sim_flow N            N connections (scripts/nightly-sim: a million)
 *     sim_flow seed SEED    that seed alone
 */
#include <malloc.h>
#include <stdlib.h>

#include "tap.h"
#include "tests/sim/flow_world.h"

#define N_CONNECTIONS 20000
/* Freed blocks of up to a kilobyte that the C library keeps, seven of each size, count as used. */
#define EARLY_SEED 10
#define KEPT_MAX   (256 * 1024)

static void print_totals(const struct world_totals *totals)
{
	printf("# %" PRIu64 " connections: %" PRIu64 " records, %" PRIu64 " retries, %" PRIu64
	       " dropped (excluded, stopped); %" PRIu64 " times no room; %" PRIu64
	       " second connections, %" PRIu64 " times held for decoys\n",
		totals->n_accepted, totals->n_records, totals->n_retries, totals->n_dropped,
		totals->n_no_room, totals->n_reconnected, totals->n_held);
	printf("# %" PRIu64 " frames carried, %" PRIu64 " lost, %" PRIu64 " doubled, %" PRIu64
	       " late, %" PRIu64 " with wrong checksums, %" PRIu64 " garbled; %.0f s of virtual "
	       "time\n",
		totals->n_carried, totals->n_lost, totals->n_doubled, totals->n_late,
		totals->n_flipped, totals->n_garbled, (double)totals->virtual_us / 1e6);
	for (uint32_t i = 0; i < DL_N_STATUS; i++) {
		if (totals->n_by_status[i] > 0)
			printf("# %s: %" PRIu64 "\n", dl_status_name((enum dl_status)i),
				totals->n_by_status[i]);
	}
}

static bool run_seed(struct flow_world *world, uint64_t seed, struct world_totals *totals)
{
	const char *broken = flow_world_run(world, seed, totals);

	if (broken != NULL)
		printf("# seed %" PRIu64 ", at %.3f s: %s\n", seed, (double)world->now_us / 1e6,
			broken);
	return broken == NULL;
}

static void run_all(struct flow_world *world, uint64_t n_connections)
{
	struct world_totals totals = {0};
	size_t early = 0;
	uint32_t n_bad = 0;

	for (uint64_t seed = 1; totals.n_accepted < n_connections && n_bad < 10; seed++) {
		n_bad += !run_seed(world, seed, &totals);
		if (seed == EARLY_SEED)
			early = mallinfo2().uordblks;
	}
	print_totals(&totals);
	tap_eq(n_bad, 0,
		"loss, duplication, reordering, corruption, resets and stalls break no invariant");
	tap_ok(totals.n_accepted >= n_connections, "%" PRIu64 " connections were made",
		n_connections);
	tap_ok(totals.n_records + totals.n_retries + totals.n_dropped == totals.n_accepted,
		"each simulated connection leaves exactly one record or one retry, but for those "
		"that were to be dropped");
	tap_ok(mallinfo2().uordblks < early + KEPT_MAX,
		"memory is the same after the last world as after the first ones");
	tap_ok(totals.n_by_status[DL_SUCCESS] > totals.n_records / 4,
		"more than a quarter of the simulated hosts are served to the end in spite of the "
		"faults");
}

int main(int argc, char **argv)
{
	struct flow_world *world = calloc(1, sizeof(*world));

	if (argc > 2 && strcmp(argv[1], "seed") == 0) {
		struct world_totals totals = {0};
		uint64_t seed = strtoull(argv[2], NULL, 0);

		tap_ok(run_seed(world, seed, &totals), "seed %" PRIu64 " breaks no invariant",
			seed);
		print_totals(&totals);
	} else {
		run_all(world, argc > 1 ? strtoull(argv[1], NULL, 0) : N_CONNECTIONS);
	}
	free(world);
	return tap_done();
}
