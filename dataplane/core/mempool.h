/* SPDX-License-Identifier: BSD-3-Clause */
/* DPDK's mempools behind the pools that flows and TLS cores take from (pool.h). */
#pragma once

#include <rte_mempool.h>

#include "pool.h"

/**
 * The pool that a mempool is.
 * @param mempool  in: with a ring behind it, as scan.c makes them; borrowed
 * @return n_free says what is in the ring, and leaves out what lcores have in their caches. Any
 * lcore may use it.
 */
struct dp_pool dp_mempool_as_pool(struct rte_mempool *mempool);
