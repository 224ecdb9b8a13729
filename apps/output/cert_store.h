/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Certificates on their way out: parsed once, and in store mode written once per SHA-256.
 *
 *     record ── der ──► cache hit ──────────────────────────────► JSON spliced into the record
 *                       miss ──► ct_facts_read ──► new SHA-256 ──► line in certificates.jsonl
 *                                              └──► JSON, kept in the cache ──► record
 *
 * One thread, the writer's.
 */
#pragma once

#include "apps/json/json_cert.h"
#include "apps/util/line_file.h"

/* DER and JSON of certificates met again and again, at most. */
#define OUT_CERT_CACHE_BYTES (64u * 1024 * 1024)

struct out_cert_store;

struct out_cert_counts {
	uint64_t n_seen;       /* put so far, repeats included */
	uint64_t n_stored;     /* lines of the file, buffered ones included */
	uint64_t n_unverified; /* servers' self-issued ones, without time to verify them */
};

/**
 * @param file  in: where each new certificate goes, owned by the caller, outlives the store; NULL:
 * certificates stand in the records themselves
 * @param now_us  in: a monotonic clock; a tenth of its time may go into verifying self-signatures
 * @return the store or NULL when memory is short
 */
struct out_cert_store *out_cert_store_new(struct ut_line_file *file, uint64_t (*now_us)(void));

/**
 * Learn which certificates a folder's certificates.jsonl, whole lines of earlier runs, holds.
 * @param err   out: on failure "file:line:column: sentence"
 * @return 0, -EINVAL, -ENOMEM, or the negative errno of reading
 */
int out_cert_store_load(
	struct out_cert_store *store, const struct ut_folder *folder, char *err, size_t err_len);

void out_cert_store_free(struct out_cert_store *store);

/**
 * Put one certificate into a record as an object: raw and parsed, or its SHA-256 alone in store
 * mode. A failed write to the file is sticky there; the record is whole all the same.
 * Of a self-issued certificate the signature is verified once, when a server has it for its own and
 * there is time for it; else "self_signed" is null.
 * @param key   in: NULL inside an array
 * @param cert  in
 */
void out_cert_store_put(struct out_cert_store *store, struct js_buf *js, const char *key,
	const struct js_cert *cert);

/** The same as a sink for the JSON of records. It holds as long as the store does. */
struct js_cert_sink out_cert_store_sink(struct out_cert_store *store);

/** Counters so far. @param counts  out */
void out_cert_store_counts(const struct out_cert_store *store, struct out_cert_counts *counts);
