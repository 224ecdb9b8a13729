/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/sim/list_pool.h"

#include <stdlib.h>

static bool take(void *ctx, void **items, uint32_t n)
{
	struct list_pool *list = ctx;

	if (list->n < n)
		return false;
	for (uint32_t i = 0; i < n; i++)
		items[i] = list->items[--list->n];
	return true;
}

static void give(void *ctx, void *item)
{
	struct list_pool *list = ctx;

	/* More than there are: one has come back twice. */
	if (list->n == list->n_all)
		abort();
	list->items[list->n++] = item;
}

static uint32_t n_free(void *ctx)
{
	return ((const struct list_pool *)ctx)->n;
}

void list_pool_init(struct list_pool *list, uint32_t n_all, uint32_t item_len)
{
	*list = (struct list_pool){
		.pool = {.take = take, .give = give, .n_free = n_free, .ctx = list},
		.items = calloc(n_all, sizeof(*list->items)),
		.memory = calloc(n_all, item_len),
		.n_all = n_all,
	};
	if (list->items == NULL || list->memory == NULL)
		abort();
	while (list->n < n_all) {
		list->items[list->n] = list->memory + (size_t)list->n * item_len;
		list->n++;
	}
}

void list_pool_fini(struct list_pool *list)
{
	free(list->items);
	free(list->memory);
}
