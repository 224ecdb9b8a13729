/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A pool of items of one size, as its users see it.
 *
 * Flows and TLS cores take chunks and dialogs from pools and give them back. Where the items lie,
 * and which threads share a pool, is known to its owner alone: the poll loop puts DPDK's mempools
 * behind this, the simulation a list.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct dp_pool {
	/* Take n items, all or none. @return false: there are fewer */
	bool (*take)(void *ctx, void **items, uint32_t n);
	/* Give one back. */
	void (*give)(void *ctx, void *item);
	/* About how many items are free to all users of the pool. */
	uint32_t (*n_free)(void *ctx);
	void *ctx;
};

/** Take n items. @return false when there are fewer; none is taken then. A user of the pool. */
static inline bool dp_pool_take(const struct dp_pool *pool, void **items, uint32_t n)
{
	return pool->take(pool->ctx, items, n);
}

/** Give an item back. A user of the pool. */
static inline void dp_pool_give(const struct dp_pool *pool, void *item)
{
	pool->give(pool->ctx, item);
}

/** About how many items are free to all. A user of the pool. */
static inline uint32_t dp_pool_n_free(const struct dp_pool *pool)
{
	return pool->n_free(pool->ctx);
}
