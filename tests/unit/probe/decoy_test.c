/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * When decoys leave. They went out from the receive path, eight SYNs at once for each host that
 * answered and no budget asked: 2,500 frames a second of 1,000 that were allowed. Now their hosts
 * wait in a row that the prober empties.
 */
#include "dataplane/core/decoy.h"
#include "prober_world.h"

#define N_HOSTS	 50
#define MORE	 5
#define N_DECOYS DP_MAX_DECOYS

static const uint8_t mac[6] = {2, 0, 0, 0, 0, 8};

static struct ts_addr host(uint32_t i)
{
	return ts_addr_from_v4(rte_cpu_to_be_32(UINT32_C(0x0b000000) + i));
}

static void start(struct world *w, double rate_pps, uint64_t n_indices)
{
	world_new(w, 1, 1);
	w->config.n_decoys = N_DECOYS;
	w->config.rate_pps = w->live.rate_pps = rate_pps;
	w->config.n_indices = n_indices;
	w->config.n_seen = UINT64_C(4) * DP_DECOY_SLOTS;
	world_start(w);
}

static struct dp_decoys *decoys_of(struct world *w)
{
	return &dp_poll_core_of(w->scan->poll[0])->work.decoys;
}

static void want(struct world *w, uint32_t first, uint32_t n)
{
	for (uint32_t i = first; i < first + n; i++) {
		struct ts_addr addr = host(i);

		dp_decoy_want(decoys_of(w), &addr, mac);
	}
}

/* Decoys of so many hosts that their records would tell of. */
static uint32_t told(struct world *w, uint32_t n)
{
	uint32_t n_all = 0;

	for (uint32_t i = 0; i < n; i++) {
		struct ts_addr addr = host(i);
		uint8_t n_sent, n_answered;

		dp_decoy_result(decoys_of(w), &addr, &n_sent, &n_answered);
		n_all += n_sent;
	}
	return n_all;
}

static void test_order(struct world *w)
{
	uint32_t n_told;

	start(w, 0, 512);
	want(w, 0, N_HOSTS);
	want(w, 0, N_HOSTS);
	world_round(w);
	tap_eq(w->n_decoys, DP_PROBE_BURST, "a call sends one burst of decoys");
	tap_eq(counted(w, DP_PROBES_SENT), DP_PROBE_BURST,
		"no first probe leaves before the decoys that wait");
	n_told = told(w, N_HOSTS);
	tap_ok(n_told > 0 && n_told <= DP_PROBE_BURST, "told of are hosts whose last one has left");
	world_run(w);
	tap_eq(w->n_decoys, told(w, N_HOSTS), "each decoy of a host leaves once");
	tap_ok(w->n_decoys > N_HOSTS * (N_DECOYS - 1), "decoys of %d hosts leave, up to %d each",
		N_HOSTS, N_DECOYS);
	tap_eq(counted(w, DP_DECOYS_SENT), w->n_decoys, "decoys that leave are counted as decoys");
	tap_eq(counted(w, DP_PROBES_SENT), 512 + w->n_decoys,
		"decoys that leave are counted as SYNs, like first probes");
	tap_eq(w->n_unknown, 0, "no frame but first probes and decoys is sent");
	world_free(w);
}

/* A bucket starts with one token, and the next one comes in a quarter of an hour. */
static void test_budget(struct world *w)
{
	start(w, 0.001, 512);
	want(w, 0, N_HOSTS);
	for (int i = 0; i < 100; i++)
		world_round(w);
	tap_eq(w->n_decoys, 1, "decoys take all that the budget has");
	tap_eq(counted(w, DP_PROBES_SENT), 1, "no decoy beyond the budget is sent");
	world_free(w);
}

static void test_done(struct world *w)
{
	uint32_t n_rounds = 0;

	start(w, 0, 0);
	tap_ok(world_round(w), "a prober without targets has probed all");
	want(w, 0, N_HOSTS);
	while (!world_round(w))
		n_rounds++;
	tap_ok(n_rounds >= told(w, N_HOSTS) / DP_PROBE_BURST,
		"a prober has not probed all while decoys wait");
	tap_eq(w->n_decoys, told(w, N_HOSTS), "a prober that has probed all has sent all decoys");
	world_free(w);
}

static void test_exclusion(struct world *w)
{
	struct ts_addr ends[2] = {host(10), host(19)};
	struct dp_ranges excluded = {0};

	start(w, 0, 0);
	want(w, 0, N_HOSTS);
	must(dp_ranges_push(&excluded, (struct dp_range){dp_number_from_addr(&ends[0]),
					       dp_number_from_addr(&ends[1])}) == 0,
		"memory");
	dp_ranges_normalize(&excluded);
	w->live.excluded = &excluded;
	world_run(w);
	tap_eq(told(w, 20) - told(w, 10), 0,
		"a host that is excluded while its decoys wait gets none");
	tap_eq(w->n_decoys, told(w, N_HOSTS), "hosts that are not excluded get their decoys");
	tap_eq(counted(w, DP_DECOY_HOSTS_ABANDONED), 10,
		"hosts that got no decoys are counted as abandoned");
	world_free(w);
	dp_ranges_free(&excluded);
}

static void test_stop(struct world *w)
{
	start(w, 0, 0);
	want(w, 0, 3);
	w->live.mode = DP_DRAIN;
	want(w, 3, 2);
	tap_eq(counted(w, DP_DECOY_HOSTS_ABANDONED), 2,
		"no host is given decoys when the scan is ending");
	dp_decoy_abandon(decoys_of(w));
	tap_eq(counted(w, DP_DECOY_HOSTS_ABANDONED), 5,
		"decoys that wait when the scan ends are counted");
	tap_eq(w->n_decoys, 0, "decoys that wait when the scan ends leave no frame");
	world_free(w);
}

static void test_full(struct world *w)
{
	start(w, 0, 0);
	want(w, 0, DP_DECOY_SLOTS + MORE);
	tap_eq(counted(w, DP_DECOY_HOSTS_NO_ROOM), MORE, "beyond the row a host goes without");
	world_run(w);
	tap_eq(w->n_decoys, told(w, DP_DECOY_SLOTS), "hosts in a full row get their decoys");
	want(w, DP_DECOY_SLOTS, MORE);
	world_run(w);
	tap_eq(w->n_decoys, told(w, DP_DECOY_SLOTS + MORE),
		"a host that went without decoys is asked for again by its next connection");
	world_free(w);
}

int main(void)
{
	struct world *w = world_open("decoy");

	test_order(w);
	test_budget(w);
	test_done(w);
	test_exclusion(w);
	test_stop(w);
	test_full(w);
	world_close(w);
	return tap_done();
}
