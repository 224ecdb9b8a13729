/* SPDX-License-Identifier: BSD-3-Clause */
/* What control changes while poll cores run. */
#include <errno.h>
#include <stdlib.h>

#include <rte_cycles.h>

#include "poll.h"

/* Poll cores take in an exclusion within a few hundred loops, and as long as a device takes over
 * what is queued for it. */
#define EXCLUDE_WAIT_US 5000000
#define EXCLUDE_LOOK_US 100
/* A device's own ring, full of the longest frames, at 10 Gbit/s, and some. */
#define DEVICE_RING_US 2000

/* Only next hops are kept: hosts of our own network, and the gateways. */
static bool is_next_hop(const struct dp_route *route, const struct ts_addr *addr)
{
	return dp_route_next_hop(route, addr) == addr ||
	       (route->has_gateway_v4 && ts_addr_equal(addr, &route->gateway_v4)) ||
	       (route->has_gateway_v6 && ts_addr_equal(addr, &route->gateway_v6));
}

static void learn_one(struct dp_scan *scan, struct dp_live **next, const struct dp_sighting *s)
{
	const struct dp_neigh *known = *next != NULL ? &(*next)->neigh : &scan->live.current->neigh;
	const uint8_t *mac = dp_neigh_find(known, &s->addr);

	if (!is_next_hop(&scan->config.route, &s->addr) ||
		(mac != NULL && memcmp(mac, s->mac, sizeof(s->mac)) == 0))
		return;
	if (*next == NULL)
		*next = dp_live_copy(&scan->live);
	if (*next != NULL)
		dp_neigh_put(&(*next)->neigh, &s->addr, s->mac);
}

bool dp_scan_learn(struct dp_scan *scan)
{
	struct dp_live *next = NULL;

	for (uint32_t p = 0; p < scan->config.n_poll; p++) {
		struct dp_sighting s;

		while (rte_ring_sc_dequeue_elem(scan->to_control[p], &s, sizeof(s)) == 0)
			learn_one(scan, &next, &s);
	}
	if (next == NULL)
		return false;
	dp_live_publish(&scan->live, next);
	return true;
}

int dp_scan_set(struct dp_scan *scan, enum dp_mode mode, double rate_pps)
{
	struct dp_live *next = dp_live_copy(&scan->live);

	if (next == NULL)
		return -ENOMEM;
	next->mode = mode;
	if (rate_pps >= 0)
		next->rate_pps = rate_pps;
	dp_live_publish(&scan->live, next);
	return 0;
}

int dp_scan_set_limits(struct dp_scan *scan, double rate_pps, double bandwidth_bps)
{
	struct dp_live *next = dp_live_copy(&scan->live);

	if (next == NULL)
		return -ENOMEM;
	if (rate_pps >= 0)
		next->rate_pps = rate_pps;
	if (bandwidth_bps >= 0)
		next->bandwidth_bps = bandwidth_bps;
	dp_live_publish(&scan->live, next);
	return 0;
}

int dp_scan_set_link(struct dp_scan *scan, bool up)
{
	struct dp_live *next = dp_live_copy(&scan->live);

	if (next == NULL)
		return -ENOMEM;
	next->no_link = !up;
	dp_live_publish(&scan->live, next);
	return 0;
}

int dp_scan_set_room(struct dp_scan *scan, bool room)
{
	struct dp_live *next = dp_live_copy(&scan->live);

	if (next == NULL)
		return -ENOMEM;
	next->no_room = !room;
	dp_live_publish(&scan->live, next);
	return 0;
}

static bool all_have_excluded(const struct dp_scan *scan)
{
	uint64_t gen = scan->live.current->exclude_gen;

	for (uint32_t p = 0; p < scan->config.n_poll; p++) {
		/* Acquire; pairs with the releases in dp_sweep_run() and dp_poll_main(). */
		if (atomic_load_explicit(&scan->poll[p]->excluded_gen, memory_order_acquire) < gen)
			return false;
	}
	return true;
}

int dp_scan_exclude_early(struct dp_scan *scan, const struct dp_ranges *more)
{
	static const struct dp_ranges none;
	struct dp_ranges *old = scan->excluded;
	struct dp_ranges *all = calloc(1, sizeof(*all));
	struct dp_live *next = dp_live_copy(&scan->live);

	if (all == NULL || next == NULL ||
		dp_ranges_union(all, old != NULL ? old : &none, more) != 0) {
		free(all);
		free(next);
		return -ENOMEM;
	}
	/* Each packet of either direction asks for it: an empty set is none. */
	next->excluded = all->n > 0 ? all : NULL;
	next->exclude_gen++;
	scan->excluded = all;
	/* When it returns no poll core reads the old set any more. */
	dp_live_publish(&scan->live, next);
	if (old != NULL)
		dp_ranges_free(old);
	free(old);
	return 0;
}

int dp_scan_exclude(struct dp_scan *scan, const struct dp_ranges *more)
{
	uint64_t start_us;
	int rc = dp_scan_exclude_early(scan, more);

	if (rc != 0)
		return rc;
	start_us = dp_clock_us(&scan->clock);
	while (!all_have_excluded(scan)) {
		if (dp_clock_us(&scan->clock) - start_us > EXCLUDE_WAIT_US)
			return -ETIMEDOUT;
		rte_delay_us_sleep(EXCLUDE_LOOK_US);
	}
	rte_delay_us_sleep(DEVICE_RING_US);
	return 0;
}

const struct dp_ranges *dp_scan_excluded(const struct dp_scan *scan)
{
	return scan->excluded;
}
