/* SPDX-License-Identifier: BSD-3-Clause */
/* The two memories of the certificate store: the set of what was written, the cache of what was
 * rendered. */
#include "apps/output/cert_cache.h"
#include "apps/output/sha_set.h"
#include "tap.h"

#define N_VALUES 20000

/* Values that differ in their last bytes only: a set that hashes the first ones would crawl or lose
 * some. */
static void value_of(uint32_t id, uint8_t out[OUT_SHA_LEN])
{
	memset(out, 0x11, OUT_SHA_LEN);
	memcpy(out + OUT_SHA_LEN - sizeof(id), &id, sizeof(id));
}

static void test_set(void)
{
	struct out_sha_set set;
	unsigned int n_new = 0, n_known = 0;
	uint8_t value[OUT_SHA_LEN];

	out_sha_set_init(&set, (struct ts_cookie_key){1, 2});
	for (unsigned int round = 0; round < 2; round++) {
		for (uint32_t id = 0; id < N_VALUES; id++) {
			value_of(id, value);
			n_new += out_sha_set_add(&set, value) == OUT_SHA_NEW;
			n_known += out_sha_set_add(&set, value) == OUT_SHA_KNOWN;
		}
	}
	tap_eq(n_new, N_VALUES, "a hash is new to a set once, however the set grows");
	tap_eq(n_known, 2 * N_VALUES, "a hash that was added to a set is known from then on");
	tap_eq((int64_t)set.table.n, N_VALUES, "the set knows how many it holds");
	tap_ok(set.table.n * 4 <= set.table.cap * 3,
		"a quarter of the slots stays empty, so that every search ends");
	memset(value, 0, sizeof(value));
	tap_ok(out_sha_set_add(&set, value) == OUT_SHA_NEW &&
			out_sha_set_add(&set, value) == OUT_SHA_NEW,
		"the value that marks empty slots is always new");
	out_sha_set_free(&set);
	tap_eq((int64_t)set.table.cap, 0, "a set of hashes is empty after it was freed");
}

static void test_cache_finds(void)
{
	struct out_cert_cache *cache = out_cert_cache_new(1 << 20, (struct ts_cookie_key){3, 4});
	const uint8_t der[] = {0x30, 1, 2, 3};
	const char *json;
	bool open = false;
	size_t len = 0;

	tap_ok(out_cert_cache_find(cache, der, sizeof(der), &len, &open) == NULL,
		"a new cache of certificates finds nothing");
	out_cert_cache_add(cache, der, sizeof(der), "{\"a\":1}", 7, true);
	out_cert_cache_add(cache, der, 0, "{}", 2, false);
	json = out_cert_cache_find(cache, der, sizeof(der), &len, &open);
	tap_ok(json != NULL && len == 7 && memcmp(json, "{\"a\":1}", 7) == 0,
		"a certificate that was added to the cache is found");
	tap_ok(open, "a cached certificate has the mark that more may be found out");
	out_cert_cache_add(cache, der, sizeof(der), "{\"b\":22}", 8, false);
	json = out_cert_cache_find(cache, der, sizeof(der), &len, &open);
	tap_ok(json != NULL && len == 8 && !open,
		"a later rendering of a certificate takes the place of the first");
	tap_ok(out_cert_cache_find(cache, der, 3, &len, &open) == NULL,
		"the first bytes of a cached certificate are another certificate");
	tap_ok(out_cert_cache_find(cache, der, 0, &len, &open) != NULL && len == 2,
		"an empty certificate is another certificate");
	out_cert_cache_free(cache);
}

static void test_cache_is_bounded(void)
{
	const size_t max_bytes = 100000;
	struct out_cert_cache *cache = out_cert_cache_new(max_bytes, (struct ts_cookie_key){5, 6});
	static char json[30000];
	size_t highest = 0, len;
	unsigned int n_wrong = 0;
	bool open;

	for (uint32_t id = 0; id < N_VALUES; id++) {
		const char *found = out_cert_cache_find(
			cache, (const uint8_t *)&id, sizeof(id), &len, &open);

		n_wrong += found != NULL;
		memcpy(json, &id, sizeof(id));
		out_cert_cache_add(cache, (const uint8_t *)&id, sizeof(id), json,
			id % 500 + sizeof(id), false);
		if (out_cert_cache_bytes(cache) > highest)
			highest = out_cert_cache_bytes(cache);
		found = out_cert_cache_find(cache, (const uint8_t *)&id, sizeof(id), &len, &open);
		n_wrong += found == NULL || memcmp(found, &id, sizeof(id)) != 0 ||
			   len != id % 500 + sizeof(id);
	}
	tap_eq(n_wrong, 0, "the newest entry is there, with its own bytes");
	tap_ok(highest <= max_bytes,
		"the bytes of the certificate cache never exceed its bound (%zu)", highest);
	tap_ok(highest > max_bytes / 2, "the cache fills nearly all of its bound");
	out_cert_cache_add(cache, (const uint8_t *)"big", 3, json, sizeof(json), false);
	tap_ok(out_cert_cache_find(cache, (const uint8_t *)"big", 3, &len, &open) == NULL,
		"one entry may not take more than a quarter");
	out_cert_cache_free(cache);
}

int main(void)
{
	test_set();
	test_cache_finds();
	test_cache_is_bounded();
	return tap_done();
}
