/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Records out: JSON lines in ZGrab2's envelope, certificates once per SHA-256, whole lines only.
 *
 * Lives on the writer thread, which may block. A write error (disk full) is sticky: what was
 * written stays whole lines, later records are refused, and the caller stops probing. A record's
 * certificates reach certificates.jsonl before the record reaches results.jsonl. The process must
 * ignore SIGPIPE and SIGXFSZ.
 */
#pragma once

#include "apps/json/json_record.h"
#include "cert_store.h"
#include "certs_form.h"
#include "dataplane/record/record.h"
#include "dataplane/targets/targets.h"
#include "apps/util/folder.h"

struct out_writer_config {
	/* The output folder, which outlives the writer, or NULL: standard output, which excludes
	 * OUT_CERTS_STORE. */
	const struct ut_folder *folder;
	enum out_certs certs;
	bool overwrite;		      /* replace files of an earlier scan in folder */
	bool resume;		      /* add to the files of an earlier scan, which must be there */
	const struct js_asked *asked; /* outlives the writer. NULL: what a scan asks by default */
	const struct dp_targets *targets; /* names of addresses; outlives the writer. NULL: none */
};

struct out_writer_counts {
	uint64_t n_records; /* offered to out_writer_record(); the counters below add up to it */
	uint64_t n_lost;    /* of these, lines that never reached the file: after an error only */
	uint64_t n_bytes;   /* in results.jsonl, those of earlier runs included */
	uint64_t n_earlier_bytes; /* of these */
	uint64_t n_certs_bytes;	  /* in certificates.jsonl, those of earlier runs included */
	struct out_cert_counts certs;
	uint64_t by_status[DL_N_STATUS];
	uint64_t by_outcome[DP_N_OUTCOME];
	uint64_t by_responder[DP_N_RESPONDER];
	uint64_t successes[DL_N_PROTO], failures[DL_N_PROTO];
	uint64_t tls_completed, tls_failed, starttls_ok;
	uint64_t by_cause[TL_N_CAUSE]; /* of tls_failed, and of completed ones that we left */
};

struct out_writer;

/**
 * Open the sinks: DIR/results.jsonl and, with OUT_CERTS_STORE, DIR/certificates.jsonl. A folder
 * that holds a file of a scan, see folder.h, is refused, or, with
 * overwrite, all of them are removed and nothing else is touched. With resume, lines are added
 * behind the last whole one of each file, and a certificate that is there already is not stored
 * again.
 * @param err  out: a sentence naming the path and what to do (e.g. the folder holds results:
 * --overwrite)
 * @return the writer or NULL
 */
struct out_writer *out_writer_open(
	const struct out_writer_config *config, char *err, size_t err_len);

/**
 * Write one record as one line. Borrows the record, its dialog and its TLS result.
 * @return 0, or -errno of the first failed write, the same ever after
 */
int out_writer_record(struct out_writer *writer, const struct dp_record *record);

/** Push buffered whole lines to the files. 0 or -errno. */
int out_writer_flush(struct out_writer *writer);

/** The same, and wait until the disk has them. 0 or -errno. */
int out_writer_sync(struct out_writer *writer);

/** Bytes of all lines, those of earlier runs and those that are not in the files yet included. */
uint64_t out_writer_n_bytes(const struct out_writer *writer);

/** The sentence for the sticky error, "" when there is none. */
const char *out_writer_error(const struct out_writer *writer);

/** Counters so far, exact after out_writer_flush(). Writer thread; other threads read the copy
 * that the caller publishes. */
const struct out_writer_counts *out_writer_read_counts(const struct out_writer *writer);

/** Flush, fsync and close. @return 0 or -errno; the writer is gone either way, its counters too */
int out_writer_close(struct out_writer *writer);
