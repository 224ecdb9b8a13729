/* SPDX-License-Identifier: BSD-3-Clause */
/* What the prober sends, to whom, how often and when: prober_world.h counts the frames. */
#include "prober_world.h"

#define DONE_EACH 7

static void test_ranges(struct world *w, uint32_t n_poll, uint32_t n_services)
{
	static const uint64_t ranges[][2] = {{0, 0}, {5, 1}, {0, 2}, {101, 399}, {0, 640}};
	uint64_t n_settled = 0;

	for (size_t i = 0; i < RTE_DIM(ranges); i++) {
		world_new(w, n_poll, n_services);
		w->config.index_first = ranges[i][0];
		w->config.n_indices = ranges[i][1];
		w->config.n_probes = i == 4 ? 3 : 1;
		w->config.loss_sample.every = i == 3 ? 12 : 0;
		w->config.canary_sample.every = i >= 3 ? 5 : 0;
		world_start(w);
		world_run(w);
		check(w, samples, "a range");
		n_settled = 0;
		for (uint32_t p = 0; p < n_poll; p++)
			n_settled += dp_poll_core_of(w->scan->poll[p])->prober.n_settled;
		tap_ok(n_settled == ranges[i][1] && counted(w, DP_TARGETS_STARTED) == ranges[i][1],
			"a range: all %" PRIu64 " are started and settled", ranges[i][1]);
		world_free(w);
	}
}

static struct st_tally resumed(const struct world *w, uint64_t index)
{
	struct st_tally t = samples(w, index);

	if (in_range(w, index) && (index % DONE_EACH == 0 || index % DONE_EACH == 1))
		return (struct st_tally){0};
	/* Indices below the range: under way when the earlier run ended. */
	if (!in_range(w, index) && index < 40)
		t.n_primary = (uint8_t)w->config.n_probes;
	return t;
}

static void test_resume(struct world *w, uint32_t n_poll, uint32_t n_services)
{
	uint64_t done[640], n_done = 0;
	struct dp_target again[40];

	world_new(w, n_poll, n_services);
	w->config.index_first = 100;
	w->config.n_indices = 500;
	w->config.n_probes = 2;
	w->config.loss_sample.every = 3;
	w->config.again = again;
	w->config.done = done;
	for (uint64_t i = 0; i < 40; i++)
		again[i] = target_at(w, i);
	/* An earlier run recorded some below the range, too. */
	for (uint64_t i = 0; i < 640; i++) {
		if (i % DONE_EACH == 0 || i % DONE_EACH == 1)
			done[n_done++] = i;
	}
	w->config.n_again = 40;
	w->config.n_done = n_done;
	world_start(w);
	world_round(w);
	tap_eq(counted(w, DP_TARGETS_AGAIN), RTE_MIN(40u, n_poll * DP_PROBE_BURST),
		"a resumed scan begins with what was under way");
	world_run(w);
	check(w, resumed, "a resumed range");
	tap_eq(counted(w, DP_TARGETS_DONE_EARLIER), 142,
		"what an earlier run has probed is counted once");
	tap_eq(counted(w, DP_TARGETS_STARTED), 358, "what an earlier run has is not started again");
	tap_eq(counted(w, DP_TARGETS_AGAIN), 40,
		"what was under way is counted apart, once for all its probes");
	world_free(w);
}

/* Every address with an odd last byte. */
static struct st_tally without_odd(const struct world *w, uint64_t index)
{
	return target_at(w, index).addr.b[15] & 1 ? (struct st_tally){0} : samples(w, index);
}

static void test_exclusion(struct world *w, uint32_t n_poll, uint32_t n_services)
{
	struct dp_ranges odd = {0};
	uint64_t n_odd = 0;

	world_new(w, n_poll, n_services);
	w->config.n_probes = 2;
	w->config.loss_sample.every = 2;
	w->config.canary_sample.every = 2;
	for (uint64_t i = 0; i < w->config.n_indices; i++) {
		struct dp_target target = target_at(w, i);
		dp_u128 number = dp_number_from_addr(&target.addr);

		if (number & 1)
			must(dp_ranges_push(&odd, (struct dp_range){number, number}) == 0,
				"memory");
		n_odd += number & 1;
	}
	dp_ranges_normalize(&odd);
	w->live.excluded = &odd;
	world_start(w);
	for (uint32_t p = 0; p < n_poll; p++) {
		struct ts_addr addr = dp_addr_from_number(odd.items[p].first);

		dp_retry_add(&dp_poll_core_of(w->scan->poll[p])->work.retries, &addr, 0);
	}
	w->now_us = 2 * DP_RETRY_GAP_US;
	world_run(w);
	check(w, without_odd, "with live exclusions");
	tap_eq(counted(w, DP_TARGETS_EXCLUDED), n_odd,
		"each excluded target is counted once, whether it was to be probed again or not");
	world_free(w);
	dp_ranges_free(&odd);
}

/* Those with an even index have answered the first probe. */
static struct st_tally even_once(const struct world *w, uint64_t index)
{
	struct st_tally t = samples(w, index);

	if (index % 2 == 0)
		t.n_primary = 1;
	return t;
}

static void test_answered(struct world *w, uint32_t n_poll, uint32_t n_services)
{
	world_new(w, n_poll, n_services);
	w->config.n_probes = 4;
	w->config.loss_sample.every = 4;
	world_start(w);
	for (uint64_t i = 0; i < w->config.n_indices; i += 2) {
		struct dp_target target = target_at(w, i);

		dp_dedup_add(&w->scan->poll[i % n_poll]->dedup,
			i % 4 == 0 ? DP_DEDUP_SYNACK : DP_DEDUP_RST, &target.addr,
			services[target.service].port);
	}
	world_run(w);
	check(w, even_once, "answered targets are not asked again, but for the sample");
	tap_eq(counted(w, DP_PROBES_SKIPPED_ANSWERED), 3 * ((w->config.n_indices + 1) / 2),
		"each second probe that is left out is counted");
	world_free(w);
}

/* On our own network and even, or behind the gateway. */
static bool has_next_hop(const struct ts_addr *addr)
{
	return !ts_addr_is_v4(addr) || addr->b[15] % 2 == 0;
}

static struct st_tally reachable(const struct world *w, uint64_t index)
{
	struct dp_target target = target_at(w, index);

	return has_next_hop(&target.addr) ? samples(w, index) : (struct st_tally){0};
}

/* Hosts of our own network: half of them answer ARP, after a while, and the gateway does too. */
static void test_neighbours(struct world *w, uint32_t n_poll, uint32_t n_services)
{
	static const uint8_t mac[6] = {2, 0, 0, 0, 0, 7};
	uint64_t n_early = 0;

	world_new(w, n_poll, n_services);
	w->config.route.has_fixed_mac = false;
	w->config.route.prefix_v4_len = 15;
	w->config.route.has_gateway_v4 = w->config.route.has_gateway_v6 = true;
	ts_addr_parse("198.19.255.2", &w->config.route.gateway_v4);
	ts_addr_parse("fe80::1", &w->config.route.gateway_v6);
	w->config.loss_sample.every = 8;
	world_start(w);
	for (int i = 0; i < 100; i++)
		n_early += world_round(w);
	for (uint32_t p = 0; p < n_poll; p++)
		n_early += dp_poll_core_of(w->scan->poll[p])->prober.n_settled;
	tap_eq(n_early + counted(w, DP_PROBES_SENT), 0,
		"nothing is sent or settled without next hops");
	world_learn(w, &w->config.route.gateway_v6, mac);
	for (uint32_t i = 0; i < 512; i += 2) {
		struct ts_addr addr = ts_addr_from_v4(rte_cpu_to_be_32(UINT32_C(0xc6120000) + i));

		world_learn(w, &addr, mac);
	}
	world_run(w);
	check(w, reachable, "hosts of our own network");
	tap_eq(counted(w, DP_TARGETS_STARTED), w->config.n_indices - 256 * (uint64_t)n_services,
		"hosts of our own network that are reached are started");
	tap_eq(counted(w, DP_NEIGHBOUR_UNRESOLVED), 256 * (uint64_t)n_services,
		"hosts of our own network that are not reached are given up, each counted once");
	/* Asked for by pass 0, and again by the pass of the sample. */
	tap_ok(w->n_asked >= DP_NEIGH_TRIES * 256 * (uint64_t)n_services,
		"hosts of our own network are given up after three requests each");
	world_free(w);
}

/* Nothing leaves, nothing is taken for sent, and all is afterwards. */
static void wait_for(struct world *w, bool *flag, enum dp_stall stall, const char *what)
{
	uint32_t n_waiting = 0;

	world_start(w);
	*flag = true;
	for (int i = 0; i < 100; i++)
		world_round(w);
	for (uint32_t p = 0; p < w->config.n_poll; p++)
		n_waiting += atomic_load(&w->scan->poll[p]->stats->stall) == stall &&
			     dp_poll_core_of(w->scan->poll[p])->prober.n_begun == 0;
	tap_ok(n_waiting == w->config.n_poll && counted(w, DP_PROBES_SENT) == 0,
		"without %s nothing is sent, and that is what is waited for", what);
	*flag = false;
	world_run(w);
	tap_eq(counted(w, DP_PROBES_SENT), w->config.n_indices,
		"once a prober has what it waited for, it sends all probes");
}

/* Without a link a probe is lost; without room on the disk its answer may be. */
static void test_link(struct world *w, uint32_t n_poll, uint32_t n_services)
{
	world_new(w, n_poll, n_services);
	wait_for(w, &w->live.no_link, DP_STALL_LINK, "a link");
	world_free(w);
	world_new(w, n_poll, n_services);
	wait_for(w, &w->live.no_room, DP_STALL_DISK, "room on the disk");
	world_free(w);
}

int main(void)
{
	struct world *w = world_open("prober");

	for (uint32_t n_services = 1; n_services <= 2; n_services++) {
		for (uint32_t n_poll = 1; n_poll <= MAX_CORES; n_poll += 2) {
			test_ranges(w, n_poll, n_services);
			test_resume(w, n_poll, n_services);
			test_exclusion(w, n_poll, n_services);
			test_answered(w, n_poll, n_services);
			test_neighbours(w, n_poll, n_services);
			test_link(w, n_poll, n_services);
		}
	}
	world_close(w);
	return tap_done();
}
