/* SPDX-License-Identifier: BSD-3-Clause */
#include "mempool.h"

static bool mempool_take(void *ctx, void **items, uint32_t n)
{
	return rte_mempool_get_bulk(ctx, items, n) == 0;
}

static void mempool_give(void *ctx, void *item)
{
	rte_mempool_put(ctx, item);
}

static uint32_t mempool_n_free(void *ctx)
{
	const struct rte_mempool *mempool = ctx;

	return rte_ring_count(mempool->pool_data);
}

struct dp_pool dp_mempool_as_pool(struct rte_mempool *mempool)
{
	return (struct dp_pool){
		.take = mempool_take,
		.give = mempool_give,
		.n_free = mempool_n_free,
		.ctx = mempool,
	};
}
