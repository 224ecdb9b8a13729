/* SPDX-License-Identifier: BSD-3-Clause */
/* The account of a whole scan: DIR/summary.json, or one line on standard error when results stream.
 */
#pragma once

#include "apps/summary/exclusions.h"
#include "noise_report.h"
#include "apps/output/writer.h"

#include <stdio.h>

/* Names are lower-case literals, keys of the JSON; texts are of any origin. Everything is borrowed.
 */
struct su_value {
	const char *name;
	uint64_t value;
};

struct su_text {
	const char *name, *text;
	bool is_list; /* one of several of this name, which stand together */
};

struct su_rate {
	const char *name; /* with its unit: "probes_per_s" */
	double value;
};

/* Why probes have waited, beside the rate. */
struct su_wait {
	const char *name; /* as in status.csv's waits_for */
	uint64_t n, us;	  /* times, and all together */
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
	uint32_t shard, n_shards;	  /* 0 of 1: all */
	uint64_t first, n_indices;	  /* this run's part of the order */
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
	const struct su_value *resume; /* what runs before this one have left; n_resume 0: none */
	size_t n_resume;
	const struct su_wait *waits; /* those with n 0 are left out */
	size_t n_waits;
	const struct su_rate *rates;
	size_t n_rates;
	const struct su_exclusions *excluded_live; /* NULL: none */
};

/**
 * Write the summary: to DIR/summary.json, replacing it in one step, or to standard error.
 * @param folder  in: the writer's, NULL: standard error
 * @param err  out: on failure a sentence
 * @return 0 or -errno
 */
int su_write(
	const struct su_input *input, const struct ut_folder *folder, char *err, size_t err_len);
