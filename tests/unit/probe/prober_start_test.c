/* SPDX-License-Identifier: BSD-3-Clause */
/* A scan may begin anywhere: at every position of its order, and with nothing of an earlier scan's
 * secrets, whatever the seed. */
#include "prober_world.h"

#define N_POSITIONS 131

/* From each index on exactly the rest is probed: what resuming and shards are made of. */
static void test_every_position(struct world *w, uint32_t n_poll)
{
	uint64_t n_wrong = 0;

	for (uint64_t first = 0; first <= N_POSITIONS; first++) {
		world_new(w, n_poll, 2);
		w->config.index_first = first;
		w->config.n_indices = N_POSITIONS - first;
		w->config.n_probes = 1 + first % 2;
		world_start(w);
		world_run(w);
		for (uint64_t i = 0; i < dp_targets_count(w->targets); i++)
			n_wrong += w->tally[i].n_primary !=
				   (in_range(w, i) ? w->config.n_probes : 0u);
		n_wrong += w->n_unknown + w->n_too_soon;
		world_free(w);
	}
	tap_ok(n_wrong == 0,
		"%u poll cores: begun at each of %d positions, exactly the rest is probed", n_poll,
		N_POSITIONS + 1);
}

static uint32_t first_iss(const struct world *w)
{
	const struct dp_probe_id *probe_id = &w->scan->poll[0]->probe_id;
	struct dp_target target = target_at(w, 0);

	return dp_probe_id_iss(
		dp_probe_id_hash(probe_id, &target.addr, services[target.service].port),
		DP_PROBE_PRIMARY);
}

/* A seed is published with a study. Whoever has it must not be able to forge answers, now or in the
 * next scan with that seed. */
static void test_secrets(struct world *w)
{
	struct ts_cookie_key key[2];
	struct dp_target first[2];
	uint32_t iss[2], random[2];

	for (int i = 0; i < 2; i++) {
		world_new(w, 1, 1);
		w->config.seed = 7;
		world_start(w);
		key[i] = w->scan->cookie_key;
		first[i] = target_at(w, 0);
		iss[i] = first_iss(w);
		random[i] = w->scan->poll[0]->random;
		world_free(w);
	}
	tap_ok(ts_addr_equal(&first[0].addr, &first[1].addr),
		"two scans with one seed probe in one order");
	tap_ok(key[0].k0 != key[1].k0 && key[0].k1 != key[1].k1 && iss[0] != iss[1],
		"two scans with one seed have other keys and sequence numbers");
	/* IP IDs are a row whose start can be told from a dozen of them. */
	tap_ok(random[0] != (uint32_t)key[0].k0 && random[0] != (uint32_t)key[0].k1 &&
			random[0] != (uint32_t)(key[0].k0 >> 32) &&
			random[0] != (uint32_t)(key[0].k1 >> 32) && random[0] != random[1],
		"IP IDs give no part of the key away");
}

int main(void)
{
	struct world *w = world_open("start");

	test_every_position(w, 1);
	test_every_position(w, 3);
	test_secrets(w);
	world_close(w);
	return tap_done();
}
