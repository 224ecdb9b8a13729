/* SPDX-License-Identifier: BSD-3-Clause */
/* A pool (dataplane/core/pool.h) over one block of memory, the item given back last going out
 * first. */
#pragma once

#include "dataplane/core/pool.h"

struct list_pool {
	struct dp_pool pool;
	void **items; /* the free ones */
	uint8_t *memory;
	uint32_t n, n_all;
};

/** Make a pool of n_all items; the process ends when memory is short. */
void list_pool_init(struct list_pool *list, uint32_t n_all, uint32_t item_len);

/** Free the memory, whether or not every item is back. */
void list_pool_fini(struct list_pool *list);
