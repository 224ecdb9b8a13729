/* SPDX-License-Identifier: BSD-3-Clause */
#include "cert_store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "cert_cache.h"
#include "apps/output/sha_set.h"
#include "tls/session/budget.h"

/* The share of the writer's time for verifying self-signatures, and how much of it at once. */
#define VERIFY_SHARE_PERCENT 10
#define VERIFY_BURST_US	     (500 * 1000)

struct out_cert_store {
	struct ut_line_file *file;
	struct out_cert_cache *cache;
	struct out_sha_set stored;
	struct js_buf object, line; /* scratch */
	struct ct_facts facts;	    /* scratch */
	uint64_t (*now_us)(void);
	struct tl_budget verifying;
	struct out_cert_counts counts;
};

struct out_cert_store *out_cert_store_new(struct ut_line_file *file, uint64_t (*now_us)(void))
{
	struct out_cert_store *store = calloc(1, sizeof(*store));
	struct ts_cookie_key keys[2];

	if (store == NULL || getrandom(keys, sizeof(keys), 0) != (ssize_t)sizeof(keys)) {
		free(store);
		return NULL;
	}
	store->file = file;
	store->now_us = now_us;
	tl_budget_init(&store->verifying, VERIFY_SHARE_PERCENT, VERIFY_BURST_US);
	out_sha_set_init(&store->stored, keys[0]);
	store->cache = out_cert_cache_new(OUT_CERT_CACHE_BYTES, keys[1]);
	if (store->cache == NULL) {
		free(store);
		return NULL;
	}
	return store;
}

void out_cert_store_free(struct out_cert_store *store)
{
	if (store == NULL)
		return;
	out_cert_cache_free(store->cache);
	out_sha_set_free(&store->stored);
	js_free(&store->object);
	js_free(&store->line);
	free(store);
}

/* Verify a self-signature, within its share of time: a certificate's key decides how dear that
 * is. */
static void verify(struct out_cert_store *store, const uint8_t *der, size_t der_len, bool is_leaf)
{
	uint64_t begin_us;

	if (!is_leaf || store->facts.self_signed != CT_SELF_SIGNED_UNKNOWN)
		return;
	begin_us = store->now_us();
	tl_budget_earn(&store->verifying, begin_us);
	if (!tl_budget_allows(&store->verifying)) {
		store->counts.n_unverified++;
		return;
	}
	if (ct_facts_verify(der, der_len, &store->facts))
		tl_budget_charge(&store->verifying, store->now_us() - begin_us);
}

/* Write a certificate that is not in the file yet. If the set has no room for its SHA-256, it may
 * be written twice, which is better than never. */
static void write_once(struct out_cert_store *store, const uint8_t *der, size_t der_len,
	bool is_leaf, uint64_t seen_us)
{
	struct js_buf *line = &store->line;

	if (out_sha_set_add(&store->stored, store->facts.sha256) == OUT_SHA_KNOWN)
		return;
	verify(store, der, der_len, is_leaf);
	js_reset(line);
	js_object(line, NULL);
	js_hex(line, "sha256", store->facts.sha256, sizeof(store->facts.sha256));
	js_time_us(line, "first_seen", seen_us);
	js_cert_elements(line, der, der_len, &store->facts);
	js_end_object(line);
	js_newline(line);
	if (line->failed) {
		store->file->error = store->file->error == 0 ? -ENOMEM : store->file->error;
		return;
	}
	store->counts.n_stored++;
	ut_line_file_append(store->file, line->data, line->len);
}

static void render(struct out_cert_store *store, const uint8_t *der, size_t der_len, bool is_leaf,
	uint64_t seen_us)
{
	struct js_buf *object = &store->object;

	memset(store->facts.sha256, 0, sizeof(store->facts.sha256));
	ct_facts_read(der, der_len, &store->facts);
	js_reset(object);
	js_object(object, NULL);
	/* A certificate that is too large to be hashed has no name, so it stands in the record in
	 * store mode too. */
	if (store->file == NULL || !js_cert_has_sha256(&store->facts)) {
		verify(store, der, der_len, is_leaf);
		js_cert_elements(object, der, der_len, &store->facts);
	} else {
		write_once(store, der, der_len, is_leaf, seen_us);
		js_hex(object, "fingerprint_sha256", store->facts.sha256,
			sizeof(store->facts.sha256));
	}
	js_end_object(object);
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Read the SHA-256 at the beginning of a line. @return 0, or the column of what is wrong */
static size_t read_sha256(const char *line, size_t len, uint8_t out[OUT_SHA_LEN])
{
	static const char head[] = "{\"sha256\":\"";
	size_t at = sizeof(head) - 1;

	if (len < at || memcmp(line, head, at) != 0)
		return 1;
	for (size_t i = 0; i < OUT_SHA_LEN; i++, at += 2) {
		int high = at < len ? hex_value(line[at]) : -1;
		int low = at + 1 < len ? hex_value(line[at + 1]) : -1;

		if (high < 0 || low < 0)
			return at + 1;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return at < len && line[at] == '"' ? 0 : at + 1;
}

int out_cert_store_load(
	struct out_cert_store *store, const struct ut_folder *folder, char *err, size_t err_len)
{
	FILE *in = ut_folder_read_file(folder, UT_CERTS_FILE);
	uint8_t sha256[OUT_SHA_LEN];
	size_t cap = 0, line_no = 0;
	char *line = NULL;
	ssize_t len;
	int rc = in == NULL ? -errno : 0;

	while (rc == 0 && (len = getline(&line, &cap, in)) >= 0) {
		size_t column = read_sha256(line, (size_t)len, sha256);

		line_no++;
		if (column != 0) {
			snprintf(err, err_len,
				"%s/" UT_CERTS_FILE
				":%zu:%zu: this is no line of a certificate store; --resume "
				"needs the files as the scan left them",
				folder->path, line_no, column);
			rc = -EINVAL;
		} else if (out_sha_set_add(&store->stored, sha256) == OUT_SHA_NO_ROOM) {
			snprintf(err, err_len,
				"%s/" UT_CERTS_FILE ": memory is short for its certificates",
				folder->path);
			rc = -ENOMEM;
		}
	}
	if (rc == 0 && ferror(in))
		rc = -errno;
	if (rc != 0 && rc != -EINVAL && rc != -ENOMEM)
		snprintf(err, err_len, "%s/" UT_CERTS_FILE ": %s", folder->path, ut_folder_why(rc));
	free(line);
	if (in != NULL)
		fclose(in);
	return rc;
}

/* Could a new rendering say more? Only in a record: a line of the file is not written again. */
static bool may_say_more(const struct out_cert_store *store, bool open, bool is_leaf)
{
	struct tl_budget later = store->verifying;

	if (!open || !is_leaf || store->file != NULL)
		return false;
	tl_budget_earn(&later, store->now_us());
	return tl_budget_allows(&later);
}

void out_cert_store_put(struct out_cert_store *store, struct js_buf *js, const char *key,
	const struct js_cert *cert)
{
	/* der may be NULL if it is empty. */
	const uint8_t *der = cert->der_len == 0 ? (const uint8_t *)"" : cert->der;
	const char *json;
	bool open = false;
	size_t json_len;

	store->counts.n_seen++;
	json = out_cert_cache_find(store->cache, der, cert->der_len, &json_len, &open);
	if (json == NULL || may_say_more(store, open, cert->is_leaf)) {
		render(store, der, cert->der_len, cert->is_leaf, cert->seen_us);
		if (store->object.failed) {
			js->failed = true;
			return;
		}
		open = store->facts.parsed && store->facts.self_signed == CT_SELF_SIGNED_UNKNOWN &&
		       store->facts.exponent_bits <= CT_EXPONENT_BITS_MAX;
		out_cert_cache_add(store->cache, der, cert->der_len, store->object.data,
			store->object.len, open);
		json = store->object.data;
		json_len = store->object.len;
	}
	js_raw(js, key, json, json_len);
}

static void put_to_store(void *ctx, struct js_buf *js, const char *key, const struct js_cert *cert)
{
	out_cert_store_put(ctx, js, key, cert);
}

struct js_cert_sink out_cert_store_sink(struct out_cert_store *store)
{
	return (struct js_cert_sink){.put = put_to_store, .ctx = store};
}

void out_cert_store_counts(const struct out_cert_store *store, struct out_cert_counts *counts)
{
	*counts = store->counts;
	counts->n_stored = store->file == NULL ? 0 : counts->n_stored - store->file->n_lost;
}
