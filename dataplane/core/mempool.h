/* SPDX-License-Identifier: BSD-3-Clause */
/* DPDK's mempools as the pools that flows and TLS cores take from (pool.h). */
#pragma once

#include <rte_mempool.h>

#include "pool.h"

#define DP_POOL_CACHE 128
/* Elements follow each other in memory. We need neither contiguous physical memory nor spreading
 * over memory channels. */
#define DP_POOL_FLAGS (RTE_MEMPOOL_F_NO_IOVA_CONTIG | RTE_MEMPOOL_F_NO_SPREAD)

/**
 * Make a mempool. Its common ring works on if a thread is preempted inside it, because roles may
 * share a CPU. Main thread.
 * @param name       in: unique among DPDK's mempools; copied
 * @param n          in: elements, above 0
 * @param elt_size   in: bytes of one
 * @param socket_id  in: NUMA node of its memory
 * @return the caller's, to be freed by rte_mempool_free(); NULL if packet memory is short
 */
struct rte_mempool *dp_mempool_new(const char *name, uint32_t n, size_t elt_size, int socket_id);

/**
 * A mempool as a pool.
 * @param mempool  in: of dp_mempool_new(), borrowed; NULL is allowed if the pool is not used
 * @return the pool, which any lcore may use. Its n_free says what is in the common ring, without
 *         what lcores hold in their caches
 */
struct dp_pool dp_mempool_as_pool(struct rte_mempool *mempool);
