/* SPDX-License-Identifier: BSD-3-Clause */
#include "mempool.h"

struct rte_mempool *dp_mempool_new(const char *name, uint32_t n, size_t elt_size, int socket_id)
{
	struct rte_mempool *pool = rte_mempool_create_empty(
		name, n, (unsigned int)elt_size, DP_POOL_CACHE, 0, socket_id, DP_POOL_FLAGS);

	if (pool == NULL)
		return NULL;
	if (rte_mempool_set_ops_byname(pool, "ring_mt_rts", NULL) != 0 ||
		rte_mempool_populate_default(pool) < 0) {
		rte_mempool_free(pool);
		return NULL;
	}
	return pool;
}

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
