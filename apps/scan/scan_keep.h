/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a run leaves in the output folder for the next one, and what it takes over from the one
 * before. With -o - nothing.
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
 * With --resume: lock the folder, read its checkpoint, and take the seed from it. Before the lists
 * are read.
 * @param keep    in/out: all zero; borrows the folder of output
 * @param plan    in: options are set; they get the seed
 * @param output  in/out: after sc_folder_look(); the folder is locked
 * @param end     out: set on failure, with the code UT_EXIT_DONE if nothing is left to do
 */
int sc_keep_load(struct sc_keep *keep, const struct sc_plan *plan, struct sc_output *output,
	struct sc_end *end);

/**
 * With --resume: replace the targets by those that the scan was begun with.
 * @param keep  in/out: loaded
 * @param plan  in/out: targets are read; if they are replaced, those of the command line are freed
 * @param end   out: set on failure
 */
int sc_keep_targets(struct sc_keep *keep, struct sc_plan *plan, struct sc_end *end);

/**
 * Note the scan's part of the permutation, and with --resume reduce the plan to what is left of it.
 * @param keep  in/out: loaded; part is set
 * @param plan  in/out: made; config borrows from keep
 * @param end   out: set on failure
 */
int sc_keep_part(struct sc_keep *keep, struct sc_plan *plan, struct sc_end *end);

/**
 * Save the targets of a new scan, and write the first checkpoint.
 * @param keep        in/out: loaded; its keeper borrows output and scan
 * @param plan        in: made
 * @param output      in: its writer is open
 * @param scan        in/out: has been built; excludes what the checkpoint excludes
 * @param exclusions  in/out: those of earlier runs are added
 * @param end         out: set on failure
 */
int sc_keep_open(struct sc_keep *keep, const struct sc_plan *plan, const struct sc_output *output,
	struct dp_scan *scan, struct su_exclusions *exclusions, struct sc_end *end);

/**
 * Write the last checkpoint, after all records are written.
 * @param keep       in/out: the scan has ended
 * @param folder     in: name of the output folder, for the sentence
 * @param served_us  in: as for re_keeper_close()
 * @param end        out: set on failure
 */
void sc_keep_close(
	struct sc_keep *keep, const char *folder, uint64_t served_us, struct sc_end *end);

/**
 * After the summary: if nothing is left to do, write this into the checkpoint; else tell the user
 * how to resume.
 * @param keep     in/out: closed
 * @param options  in: parsed
 * @param end      in/out: how the scan has ended; set on failure
 */
void sc_keep_done(struct sc_keep *keep, const struct op_options *options, struct sc_end *end);

/**
 * How many pairs earlier runs have begun. Answers to their open work are compared with all of
 * these: if they were compared with the open work alone, every network in it would answer like one
 * box.
 * @param keep    in: part is set
 * @param config  in: of this run
 * @return pairs; 0 without --resume
 */
uint64_t sc_keep_begun_earlier(const struct sc_keep *keep, const struct dp_scan_config *config);

/** Free the keeper and what was read. @param keep  in/out */
void sc_keep_free(struct sc_keep *keep);
