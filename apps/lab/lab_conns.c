/* SPDX-License-Identifier: BSD-3-Clause */
#include <assert.h>
#include <stdlib.h>

#include "lab_conns.h"

static_assert(sizeof(struct lab_tuple) == 36, "a tuple is hashed as it lies: no padding");

bool lab_conns_init(struct lab_conns *conns, uint32_t n, uint64_t seed)
{
	uint32_t n_buckets = 1;

	while (n_buckets < n)
		n_buckets *= 2;
	conns->slots = calloc(n, sizeof(*conns->slots));
	conns->buckets = malloc(n_buckets * sizeof(*conns->buckets));
	if (conns->slots == NULL || conns->buckets == NULL) {
		lab_conns_fini(conns);
		return false;
	}
	for (uint32_t i = 0; i < n_buckets; i++)
		conns->buckets[i] = LAB_CONN_NONE;
	conns->bucket_mask = n_buckets - 1;
	conns->free_head = LAB_CONN_NONE;
	conns->n = n;
	conns->n_fresh = n;
	conns->key = (struct ts_cookie_key){seed, 0x6c61622d636f6e6e};
	return true;
}

void lab_conns_fini(struct lab_conns *conns)
{
	free(conns->slots);
	free(conns->buckets);
	conns->slots = NULL;
	conns->buckets = NULL;
}

uint64_t lab_conns_hash(const struct lab_conns *conns, const struct lab_tuple *tuple)
{
	return ts_siphash(&conns->key, tuple, sizeof(*tuple));
}

static uint32_t *conns_bucket(const struct lab_conns *conns, const struct lab_tuple *tuple)
{
	return &conns->buckets[(lab_conns_hash(conns, tuple) >> 32) & conns->bucket_mask];
}

uint32_t lab_conns_find(const struct lab_conns *conns, const struct lab_tuple *tuple)
{
	uint32_t i = *conns_bucket(conns, tuple);

	while (i != LAB_CONN_NONE && memcmp(&conns->slots[i].tuple, tuple, sizeof(*tuple)) != 0)
		i = conns->slots[i].next;
	return i;
}

uint32_t lab_conns_take(struct lab_conns *conns, const struct lab_tuple *tuple)
{
	uint32_t i = conns->free_head, *bucket = conns_bucket(conns, tuple);

	if (i != LAB_CONN_NONE)
		conns->free_head = conns->slots[i].next;
	else if (conns->n_fresh > 0)
		i = conns->n - conns->n_fresh--;
	else
		return LAB_CONN_NONE;
	conns->slots[i].tuple = *tuple;
	conns->slots[i].in_use = true;
	conns->slots[i].next = *bucket;
	*bucket = i;
	return i;
}

void lab_conns_give(struct lab_conns *conns, uint32_t i)
{
	uint32_t *at = conns_bucket(conns, &conns->slots[i].tuple);

	while (*at != i)
		at = &conns->slots[*at].next;
	*at = conns->slots[i].next;
	conns->slots[i].in_use = false;
	conns->slots[i].next = conns->free_head;
	conns->free_head = i;
}
