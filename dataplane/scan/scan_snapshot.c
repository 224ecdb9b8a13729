/* SPDX-License-Identifier: BSD-3-Clause */
#include "scan_snapshot.h"

#include "poll_core.h"
#include "scan.h"

void dp_snapshot_ask(struct dp_scan *scan)
{
	/* Release; pairs with the acquire in dp_snapshot_step(). */
	atomic_fetch_add_explicit(&scan->snapshot_wanted, 1, memory_order_release);
}

bool dp_snapshot_ready(const struct dp_scan *scan)
{
	uint32_t wanted = atomic_load_explicit(&scan->snapshot_wanted, memory_order_relaxed);

	for (uint32_t p = 0; p < scan->config.n_poll; p++) {
		/* Acquire; pairs with the release in publish(). */
		if (atomic_load_explicit(&dp_poll_core_of(scan->poll[p])->snapshot.published,
			    memory_order_acquire) != wanted)
			return false;
	}
	return true;
}

const struct dp_notes *dp_snapshot_copy(const struct dp_scan *scan, uint32_t poll_index)
{
	return &dp_poll_core_of(scan->poll[poll_index])->work.notes;
}

bool dp_snapshot_taken(const struct dp_scan *scan)
{
	for (uint32_t p = 0; p < scan->config.n_poll; p++) {
		if (scan->threads->n_taken[p] < dp_poll_core_of(scan->poll[p])->snapshot.n_records)
			return false;
	}
	return true;
}

/* Number of a core's own indices. */
static uint64_t own_indices(const struct dp_scan *scan, uint32_t p)
{
	uint64_t n = scan->config.n_indices;

	return n / scan->config.n_poll + (n % scan->config.n_poll > p);
}

/* A core's own index number nth, from 0. */
static uint64_t index_of(const struct dp_scan *scan, uint32_t p, uint64_t nth)
{
	return scan->config.index_first + nth * scan->config.n_poll + p;
}

bool dp_snapshot_progress(const struct dp_scan *scan, uint64_t *begun, uint64_t *settled)
{
	*begun = scan->config.index_first;
	*settled = scan->config.index_first + scan->config.n_indices;
	for (uint32_t p = 0; p < scan->config.n_poll; p++) {
		const struct dp_prober *prober = &dp_poll_core_of(scan->poll[p])->prober;
		uint64_t n_begun = atomic_load_explicit(&prober->n_begun, memory_order_relaxed);
		uint64_t n_settled = atomic_load_explicit(&prober->n_settled, memory_order_relaxed);

		if (atomic_load_explicit(&prober->n_again_left, memory_order_relaxed) > 0)
			return false;
		if (n_begun > 0)
			*begun = RTE_MAX(*begun, index_of(scan, p, n_begun - 1) + 1);
		if (n_settled < own_indices(scan, p))
			*settled = RTE_MIN(*settled, index_of(scan, p, n_settled));
	}
	return true;
}

bool dp_snapshot_finish(struct dp_scan *scan)
{
	for (uint32_t p = 0; p < scan->config.n_poll; p++) {
		if (dp_poll_core_of(scan->poll[p])->abort_us != 0)
			return false;
	}
	while (!dp_snapshot_ready(scan)) {
		for (uint32_t p = 0; p < scan->config.n_poll; p++)
			dp_snapshot_step(&dp_poll_core_of(scan->poll[p])->snapshot);
	}
	return true;
}
