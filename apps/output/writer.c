/* SPDX-License-Identifier: BSD-3-Clause */
#include "writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cert_store.h"
#include "apps/json/json_record.h"
#include "apps/util/line_file.h"

struct out_writer {
	struct ut_line_file results, certs;
	const char *results_name; /* for the user */
	bool has_certs;
	bool is_new; /* all files of a scan in the folder were made by this writer */
	struct out_cert_store *store;
	const struct dp_targets *targets; /* NULL: no address has a name */
	struct js_buf line;
	struct out_writer_counts counts;
	uint64_t n_refused; /* records offered after the error */
	int error;	    /* -errno, sticky */
	char sentence[256];
};

static bool refuse(char *err, size_t err_len, const struct ut_folder *folder, const char *name,
	const char *what, int error)
{
	snprintf(err, err_len, "%s/%s: %s: %s", folder->path, name, what, ut_folder_why(error));
	return false;
}

static bool open_in(struct ut_line_file *file, const struct out_writer_config *config,
	const char *name, char *err, size_t err_len)
{
	int rc = config->resume ? ut_line_file_continue(file, config->folder, name)
				: ut_line_file_create(file, config->folder, name);

	if (rc == 0)
		return true;
	return refuse(err, err_len, config->folder, name,
		config->resume ? "cannot continue the file" : "cannot create the file", rc);
}

static bool open_sinks(struct out_writer *writer, const struct out_writer_config *config, char *err,
	size_t err_len)
{
	writer->results_name = UT_RESULTS_FILE;
	if (config->folder == NULL) {
		writer->results_name = "standard output";
		if (config->certs == OUT_CERTS_STORE) {
			snprintf(err, err_len,
				"--certs store needs a folder for certificates.jsonl: give -o DIR, "
				"or "
				"--certs inline with -o -");
			return false;
		}
		if (ut_line_file_attach(&writer->results, STDOUT_FILENO) == 0)
			return true;
		snprintf(err, err_len, "out of memory for the output buffer");
		return false;
	}
	if (!config->resume &&
		ut_folder_prepare(config->folder, config->overwrite, err, err_len) != 0)
		return false;
	writer->is_new = !config->resume;
	if (!open_in(&writer->results, config, UT_RESULTS_FILE, err, err_len))
		return false;
	if (config->certs != OUT_CERTS_STORE)
		return true;
	writer->has_certs = open_in(&writer->certs, config, UT_CERTS_FILE, err, err_len);
	return writer->has_certs;
}

static uint64_t clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static bool open_store(struct out_writer *writer, const struct out_writer_config *config, char *err,
	size_t err_len)
{
	writer->store = out_cert_store_new(writer->has_certs ? &writer->certs : NULL, clock_us);
	if (writer->store == NULL) {
		snprintf(err, err_len, "out of memory for the certificate cache");
		return false;
	}
	if (!config->resume || !writer->has_certs)
		return true;
	return out_cert_store_load(writer->store, config->folder, err, err_len) == 0;
}

struct out_writer *out_writer_open(
	const struct out_writer_config *config, char *err, size_t err_len)
{
	struct out_writer *writer = calloc(1, sizeof(*writer));

	if (writer == NULL) {
		snprintf(err, err_len, "out of memory for the writer");
		return NULL;
	}
	writer->results.fd = -1;
	writer->certs.fd = -1;
	writer->targets = config->targets;
	if (!open_sinks(writer, config, err, err_len) ||
		!open_store(writer, config, err, err_len)) {
		/* A new scan leaves nothing behind that the next one would refuse. */
		if (writer->is_new)
			ut_folder_clear(config->folder);
		out_writer_close(writer);
		return NULL;
	}
	writer->counts.n_bytes = writer->counts.n_earlier_bytes = writer->results.n_bytes;
	writer->counts.n_certs_bytes = writer->certs.n_bytes;
	return writer;
}

/* Keep the first failure: it is the one that is reported. */
static void fail(struct out_writer *writer, int error, const char *what)
{
	if (writer->error != 0)
		return;
	writer->error = error;
	snprintf(writer->sentence, sizeof(writer->sentence),
		"cannot write %s: %s; what is there is whole lines, later results are lost", what,
		strerror(-error));
}

static void count(struct out_writer_counts *counts, const struct dp_record *record)
{
	enum dl_status status = js_record_status(record);

	counts->n_records++;
	counts->by_status[status]++;
	counts->by_outcome[record->outcome]++;
	counts->by_responder[record->responder]++;
	if (status == DL_SUCCESS)
		counts->successes[record->service.proto]++;
	else
		counts->failures[record->service.proto]++;
	if (record->tls != NULL && record->tls->completed)
		counts->tls_completed++;
	else if (record->tls != NULL)
		counts->tls_failed++;
	if (record->tls != NULL)
		counts->by_cause[record->tls->cause]++;
	if (record->dialog != NULL && record->dialog->starttls_ok)
		counts->starttls_ok++;
}

/* Update the counters and the sticky error from the files. */
static int settle(struct out_writer *writer)
{
	struct out_writer_counts *counts = &writer->counts;

	if (writer->has_certs && writer->certs.error != 0)
		fail(writer, writer->certs.error, UT_CERTS_FILE);
	if (writer->results.error != 0)
		fail(writer, writer->results.error, writer->results_name);
	counts->n_lost = writer->n_refused + writer->results.n_lost;
	counts->n_bytes = writer->results.n_bytes;
	counts->n_certs_bytes = writer->certs.n_bytes;
	out_cert_store_counts(writer->store, &counts->certs);
	return writer->error;
}

/* Certificates come first: a record in its file then names only certificates that are in theirs. */
int out_writer_flush(struct out_writer *writer)
{
	if (writer->has_certs)
		ut_line_file_flush(&writer->certs);
	ut_line_file_flush(&writer->results);
	return settle(writer);
}

int out_writer_sync(struct out_writer *writer)
{
	if (writer->has_certs)
		ut_line_file_sync(&writer->certs);
	ut_line_file_sync(&writer->results);
	return settle(writer);
}

/* The name comes from the set of targets, not from the dialog. So a target that never spoke has its
 * name too, and one that was asked again by the server's own name keeps the name it was given with.
 */
static const char *name_of(const struct out_writer *writer, const struct dp_record *record)
{
	return writer->targets == NULL ? "" : dp_targets_name(writer->targets, &record->addr);
}

int out_writer_record(struct out_writer *writer, const struct dp_record *record)
{
	const struct js_cert_sink certs = out_cert_store_sink(writer->store);
	struct js_buf *line = &writer->line;

	count(&writer->counts, record);
	if (writer->error == 0) {
		js_record_line(line, record, name_of(writer, record), &certs);
		if (line->failed)
			fail(writer, -ENOMEM, writer->results_name);
		else if (line->len > ut_line_file_room(&writer->results))
			out_writer_flush(writer);
	}
	if (writer->error == 0)
		ut_line_file_append(&writer->results, line->data, line->len);
	else
		writer->n_refused++;
	return settle(writer);
}

uint64_t out_writer_n_bytes(const struct out_writer *writer)
{
	return writer->results.n_bytes + writer->results.len + writer->certs.n_bytes +
	       writer->certs.len;
}

const char *out_writer_error(const struct out_writer *writer)
{
	return writer->sentence;
}

const struct out_writer_counts *out_writer_read_counts(const struct out_writer *writer)
{
	return &writer->counts;
}

int out_writer_close(struct out_writer *writer)
{
	int rc = 0;

	if (writer->has_certs)
		rc = ut_line_file_close(&writer->certs);
	if (ut_line_file_close(&writer->results) < 0 && rc == 0)
		rc = writer->results.error;
	if (writer->error != 0)
		rc = writer->error;
	out_cert_store_free(writer->store);
	js_free(&writer->line);
	free(writer);
	return rc;
}
