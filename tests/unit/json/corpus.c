/* SPDX-License-Identifier: BSD-3-Clause */
/* Write every sample through the writer: corpus DIR fills DIR/inline and DIR/store. */
#include <stdio.h>
#include <stdlib.h>

#include "apps/summary/summary.h"
#include "samples.h"

static int fill(const char *parent, const char *name, enum out_certs certs)
{
	static const char *const arguments[] = {"corpus", "\xff\"\\\n"};
	static const struct su_text texts[] = {{"wolfssl", "wolfSSL 5.9.2", false}};
	static const struct su_value values[] = {{"one", 1}, {"two", UINT64_MAX}};
	static const struct su_group groups[] = {{"packets", values, 2}, {"drops", values, 1}};
	static const struct su_rate rates[] = {{"probes_per_s", 1234.5}, {"bad", -1.0 / 0.0}};
	static const struct su_text parameters[] = {{"rate", "5", false}, {"target", "a", true},
		{"target", "b", true}, {"sni", "c", false}};
	static const struct su_wait waits[] = {{"disk", 2, 1500000}, {"nothing", 0, 0}};
	static const struct su_core cores[] = {
		{.lcore = 1, .role = "poll", .counters = values, .n_counters = 1}};
	static const struct su_noise_facts noise = {
		.n_probed = 1000,
		.responders = {[DP_RESPONDER_SERVICE] = 7, [DP_RESPONDER_NO_ACK] = 3},
		.n_canaries = 10,
		.n_top = 1,
		.n_suspects = 1,
		.top = {{.len = 64, .n_answers = 20, .n_services = 1, .n_probed = 20.5}},
	};
	static struct sample sample;
	struct su_input input = {
		.arguments = arguments,
		.n_arguments = 2,
		.version = "0.1.0",
		.commit = "0123456",
		.libraries = texts,
		.n_libraries = 1,
		.parameters = parameters,
		.n_parameters = 4,
		.start_unix_us = 1,
		.end_unix_us = 2000000,
		.exit_reason = "done",
		.error = "none really",
		.noise = &noise,
		.counters = groups,
		.n_counters = 2,
		.n_shards = 1,
		.cores = cores,
		.n_cores = 1,
		.memory_plan = values,
		.n_memory_plan = 2,
		.memory_used = values,
		.n_memory_used = 2,
		.waits = waits,
		.n_waits = 2,
		.rates = rates,
		.n_rates = 2,
	};
	char dir[1024], err[256];
	struct ut_folder folder;
	struct out_writer_config config = {.folder = &folder, .certs = certs, .overwrite = true};
	struct out_writer *writer = NULL;
	int rc;

	snprintf(dir, sizeof(dir), "%s/%s", parent, name);
	/* Whoever runs the tests has made the folder above it. */
	if (ut_folder_open(&folder, dir, &(struct ut_folder_use){.make = true, .unsafe = true}, err,
		    sizeof(err)) == 0)
		writer = out_writer_open(&config, err, sizeof(err));
	if (writer == NULL) {
		fprintf(stderr, "%s\n", err);
		return 1;
	}
	for (unsigned int n = 0; sample_nth(n, &sample); n++)
		out_writer_record(writer, &sample.record);
	out_writer_flush(writer);
	input.records = *out_writer_read_counts(writer);
	rc = out_writer_close(writer);
	if (rc == 0)
		rc = su_summary_write(&input, &folder, err, sizeof(err));
	ut_folder_close(&folder);
	return rc != 0;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: corpus DIR\n");
		return 2;
	}
	return fill(argv[1], "inline", OUT_CERTS_INLINE) + fill(argv[1], "store", OUT_CERTS_STORE);
}
