/* SPDX-License-Identifier: BSD-3-Clause */
#include "cert_cache.h"

#include <stdlib.h>

#define N_SETS 4096 /* a power of two */
#define N_WAYS 4

struct entry {
	uint64_t hash, used; /* used: cache->clock at the last find */
	size_t der_len, json_len;
	bool open;	 /* see out_cert_cache_add() */
	uint8_t bytes[]; /* DER, then JSON */
};

struct out_cert_cache {
	struct ts_cookie_key key;
	size_t max_bytes, bytes;
	uint64_t clock;
	size_t hand; /* the slot that is dropped next if there are too many bytes */
	struct entry *slots[N_SETS * N_WAYS];
};

static size_t entry_bytes(const struct entry *entry)
{
	return sizeof(*entry) + entry->der_len + entry->json_len;
}

static void drop(struct out_cert_cache *cache, size_t slot)
{
	if (cache->slots[slot] == NULL)
		return;
	cache->bytes -= entry_bytes(cache->slots[slot]);
	free(cache->slots[slot]);
	cache->slots[slot] = NULL;
}

struct out_cert_cache *out_cert_cache_new(size_t max_bytes, struct ts_cookie_key key)
{
	struct out_cert_cache *cache = calloc(1, sizeof(*cache));

	if (cache == NULL)
		return NULL;
	cache->max_bytes = max_bytes;
	cache->key = key;
	return cache;
}

void out_cert_cache_free(struct out_cert_cache *cache)
{
	if (cache == NULL)
		return;
	for (size_t i = 0; i < N_SETS * N_WAYS; i++)
		free(cache->slots[i]);
	free(cache);
}

const char *out_cert_cache_find(struct out_cert_cache *cache, const uint8_t *der, size_t der_len,
	size_t *json_len, bool *open)
{
	uint64_t hash = ts_siphash(&cache->key, der, der_len);
	size_t first = (size_t)(hash % N_SETS) * N_WAYS;

	for (size_t i = first; i < first + N_WAYS; i++) {
		struct entry *entry = cache->slots[i];

		if (entry == NULL || entry->hash != hash || entry->der_len != der_len ||
			memcmp(entry->bytes, der, der_len) != 0)
			continue;
		entry->used = ++cache->clock;
		*json_len = entry->json_len;
		*open = entry->open;
		return (const char *)entry->bytes + der_len;
	}
	return NULL;
}

/* An empty way of the set, or the one that was used longest ago. */
static size_t way_to_fill(const struct out_cert_cache *cache, size_t first)
{
	size_t oldest = first;

	for (size_t i = first; i < first + N_WAYS; i++) {
		if (cache->slots[i] == NULL)
			return i;
		if (cache->slots[i]->used < cache->slots[oldest]->used)
			oldest = i;
	}
	return oldest;
}

/* Drop an older entry of the same certificate: the new JSON says more. */
static void drop_same(struct out_cert_cache *cache, size_t first, const struct entry *entry)
{
	for (size_t i = first; i < first + N_WAYS; i++) {
		const struct entry *old = cache->slots[i];

		if (old != NULL && old->hash == entry->hash && old->der_len == entry->der_len &&
			memcmp(old->bytes, entry->bytes, entry->der_len) == 0)
			drop(cache, i);
	}
}

void out_cert_cache_add(struct out_cert_cache *cache, const uint8_t *der, size_t der_len,
	const char *json, size_t json_len, bool open)
{
	size_t size = sizeof(struct entry) + der_len + json_len, first, slot;
	struct entry *entry;

	if (size > cache->max_bytes / N_WAYS)
		return;
	entry = malloc(size);
	if (entry == NULL)
		return;
	*entry = (struct entry){
		.hash = ts_siphash(&cache->key, der, der_len),
		.used = ++cache->clock,
		.der_len = der_len,
		.json_len = json_len,
		.open = open,
	};
	if (der_len > 0)
		memcpy(entry->bytes, der, der_len);
	memcpy(entry->bytes + der_len, json, json_len);
	first = (size_t)(entry->hash % N_SETS) * N_WAYS;
	drop_same(cache, first, entry);
	slot = way_to_fill(cache, first);
	drop(cache, slot);
	/* This ends: the hand meets every slot in one turn, and an empty cache has room for any
	 * entry. */
	while (cache->bytes + size > cache->max_bytes) {
		drop(cache, cache->hand);
		cache->hand = (cache->hand + 1) % (N_SETS * N_WAYS);
	}
	cache->slots[slot] = entry;
	cache->bytes += size;
}

size_t out_cert_cache_bytes(const struct out_cert_cache *cache)
{
	return cache->bytes;
}
