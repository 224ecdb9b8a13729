/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The certificates of records: parsed once, and in store mode written once for each SHA-256.
 *
 *     record ── der ──► cache hit ──────────────────────────────► JSON spliced into the record
 *                       miss ──► ct_facts_read ──► new SHA-256 ──► line in certificates.jsonl
 *                                              └──► JSON, kept in the cache ──► record
 *
 * All functions: one thread at a time, the writer's once it runs.
 */
#pragma once

#include "apps/json/json_cert.h"
#include "apps/util/line_file.h"

/* Most bytes of DER and JSON that are kept for certificates that come again. */
#define OUT_CERT_CACHE_BYTES (64u * 1024 * 1024)

struct out_cert_store;

struct out_cert_counts {
	uint64_t n_seen;       /* put so far, each time that they came */
	uint64_t n_stored;     /* lines written by this run, buffered ones included */
	uint64_t n_unverified; /* self-issued ones of servers that there was no time to verify */
};

/**
 * Make a store.
 * @param file    in: the file that each new certificate is written to (store mode); owned by the
 *                caller, outlives the store. NULL: certificates stand in the records themselves.
 * @param now_us  in: a monotonic clock in µs; a tenth of its time may be spent on verifying
 *                self-signatures
 * @return the store, to be freed with out_cert_store_free(); NULL: memory or random bytes are short
 */
struct out_cert_store *out_cert_store_new(struct ut_line_file *file, uint64_t (*now_us)(void));

/**
 * Read which certificates the certificates.jsonl of earlier runs holds: they are not written again.
 * @param store         in/out: new
 * @param folder        in: open; the file in it ends with a whole line
 * @param err, err_len  out: on failure a sentence that begins with the path
 * @return 0; -EINVAL: a line is no line of such a file; -ENOMEM; or the -errno of opening or
 *         reading
 */
int out_cert_store_load(
	struct out_cert_store *store, const struct ut_folder *folder, char *err, size_t err_len);

/** Free the store. Its file stays open. NULL is allowed. */
void out_cert_store_free(struct out_cert_store *store);

/**
 * Put one certificate into a record as an object: raw and parsed; in store mode its SHA-256 alone.
 * The signature of a self-issued certificate is verified if a server presents it as its own and
 * there is time. Otherwise "self_signed" is null. An error of the file is sticky there
 * (file->error), and the record is written all the same.
 * @param store  in/out: a new certificate is written to its file, and kept in its cache
 * @param js     out: the object is added; failed is set if memory is short
 * @param key    in: the object's name; NULL inside an array
 * @param cert   in: borrowed for the call
 */
void out_cert_store_put(struct out_cert_store *store, struct js_buf *js, const char *key,
	const struct js_cert *cert);

/** out_cert_store_put() as a sink for the JSON of records. It is valid as long as the store is. */
struct js_cert_sink out_cert_store_sink(struct out_cert_store *store);

/**
 * Copy the counters so far.
 * @param store   in: the store
 * @param counts  out: complete
 */
void out_cert_store_counts(const struct out_cert_store *store, struct out_cert_counts *counts);
