/* SPDX-License-Identifier: BSD-3-Clause */
/* The sinks: folders, disks that fill up, certificates written once, the summary. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apps/summary/summary.h"
#include "tests/unit/json/json_lines.h"
#include "tests/unit/json/samples.h"
#include "tap.h"

static struct sample sample;
static char base[64] = "/tmp/tlsweep-writer-XXXXXX";
static char err[256];

static const char *in_base(const char *name)
{
	static char path[2][128];
	static unsigned int turn;

	turn ^= 1;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", base, name);
	return path[turn];
}

/* Open until the next call. NULL: a sentence is in err. */
static const struct ut_folder *folder_of(const char *name)
{
	static struct ut_folder folder = {.fd = -1};
	static char path[128];

	ut_folder_close(&folder);
	snprintf(path, sizeof(path), "%s", in_base(name));
	return ut_folder_open(
		       &folder, path, &(struct ut_folder_use){.make = true}, err, sizeof(err)) == 0
		       ? &folder
		       : NULL;
}

static struct out_writer *open_in(const char *name, enum out_certs certs, bool overwrite)
{
	struct out_writer_config config = {.certs = certs, .overwrite = overwrite};

	err[0] = '\0';
	config.folder = folder_of(name);
	return config.folder == NULL ? NULL : out_writer_open(&config, err, sizeof(err));
}

static void touch(const char *path)
{
	close(open(path, O_WRONLY | O_CREAT, 0644));
}

static void test_folder(void)
{
	struct out_writer *writer = open_in("folder", OUT_CERTS_STORE, false);

	tap_ok(writer != NULL, "a folder that is not there is made");
	sample_nth(0, &sample);
	tap_eq(out_writer_record(writer, &sample.record), 0, "the writer takes a record");
	tap_eq(out_writer_flush(writer), 0, "a record is flushed to its file");
	tap_eq(json_lines(in_base("folder/results.jsonl")), 1, "one record is one line");
	tap_eq(out_writer_close(writer), 0,
		"a writer whose records are all written closes without an error");
	touch(in_base("folder/notes.txt"));
	touch(in_base("folder/summary.json"));
	tap_ok(open_in("folder", OUT_CERTS_INLINE, false) == NULL && strstr(err, "--overwrite"),
		"a folder with results is refused, and the sentence names --overwrite");
	tap_eq(json_lines(in_base("folder/results.jsonl")), 1,
		"the refusal left the results alone");
	writer = open_in("folder", OUT_CERTS_INLINE, true);
	tap_ok(writer != NULL, "--overwrite takes the folder");
	tap_eq(out_writer_close(writer), 0, "an empty scan closes cleanly");
	tap_eq(json_lines(in_base("folder/results.jsonl")), 0,
		"the results of the old scan are gone after --overwrite");
	tap_ok(access(in_base("folder/certificates.jsonl"), F_OK) < 0 &&
			access(in_base("folder/summary.json"), F_OK) < 0,
		"the other files of the old scan are gone too");
	tap_eq(access(in_base("folder/notes.txt"), F_OK), 0, "a file that is not ours stays");
	touch(in_base("file"));
	tap_ok(open_in("file", OUT_CERTS_INLINE, false) == NULL && strstr(err, "not a folder"),
		"a file in the folder's place is refused");
	tap_ok(open_in("no/such", OUT_CERTS_INLINE, false) == NULL && strstr(err, "No such file"),
		"an output folder whose parent is missing is refused, with the reason");
	tap_eq(symlink("/nowhere", in_base("folder/certificates.jsonl")), 0,
		"a dangling link can be put in the place of a file of results");
	tap_ok(open_in("folder", OUT_CERTS_STORE, false) == NULL,
		"a dangling link in the place of a file of results is refused");
}

static void append(const char *path, const char *text)
{
	FILE *file = fopen(path, "a");

	fputs(text, file);
	fclose(file);
}

static uint32_t write_samples(struct out_writer *writer)
{
	uint32_t n = 0;

	while (n < 8 && sample_nth(n, &sample))
		n += out_writer_record(writer, &sample.record) == 0;
	return n;
}

/* A second run adds to the files of a first one that was killed in the middle of its writes. */
static void test_resume(void)
{
	struct out_writer_config config = {.certs = OUT_CERTS_STORE, .resume = true};
	struct out_writer *writer = open_in("resumed", OUT_CERTS_STORE, false);
	uint32_t n = write_samples(writer);
	int n_certs;

	out_writer_close(writer);
	n_certs = json_lines(in_base("resumed/certificates.jsonl"));
	append(in_base("resumed/results.jsonl"), "{\"ip\":\"198.18.");
	append(in_base("resumed/certificates.jsonl"), "{\"sha256\":\"0011");
	config.folder = folder_of("resumed");
	writer = out_writer_open(&config, err, sizeof(err));
	if (!tap_ok(writer != NULL, "a folder with the results of a killed run can be continued"))
		return;
	write_samples(writer);
	tap_ok(out_writer_sync(writer) == 0 && out_writer_read_counts(writer)->n_records == n &&
			out_writer_read_counts(writer)->certs.n_stored == 0,
		"a second run's counters are its own");
	out_writer_close(writer);
	tap_eq(json_lines(in_base("resumed/results.jsonl")), 2 * (int)n,
		"lines are added behind the last whole one");
	tap_ok(n_certs > 0 && json_lines(in_base("resumed/certificates.jsonl")) == n_certs,
		"a certificate that a first run has stored is not stored again");
	append(in_base("resumed/certificates.jsonl"), "{\"sha\":1}\n");
	config.folder = folder_of("resumed");
	tap_ok(out_writer_open(&config, err, sizeof(err)) == NULL &&
			strstr(err, "certificates.jsonl:") != NULL,
		"a foreign line in certificates.jsonl is refused, with its place");
	config.folder = folder_of("nothing");
	tap_ok(out_writer_open(&config, err, sizeof(err)) == NULL &&
			strstr(err, "cannot continue") != NULL,
		"without the files of a first run there is nothing to go on with");
}

static void test_stream(void)
{
	struct out_writer_config config = {.certs = OUT_CERTS_STORE};

	tap_ok(out_writer_open(&config, err, sizeof(err)) == NULL && strstr(err, "--certs store"),
		"certificates cannot be stored beside standard output");
}

/* Thousands of different certificates, each seen three times; most are not parsable, which is no
 * excuse. */
static void test_store(void)
{
	struct out_writer *writer = open_in("store", OUT_CERTS_STORE, false);
	const unsigned int n_certs = 5000;
	const struct out_writer_counts *counts;

	for (unsigned int i = 0; i < 3 * n_certs; i++) {
		unsigned int id = i % n_certs;

		sample_begin(&sample, "store", DL_TLS, 443, true);
		sample_tls13(&sample);
		sample_cert(&sample, &id, sizeof(id));
		if (out_writer_record(writer, &sample.record) != 0)
			break;
	}
	tap_eq(out_writer_flush(writer), 0, "a writer with a store flushes all records");
	counts = out_writer_read_counts(writer);
	tap_eq((int64_t)counts->n_records, 3 * n_certs, "records that are written are counted");
	tap_eq((int64_t)counts->certs.n_seen, 9 * n_certs, "certificates are counted, repeats too");
	tap_eq((int64_t)counts->certs.n_stored, n_certs + 2,
		"each certificate is stored once, however often it was seen");
	tap_eq((int64_t)counts->successes[DL_TLS], 3 * n_certs,
		"successes are counted by protocol");
	tap_eq((int64_t)counts->by_status[DL_SUCCESS], 3 * n_certs,
		"records are counted by status");
	tap_eq(json_lines(in_base("store/certificates.jsonl")), n_certs + 2,
		"the file holds what the counter says");
	tap_eq(json_lines(in_base("store/results.jsonl")), 3 * n_certs,
		"the file of results holds what the counter says");
	out_writer_close(writer);
}

/* Fill a file until its size limit stops it, in a child: limits and ignored signals are for a whole
 * process. */
static void fill_limited(const char *name, enum out_certs certs)
{
	struct rlimit limit = {.rlim_cur = 1000000, .rlim_max = 1000000};
	struct out_writer *writer;
	char results[64];
	uint64_t n_kept;
	int rc = 0;

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	writer = open_in(name, certs, false);
	sample_nth(0, &sample);
	for (unsigned int i = 0; i < 5000 && rc == 0; i++) {
		if (certs == OUT_CERTS_STORE)
			sample_cert(&sample, &i, sizeof(i));
		rc = out_writer_record(writer, &sample.record);
		if (certs == OUT_CERTS_STORE) {
			sample.tls.n_certs--;
			sample.tls.der_len -= (uint32_t)sizeof(i);
		}
	}
	tap_eq(rc, -EFBIG, "the size limit comes back as an error");
	tap_ok(strstr(out_writer_error(writer), "File too large") != NULL,
		"the error at the size limit has a message that says so");
	tap_eq(out_writer_record(writer, &sample.record), -EFBIG,
		"records after the size limit get the same error");
	out_writer_flush(writer);
	n_kept = out_writer_read_counts(writer)->n_records - out_writer_read_counts(writer)->n_lost;
	snprintf(results, sizeof(results), "%s/results.jsonl", name);
	tap_eq(json_lines(in_base(results)), (int64_t)n_kept,
		"results are whole lines, and as many as the counters say");
	tap_ok(out_writer_read_counts(writer)->n_lost > 0,
		"records that the size limit stopped are counted as lost");
	tap_eq(out_writer_close(writer), -EFBIG,
		"closing a writer that has failed repeats its error");
}

/* Run checks in a child that shares the row of results; its numbering goes on in the parent. */
static void in_child(void (*checks)(const char *, enum out_certs), const char *name,
	enum out_certs certs, unsigned int n_checks)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		checks(name, certs);
		fflush(stdout);
		_exit(tap_n_failed == 0 ? 0 : 1);
	}
	waitpid(child, &status, 0);
	tap_n_run += n_checks;
	tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == 0,
		"a writer with a size limit, %s: no check in the child has failed", name);
}

static void test_summary(void)
{
	static const char *const arguments[] = {"tlsweep", "scan", "-o", "caf\xe9"};
	static const struct su_value packets[] = {{"probes_sent", 10}, {"rx_frames", 7}};
	static const struct su_group groups[] = {{"packets", packets, 2}};
	static const struct su_rate rates[] = {{"probes_per_s", 2.5}};
	static const struct su_noise_facts noise = {.n_probed = 10};
	struct su_input input = {
		.noise = &noise,
		.arguments = arguments,
		.n_arguments = 4,
		.version = "0.1.0",
		.commit = "",
		.seed = UINT64_MAX,
		.start_unix_us = 1795000000000000u,
		.end_unix_us = 1795000061500000u,
		.exit_reason = "done",
		.counters = groups,
		.n_counters = 1,
		.rates = rates,
		.n_rates = 1,
	};
	const char *seed = NULL, *duration = NULL, *argument = NULL;
	int xmpp = 0, sent = 0;
	json_t *root;

	input.records.failures[DL_XMPP_CLIENT] = 3;
	input.records.failures[DL_XMPP_SERVER] = 4;
	tap_eq(su_summary_write(&input, folder_of("folder"), err, sizeof(err)), 0,
		"a summary is written");
	root = json_load_file(in_base("folder/summary.json"), JSON_REJECT_DUPLICATES, NULL);
	tap_ok(root != NULL, "a summary is strict JSON without a key twice");
	json_unpack(root, "{s:s, s:s, s:[s,s,s,s], s:{s:{s:i}}, s:{s:{s:i}}}", "seed", &seed,
		"duration", &duration, "arguments", &argument, &argument, &argument, &argument,
		"statuses", "xmpp", "failures", &xmpp, "counters", "packets", "probes_sent", &sent);
	tap_str(seed, "18446744073709551615", "the seed in a summary has all its digits, as text");
	tap_str(duration, "61.500000s", "the duration reads as Go prints it");
	tap_str(argument, "caf\xef\xbf\xbd", "an argument that is not UTF-8 does no harm");
	tap_eq(xmpp, 7, "both kinds of XMPP count as one module");
	tap_eq(sent, 10, "a summary has the counters by their names");
	json_decref(root);
	tap_eq(su_summary_write(&input, folder_of("folder"), err, sizeof(err)), 0,
		"a summary can be written again");
	mkdir(in_base("folder/summary.json.new"), 0700);
	tap_ok(su_summary_write(&input, folder_of("folder"), err, sizeof(err)) == -EISDIR &&
			strstr(err, "folder/summary.json"),
		"a file that cannot be written is an error with a sentence");
}

int main(void)
{
	char command[128];

	if (mkdtemp(base) == NULL)
		return 1;
	test_folder();
	test_resume();
	test_stream();
	test_store();
	in_child(fill_limited, "limited-inline", OUT_CERTS_INLINE, 6);
	in_child(fill_limited, "limited-store", OUT_CERTS_STORE, 6);
	test_summary();
	snprintf(command, sizeof(command), "rm -rf %s", base);
	if (system(command) != 0)
		printf("# could not remove %s\n", base);
	return tap_done();
}
