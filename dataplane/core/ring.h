/* SPDX-License-Identifier: BSD-3-Clause */
/* Handing elements over to another core, with a gauge of how full the rings have been. */
#pragma once

#include <rte_ring.h>
#include <rte_ring_elem.h>

#include "stats.h"

/**
 * Put one element into a ring that only this core fills. Called by the ring's producer.
 * @param ring     in/out: with one producer
 * @param element  in: copied
 * @param size     in: bytes of the element, the size that the ring was created with
 * @param stats    in/out: of the core
 * @param peak     in: the gauge of the largest number of entries of all rings of this kind
 * @return false if the ring is full
 */
static inline bool dp_ring_put(struct rte_ring *ring, const void *element, unsigned int size,
	struct dp_stats *stats, enum dp_gauge peak)
{
	unsigned int n_free;

	if (rte_ring_sp_enqueue_bulk_elem(ring, element, size, 1, &n_free) == 0) {
		dp_gauge_peak(stats, peak, rte_ring_get_capacity(ring));
		return false;
	}
	dp_gauge_peak(stats, peak, rte_ring_get_capacity(ring) - n_free);
	return true;
}
