/* SPDX-License-Identifier: BSD-3-Clause */
/* DPDK's mempools behind the pools that flows and TLS cores take from (pool.h). */
#pragma once

#include <rte_mempool.h>

#include "pool.h"

#define DP_POOL_CACHE 128
/* Elements lie one behind the other: nothing of ours needs contiguous physical memory or spreading
 * over memory channels. */
#define DP_POOL_FLAGS (RTE_MEMPOOL_F_NO_IOVA_CONTIG | RTE_MEMPOOL_F_NO_SPREAD)

/**
 * Make a mempool whose common ring survives a thread that is preempted inside it: roles may share a
 * CPU. Main thread.
 * @param name       in: unique among DPDK's
 * @param n          in: elements
 * @param elt_size   in: bytes of one
 * @param socket_id  in: where its memory lies
 * @return NULL when packet memory ran out; rte_mempool_free() frees it
 */
struct rte_mempool *dp_mempool_new(const char *name, uint32_t n, size_t elt_size, int socket_id);

/**
 * The pool that a mempool is.
 * @param mempool  in: with a ring behind it, as scan.c makes them; borrowed
 * @return n_free says what is in the ring, and leaves out what lcores have in their caches. Any
 * lcore may use it.
 */
struct dp_pool dp_mempool_as_pool(struct rte_mempool *mempool);
