/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the folder of a scan that was stopped or killed to what is left of it.
 *
 *     DIR/checkpoint ──► seed, position ──► is the command line that scan's? lists too (DIR/targets)?
 *     DIR/results.jsonl ──► lines behind the position ──► indices that are done, open work that is
 *
 * Reads only: a refusal leaves the folder as it was. Main thread.
 */
#pragma once

#include "checkpoint.h"
#include "apps/options/options.h"

struct re_resume {
	const struct ut_folder *folder;	 /* of options->output, open */
	size_t n_listed;		 /* services of -p; those of pairs alone come behind them */
	struct re_checkpoint checkpoint; /* as it was found, exclusions added since included */
	uint64_t *done; /* indices from next_index on that have a line, ascending */
	uint64_t n_done;
	struct dp_target *again; /* open work without a line, each once */
	uint64_t n_again;
	uint64_t begun_floor;	/* no line is of a target from here on */
	uint64_t results_bytes; /* of whole lines */
	uint64_t n_records;	/* lines of all runs so far */
};

/**
 * Take the lock on a folder that a scan writes to.
 * @return a descriptor that holds the lock until it is closed, or -1; err: a sentence
 */
int re_resume_lock(const struct ut_folder *folder, char *err, size_t err_len);

/**
 * Read the checkpoint in the folder and hold the options against it. A seed that was not given
 * is taken from it.
 * @param resume  in: folder is set
 * @return 0, or a negative errno; err: a sentence that names what differs
 */
int re_resume_load(struct re_resume *resume, struct op_options *options, char *err, size_t err_len);

/**
 * Exchange the targets that the lists give now for those the scan was begun with, when they are the
 * same but for exclusions added since, which join those of the checkpoint.
 * @param targets  in/out: finished; on success the saved set, on failure as it was
 * @return 0, or a negative errno; err: a sentence that names the difference
 */
int re_resume_targets(struct re_resume *resume, const struct op_options *options,
	struct dp_targets **targets, char *err, size_t err_len);

/**
 * Work out what is left.
 * @param part  in/out: in: this scan's part of the permutation by the options; out: what is left
 * @return 0, or a negative errno; err: a sentence
 */
int re_resume_work(struct re_resume *resume, const struct op_options *options,
	const struct dp_targets *targets, struct dp_index_range *part, char *err, size_t err_len);

/** The kinds of results as the checkpoint names them: "open,closed". */
void re_resume_outcomes(const bool emit[DP_N_OUTCOME], char *out, size_t out_len);

/** How certificates are kept, as the checkpoint names it. */
const char *re_resume_certificates(enum out_certs certs);

void re_resume_free(struct re_resume *resume);
