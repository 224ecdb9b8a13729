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
 * @param keep  in/out: of sc_keep_load()
 * @param plan  in/out: gets other targets; those of the command line are freed
 * @param end   out: on failure */
int sc_keep_targets(struct sc_keep *keep, struct sc_plan *plan, struct sc_end *end);

/** Keep the scan's part of the permutation. With --resume: plan only what is left of it.
 * @param keep  in/out: gets part
 * @param plan  in/out: of sc_plan_make(); indices, done and again of config are set
 * @param end   out: on failure */
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
 * Write the last checkpoint. All records have been written.
 * @param keep       in/out: its keeper is closed
 * @param folder     in: name of the output folder, for the sentence
 * @param served_us  in: scan time until when the poll cores certainly took in answers
 * @param end        out: on failure
 */
void sc_keep_close(
	struct sc_keep *keep, const char *folder, uint64_t served_us, struct sc_end *end);

/** After the summary: if nothing is left to do, say so in the checkpoint; else tell the user how to
 * continue.
 * @param keep     in/out: of a closed keeper
 * @param options  in: names the output folder
 * @param end      in/out: how the scan has ended; a failure to write is added */
void sc_keep_done(struct sc_keep *keep, const struct op_options *options, struct sc_end *end);

/** Count the pairs that earlier runs have begun.
 * @param keep    in: of sc_keep_part()
 * @param config  in: of this run
 * @return pairs; 0 without --resume */
uint64_t sc_keep_begun_earlier(const struct sc_keep *keep, const struct dp_scan_config *config);

/** Free it all. */
void sc_keep_free(struct sc_keep *keep);
