/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What one run leaves for the next in the output folder, and what it takes over from the one
 * before. All do nothing with -o -.
 *
 * The functions that return int are steps of sc_setup(): 0, or -1 with sentence and exit code in
 * end. Main thread.
 */
#pragma once

#include "scan_folder.h"
#include "apps/resume/keeper.h"
#include "apps/resume/resume.h"
#include "apps/summary/exclusions.h"

struct sc_keep {
	struct dp_index_range part; /* of the permutation: this scan's, all its runs together */
	struct re_resume resume;    /* with --resume: what the runs before have left */
	struct re_keeper keeper;    /* of the checkpoint */
};

/**
 * With --resume: take the folder's lock, read its checkpoint, take the seed from it. Before the
 * lists are read.
 * @param keep    in/out: zero at first; borrows the folder of output
 * @param plan    in/out: options get the seed
 * @param output  in/out: the folder gets its lock
 * @param end     out, on failure; code UT_EXIT_DONE: nothing is left to do
 */
int sc_keep_load(struct sc_keep *keep, const struct sc_plan *plan, struct sc_output *output,
	struct sc_end *end);

/** With --resume: take the targets that the scan was begun with.
 * @param plan  in/out: targets are exchanged */
int sc_keep_targets(struct sc_keep *keep, struct sc_plan *plan, struct sc_end *end);

/** Note the scan's part of the permutation. With --resume: plan only what is left of it.
 * @param plan  in/out: made; indices, done and again of config are set */
int sc_keep_part(struct sc_keep *keep, struct sc_plan *plan, struct sc_end *end);

/**
 * Write the first checkpoint, when the scan has been built and the writer is open.
 * @param keep        in/out: its keeper begins to borrow output and scan
 * @param plan        in
 * @param output      in
 * @param scan        in/out: it excludes what the checkpoint excludes
 * @param exclusions  in/out: gets what was excluded before this run
 * @param end         out, on failure
 */
int sc_keep_open(struct sc_keep *keep, const struct sc_plan *plan, const struct sc_output *output,
	struct dp_scan *scan, struct su_exclusions *exclusions, struct sc_end *end);

/**
 * Write the last checkpoint, when all records are written.
 * @param folder     in: name of the output folder, for the sentence
 * @param served_us  in: scan time until when the poll cores took in answers, for sure
 * @param end        out, on failure
 */
void sc_keep_close(
	struct sc_keep *keep, const char *folder, uint64_t served_us, struct sc_end *end);

/** After the summary: say in the checkpoint that nothing is left to do, if so; else tell the user
 * how to continue.
 * @param end  in/out: how the scan has ended; out, on failure */
void sc_keep_done(struct sc_keep *keep, const struct op_options *options, struct sc_end *end);

/** Pairs that earlier runs have begun. @param config  in: of this run */
uint64_t sc_keep_begun_earlier(const struct sc_keep *keep, const struct dp_scan_config *config);

/** Free it all. */
void sc_keep_free(struct sc_keep *keep);
