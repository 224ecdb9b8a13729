/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A pool of items of one size, as its users see it.
 *
 * Flows and TLS cores take chunks and dialogs from pools and give them back. Only the owner of a
 * pool knows where its items are and which threads share it: the poll loop uses DPDK's mempools,
 * the simulation a list. A thread that may use the pool calls these functions.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct dp_pool {
	/* Takes n items, all or none. Returns false if there are fewer. */
	bool (*take)(void *ctx, void **items, uint32_t n);
	/* Gives one item back. */
	void (*give)(void *ctx, void *item);
	/* Says about how many items are free to all users of the pool. */
	uint32_t (*n_free)(void *ctx);
	void *ctx;
};

/**
 * Take items, all or none.
 * @param pool   in
 * @param items  out: n pointers to items, now the caller's; not valid on false
 * @param n      in: how many
 * @return false if there are fewer
 */
static inline bool dp_pool_take(const struct dp_pool *pool, void **items, uint32_t n)
{
	return pool->take(pool->ctx, items, n);
}

/**
 * Give an item back.
 * @param pool  in: the pool that it was taken from
 * @param item  in: the caller's until now
 */
static inline void dp_pool_give(const struct dp_pool *pool, void *item)
{
	pool->give(pool->ctx, item);
}

/** About how many items are free to all users of the pool. */
static inline uint32_t dp_pool_n_free(const struct dp_pool *pool)
{
	return pool->n_free(pool->ctx);
}
