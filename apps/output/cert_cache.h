/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Certificates that were rendered before: from DER to finished JSON, in bounded memory.
 *
 * Chains repeat: a few hundred intermediate certificates are most of what a scan sees. The cache is
 * four-way set associative, and the way that was used longest ago is replaced. So leaves, which
 * come once, mostly push out each other. An entry is found by a keyed hash and then compared byte
 * by byte, so that a collision cannot give one certificate the JSON of another. One thread at a
 * time.
 */
#pragma once

#include "tcpstack/cookie/cookie.h"

struct out_cert_cache;

/**
 * Make an empty cache.
 * @param max_bytes  in: most bytes of DER, JSON and headers of entries, all entries together
 * @param key        in: random; copied
 * @return the cache, to be freed with out_cert_cache_free(); NULL: memory is short
 */
struct out_cert_cache *out_cert_cache_new(size_t max_bytes, struct ts_cookie_key key);

/** Free the cache and all of its entries. NULL is allowed. */
void out_cert_cache_free(struct out_cert_cache *cache);

/**
 * Find the JSON of a certificate.
 * @param cache         in/out: the entry counts as used now
 * @param der, der_len  in: the whole certificate; borrowed for the call
 * @param json_len      out: bytes of the JSON, if it was found
 * @param open          out: as given to out_cert_cache_add(), if it was found
 * @return the JSON, not NUL-terminated, valid until the next out_cert_cache_add(); NULL: not found
 */
const char *out_cert_cache_find(struct out_cert_cache *cache, const uint8_t *der, size_t der_len,
	size_t *json_len, bool *open);

/**
 * Keep the JSON of a certificate; it replaces an older one of the same certificate. Does nothing if
 * memory is short, or if it alone would take more than a quarter of max_bytes.
 * @param cache           in/out: other entries may be dropped
 * @param der, der_len    in: the whole certificate; copied
 * @param json, json_len  in: its JSON; copied
 * @param open            in: the JSON leaves something open that a later rendering may say
 */
void out_cert_cache_add(struct out_cert_cache *cache, const uint8_t *der, size_t der_len,
	const char *json, size_t json_len, bool open);

/** Bytes of all entries that are held now. */
size_t out_cert_cache_bytes(const struct out_cert_cache *cache);
