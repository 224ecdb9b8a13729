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

#include "cert_store.h"
#include "certs_form.h"
#include "dataplane/record/record.h"
#include "dataplane/targets/targets.h"
#include "apps/util/folder.h"

struct wr_config {
	/* The output folder, which outlives the writer, or NULL: standard output, which excludes
	 * WR_CERTS_STORE. */
	const struct folder *folder;
	enum wr_certs certs;
	bool overwrite; /* replace files of an earlier scan in folder */
	bool resume;	/* add to the files of an earlier scan, which must be there */
	const struct dp_targets *targets; /* names of addresses; outlives the writer. NULL: none */
};

struct wr_counts {
	uint64_t n_records; /* offered to wr_record(); the counters below add up to it */
	uint64_t n_lost;    /* of these, lines that never reached the file: after an error only */
	uint64_t n_bytes;   /* in results.jsonl, those of earlier runs included */
	uint64_t n_earlier_bytes; /* of these */
	uint64_t n_certs_bytes;	  /* in certificates.jsonl, those of earlier runs included */
	struct cert_counts certs;
	uint64_t by_status[DL_N_STATUS];
	uint64_t by_outcome[DP_N_OUTCOME];
	uint64_t by_responder[DP_N_RESPONDER];
	uint64_t successes[DL_N_PROTO], failures[DL_N_PROTO];
	uint64_t tls_completed, tls_failed, starttls_ok;
	uint64_t by_cause[TL_N_CAUSE]; /* of tls_failed, and of completed ones that we left */
};

struct writer;

/**
 * Open the sinks: DIR/results.jsonl and, with WR_CERTS_STORE, DIR/certificates.jsonl. A folder that
 * holds a file of a scan, see folder.h, is refused, or, with
 * overwrite, all of them are removed and nothing else is touched. With resume, lines are added
 * behind the last whole one of each file, and a certificate that is there already is not stored
 * again.
 * @param err  out: a sentence naming the path and what to do (e.g. the folder holds results:
 * --overwrite)
 * @return the writer or NULL
 */
struct writer *wr_open(const struct wr_config *config, char *err, size_t err_len);

/**
 * Write one record as one line. Borrows the record, its dialog and its TLS result.
 * @return 0, or -errno of the first failed write, the same ever after
 */
int wr_record(struct writer *writer, const struct dp_record *record);

/** Push buffered whole lines to the files. 0 or -errno. */
int wr_flush(struct writer *writer);

/** The same, and wait until the disk has them. 0 or -errno. */
int wr_sync(struct writer *writer);

/** Bytes of all lines, those of earlier runs and those that are not in the files yet included. */
uint64_t wr_n_bytes(const struct writer *writer);

/** The sentence for the sticky error, "" when there is none. */
const char *wr_error(const struct writer *writer);

/** Counters so far, exact after wr_flush(). Writer thread; other threads read the copy the caller
 * publishes. */
const struct wr_counts *wr_counts(const struct writer *writer);

/** Flush, fsync and close. @return 0 or -errno; the writer is gone either way, its counters too */
int wr_close(struct writer *writer);
