/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the prober says it waits for. With nothing left but ARP requests, or hosts to be asked
 * again, it blamed the gap between two probes.
 */
#include "tests/unit/probe/prober_world.h"

#define ROUNDS 5

static enum dp_stall stall(const struct world *w)
{
	return (enum dp_stall)atomic_load(&w->scan->poll[0]->stats->stall);
}

/* The state after some rounds. */
static enum dp_stall soon(struct world *w)
{
	for (int i = 0; i < ROUNDS; i++)
		world_round(w);
	return stall(w);
}

/* Far fewer targets than one call sends. */
static void few(struct world *w)
{
	world_new(w, 1, 1);
	w->config.n_indices = 16;
}

static void test_gap(struct world *w)
{
	few(w);
	w->config.n_probes = 2;
	world_start(w);
	tap_str(dp_stall_name(soon(w)), "probe-gap",
		"a prober is not done between first and repeated probes");
	world_run(w);
	tap_str(dp_stall_name(stall(w)), "done",
		"a prober waits for nothing after the last probes");
	world_free(w);
}

static void test_retry(struct world *w)
{
	struct dp_target target;

	few(w);
	world_start(w);
	world_run(w);
	target = target_at(w, 0);
	dp_retry_add(
		&dp_poll_core_of(w->scan->poll[0])->work.retries, &target.addr, target.service);
	tap_str(dp_stall_name(soon(w)), "retry",
		"a prober with nothing left but a host to be asked again waits for its retry");
	world_run(w);
	tap_eq(w->tally[0].n_primary, 1 + DP_RETRY_TRIES,
		"a host that is to be asked again is asked, and again while it is silent");
	world_free(w);
}

static void test_neighbour(struct world *w)
{
	few(w);
	w->config.route.has_fixed_mac = false;
	w->config.route.prefix_v4_len = 15;
	w->config.route.prefix_v6_len = 32;
	world_start(w);
	tap_str(dp_stall_name(soon(w)), "neighbour",
		"a prober that has asked for the MAC addresses of its hosts waits for neighbours");
	world_run(w);
	tap_str(dp_stall_name(stall(w)), "done",
		"hosts without a next hop are waited for until they are given up");
	world_free(w);
}

static void test_gateway(struct world *w)
{
	few(w);
	w->config.route.has_fixed_mac = false;
	w->config.route.has_gateway_v4 = w->config.route.has_gateway_v6 = true;
	ts_addr_parse("198.19.255.2", &w->config.route.gateway_v4);
	ts_addr_parse("fe80::1", &w->config.route.gateway_v6);
	world_start(w);
	tap_str(dp_stall_name(soon(w)), "neighbour",
		"a gateway that has not answered is waited for");
	world_free(w);
}

int main(void)
{
	struct world *w = world_open("stall");

	test_gap(w);
	test_retry(w);
	test_neighbour(w);
	test_gateway(w);
	world_close(w);
	return tap_done();
}
