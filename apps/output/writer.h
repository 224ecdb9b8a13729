/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writes records as JSON lines in ZGrab2's envelope, and each certificate once.
 *
 * A write error (disk full) is sticky: the files hold whole lines only, later records are refused,
 * and the caller stops probing. The certificates of a record reach certificates.jsonl before the
 * record reaches results.jsonl. The process must ignore SIGPIPE and SIGXFSZ.
 *
 * All functions may block on files. One thread at a time uses a writer: the main thread opens and
 * closes it, and the writer thread uses it while poll cores run.
 */
#pragma once

#include "cert_store.h"
#include "certs_form.h"
#include "dataplane/record/record.h"
#include "dataplane/targets/targets.h"
#include "apps/util/folder.h"

struct out_writer_config {
	/* The output folder, open during out_writer_open(). NULL: standard output, which excludes
	 * OUT_CERTS_STORE. */
	const struct ut_folder *folder;
	enum out_certs certs;
	bool overwrite; /* remove the files of an earlier scan from folder */
	bool resume;	/* add to the files of an earlier scan, which must exist */
	const struct dp_targets *targets; /* names of addresses; outlives the writer. NULL: none */
};

struct out_writer_counts {
	uint64_t n_records;	  /* given to out_writer_record(); by_status, by_outcome,
			     * by_responder each add up to it */
	uint64_t n_lost;	  /* of n_records, those that never reached the file */
	uint64_t n_bytes;	  /* in results.jsonl, those of earlier runs included */
	uint64_t n_earlier_bytes; /* of n_bytes, those of earlier runs */
	uint64_t n_certs_bytes;	  /* in certificates.jsonl, those of earlier runs included */
	struct out_cert_counts certs;
	uint64_t by_status[DL_N_STATUS];
	uint64_t by_outcome[DP_N_OUTCOME];
	uint64_t by_responder[DP_N_RESPONDER];
	uint64_t successes[DL_N_PROTO], failures[DL_N_PROTO];
	uint64_t tls_completed, tls_failed, starttls_ok;
	uint64_t by_cause[TL_N_CAUSE]; /* of tls_failed, and of sessions that we ended after a
					* completed handshake */
};

struct out_writer;

/**
 * Open the files: DIR/results.jsonl and, with OUT_CERTS_STORE, DIR/certificates.jsonl. If the
 * folder holds a file of a scan (ut_folder_file()), it is refused, or with overwrite all of these
 * are removed. With resume, lines are added behind the last whole one of each file, and a
 * certificate that is in the file already is not written again. On failure the files of a new scan
 * are removed.
 * @param config        in: borrowed for the call, except what says that it outlives the writer
 * @param err, err_len  out: on failure a sentence that names the path and what to do
 * @return the writer, to be closed with out_writer_close(); NULL on failure
 */
struct out_writer *out_writer_open(
	const struct out_writer_config *config, char *err, size_t err_len);

/**
 * Write one record as one line.
 * @param writer  in/out: counts the record even after an error
 * @param record  in: borrowed for the call, with its dialog and its TLS result
 * @return 0, or the sticky -errno of the first failure: a write, or -ENOMEM
 */
int out_writer_record(struct out_writer *writer, const struct dp_record *record);

/** Write buffered lines to the files. @return 0, or the sticky -errno */
int out_writer_flush(struct out_writer *writer);

/** Write buffered lines, and wait until the disk has them. @return 0, or the sticky -errno */
int out_writer_sync(struct out_writer *writer);

/** Bytes of all lines: those of earlier runs, of this run, and those that are still buffered. */
uint64_t out_writer_n_bytes(const struct out_writer *writer);

/** The sentence for the sticky error, valid until the writer is closed; "": there is none. */
const char *out_writer_error(const struct out_writer *writer);

/** The counters so far, valid until the writer is closed; exact after out_writer_flush(). */
const struct out_writer_counts *out_writer_read_counts(const struct out_writer *writer);

/**
 * Write what is buffered, bring the files to the disk, close them and free the writer.
 * @param writer  in: not to be used any more, even on failure
 * @return 0, or the -errno of the first failure
 */
int out_writer_close(struct out_writer *writer);
