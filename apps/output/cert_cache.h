/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What was already rendered: DER bytes -> finished JSON, in bounded memory.
 *
 * Chains repeat: a few hundred intermediates are most of what a scan sees. The cache is four-way
 * set associative with the least recently used way replaced, so leaves, which come once, push out
 * only each other. An entry is found by a keyed hash and then by all of its bytes: no collision can
 * hand one certificate's facts to another. One thread.
 */
#pragma once

#include "tcpstack/cookie/cookie.h"

struct out_cert_cache;

/**
 * @param max_bytes  in: DER and JSON held at most, over all entries
 * @param key        in: random
 * @return the cache or NULL
 */
struct out_cert_cache *out_cert_cache_new(size_t max_bytes, struct ts_cookie_key key);

void out_cert_cache_free(struct out_cert_cache *cache);

/**
 * @param json_len  out: on a hit
 * @param open      out: on a hit, as given to out_cert_cache_add()
 * @return the JSON, valid until the next out_cert_cache_add(), or NULL
 */
const char *out_cert_cache_find(struct out_cert_cache *cache, const uint8_t *der, size_t der_len,
	size_t *json_len, bool *open);

/**
 * Keep a rendering; one of the same certificate is replaced. Does nothing when memory is short.
 * @param open  in: something was not found out and may be later
 */
void out_cert_cache_add(struct out_cert_cache *cache, const uint8_t *der, size_t der_len,
	const char *json, size_t json_len, bool open);

/** Bytes held now. */
size_t out_cert_cache_bytes(const struct out_cert_cache *cache);
