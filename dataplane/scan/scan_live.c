/* SPDX-License-Identifier: BSD-3-Clause */
/* What control changes while the poll cores run. */
#include <errno.h>
#include <stdlib.h>

#include <rte_cycles.h>

#include "poll_core.h"
#include "scan.h"

/* A purge takes a few hundred turns of a poll core, and the time in which the device takes the
 * frames that are queued for it. */
#define EXCLUDE_WAIT_US 5000000
#define EXCLUDE_LOOK_US 100
/* More than the time that a device needs to send its own ring, full of the longest frames, at
 * 10 Gbit/s. */
#define DEVICE_RING_US 2000

/* Is it a next hop: a host of our own network, or a gateway? Others are not kept. */
static bool is_next_hop(const struct dp_route *route, const struct ts_addr *addr)
{
	return dp_route_next_hop(route, addr) == addr || dp_route_is_gateway(route, addr);
}

/* The copy that is published at the end: made with the first change. NULL: memory is short, the
 * next answer tries again. */
static struct dp_live *change(struct dp_scan *scan, struct dp_live **next)
{
	if (*next == NULL)
		*next = dp_live_copy(&scan->live);
	return *next;
}

static const struct dp_live *seen(const struct dp_scan *scan, const struct dp_live *next)
{
	return next != NULL ? next : scan->live.current;
}

static void learn_one(struct dp_scan *scan, struct dp_live **next, const struct dp_neigh_update *s,
	uint64_t now_us)
{
	struct dp_neigh_entry put;

	if (!is_next_hop(&scan->config.route, &s->addr))
		return;
	if (dp_resolve_answer(&scan->threads->resolve,
		    dp_neigh_look(&seen(scan, *next)->neigh, &s->addr), &s->addr, s->mac, now_us,
		    &put) &&
		change(scan, next) != NULL)
		dp_neigh_put(&(*next)->neigh, &put);
}

/* Answers from behind each gateway so far. */
static void sum_heard(const struct dp_scan *scan, uint64_t n_heard[2])
{
	n_heard[0] = n_heard[1] = 0;
	for (uint32_t p = 0; p < scan->config.n_poll; p++) {
		for (uint32_t i = 0; i < 2; i++)
			n_heard[i] += atomic_load_explicit(
				&scan->poll[p]->n_heard[i], memory_order_relaxed);
	}
}

/* Tell the poll cores of a change of a gateway's state. */
static void follow_gateway(struct dp_scan *scan, struct dp_live **next, uint32_t i)
{
	const struct dp_gateway *gateway = &scan->threads->resolve.gateway[i];

	if (seen(scan, *next)->gateway_state[i] == gateway->state || change(scan, next) == NULL)
		return;
	(*next)->gateway_state[i] = gateway->state;
	if (gateway->state == DP_GATEWAY_SEEK)
		dp_neigh_drop(&(*next)->neigh, &gateway->addr);
}

void dp_scan_learn(struct dp_scan *scan, uint64_t now_us)
{
	uint32_t now_s = (uint32_t)(now_us / 1000000);
	uint64_t n_heard[2];
	struct dp_live *next = NULL;

	scan->threads->resolve.n_events = 0;
	scan->threads->resolve.n_claims_untold = 0;
	for (uint32_t p = 0; p < scan->config.n_poll; p++) {
		struct dp_neigh_update s;

		while (rte_ring_sc_dequeue_elem(scan->to_control[p], &s, sizeof(s)) == 0)
			learn_one(scan, &next, &s, now_us);
	}
	sum_heard(scan, n_heard);
	if (scan->live.current->no_link)
		dp_resolve_pause(&scan->threads->resolve, now_us);
	else
		dp_resolve_look(&scan->threads->resolve, n_heard, now_us);
	follow_gateway(scan, &next, 0);
	follow_gateway(scan, &next, 1);
	if (now_s != scan->threads->aged_s && dp_neigh_aged(&seen(scan, next)->neigh, now_s) &&
		change(scan, &next) != NULL)
		dp_neigh_age(&next->neigh, now_s);
	scan->threads->aged_s = now_s;
	if (next != NULL)
		dp_live_publish(&scan->live, next);
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
		/* Acquire; pairs with the releases in dp_purge_run() and dp_purge_end(). */
		if (atomic_load_explicit(&dp_poll_core_of(scan->poll[p])->purge.excluded_gen,
			    memory_order_acquire) < gen)
			return false;
	}
	return true;
}

int dp_scan_exclude_early(struct dp_scan *scan, const struct dp_ranges *more)
{
	static const struct dp_ranges none;
	struct dp_ranges *old = scan->threads->excluded;
	struct dp_ranges *all = calloc(1, sizeof(*all));
	struct dp_live *next = dp_live_copy(&scan->live);

	if (all == NULL || next == NULL ||
		dp_ranges_union(all, old != NULL ? old : &none, more) != 0) {
		free(all);
		free(next);
		return -ENOMEM;
	}
	/* Each packet looks at it, so an empty set is published as NULL. */
	next->excluded = all->n > 0 ? all : NULL;
	next->exclude_gen++;
	scan->threads->excluded = all;
	/* After this call no poll core reads the old set any more. */
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
	return scan->threads->excluded;
}
