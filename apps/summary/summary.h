/* SPDX-License-Identifier: BSD-3-Clause */
/* The summary of a whole scan: DIR/summary.json, or one line on standard error if the results go to
 * standard output. Main thread. */
#pragma once

#include "apps/summary/exclusions.h"
#include "noise_report.h"
#include "apps/output/writer.h"

#include <stdio.h>

/* Names are keys of the JSON: lower-case literals. Texts are of any origin. All of it is
 * borrowed. */
struct su_value {
	const char *name;
	uint64_t value;
};

struct su_text {
	const char *name, *text;
	bool is_list; /* the name may come several times, one behind the other: an array */
};

struct su_rate {
	const char *name; /* with its unit: "probes_per_s" */
	double value;
};

/* Why probes have waited, beside the rate. */
struct su_wait {
	const char *name; /* as in status.csv's waits_for */
	uint64_t n, us;	  /* how many waits, and how long they took together, µs */
};

/* One object of counters: "packets", "drops", "levels". */
struct su_group {
	const char *name;
	const struct su_value *values;
	size_t n_values;
};

/* One lcore that counts. */
struct su_core {
	uint32_t lcore, cpu;
	const char *role;
	uint64_t loop_p999_us, loop_max_us;
	const struct su_value *counters, *drops; /* those that are not 0 */
	size_t n_counters, n_drops;
};

struct su_input {
	const char *const *arguments; /* the command line, argv[0] included */
	size_t n_arguments;
	const char *version, *commit;	 /* of tlsweep; commit "" when unknown */
	const struct su_text *libraries; /* {"dpdk", "DPDK 22.11.7"}, ... */
	size_t n_libraries;
	const struct su_text *parameters; /* effective options by name, defaults included */
	size_t n_parameters;
	uint64_t seed;
	bool seed_given;
	uint64_t start_unix_us, end_unix_us;
	const char *exit_reason; /* a word: "done", "interrupted", "max-results", "output-error" */
	int exit_code;
	const char *error; /* the sentence the user saw, NULL or "": none */
	uint64_t n_targets, n_targets_scanned;
	uint64_t targets_digest;	  /* of the finished set */
	uint32_t shard, n_shards;	  /* shard from 0; 0 of 1: all targets */
	uint64_t first, n_indices;	  /* this run's part of the permutation */
	struct out_writer_counts records; /* copied before out_writer_close() */
	const struct su_noise_facts *noise;
	const struct su_group *counters;
	size_t n_counters;
	const struct su_core *cores;
	size_t n_cores;
	const struct su_value *memory_plan; /* bytes by purpose */
	size_t n_memory_plan;
	const struct su_value *memory_used;
	size_t n_memory_used;
	const struct su_value *resume; /* of earlier runs; n_resume 0: there were none */
	size_t n_resume;
	const struct su_wait *waits; /* those with n 0 are left out */
	size_t n_waits;
	const struct su_rate *rates;
	size_t n_rates;
	const struct su_exclusions *excluded_live; /* NULL: none */
};

/**
 * Write the summary: to DIR/summary.json, which it replaces in one step, or to standard error.
 * @param input         in: borrowed for the call
 * @param folder        in: open; NULL: standard error
 * @param err, err_len  out: on failure a sentence that names where it was to be written
 * @return 0, -ENOMEM, or the -errno of writing
 */
int su_summary_write(
	const struct su_input *input, const struct ut_folder *folder, char *err, size_t err_len);
