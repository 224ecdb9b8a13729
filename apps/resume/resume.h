/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is left of a scan that was stopped or killed.
 *
 *     DIR/checkpoint ──► seed and position; do options and lists (DIR/targets) match that scan?
 *     DIR/results.jsonl ──► lines behind the position ──► indices and open work that are done
 *
 * These functions only read: if they refuse, the folder is as it was. Main thread.
 */
#pragma once

#include "checkpoint.h"
#include "apps/options/options.h"

struct re_resume {
	const struct ut_folder *folder;	 /* of options->output, open */
	size_t n_listed;		 /* services of -p, before those of pairs alone */
	struct re_checkpoint checkpoint; /* as read, with the exclusions that were added since */
	uint64_t *done; /* indices from next_index on that have a line, ascending */
	uint64_t n_done;
	struct dp_target *again; /* open work without a line, each once */
	uint64_t n_again;
	uint64_t begun_floor;	/* the results hold no line of a target from this index on */
	uint64_t results_bytes; /* of whole lines in results.jsonl */
	uint64_t n_records;	/* lines of all runs so far */
};

/**
 * Lock a folder against a second scan that writes to it. Does not wait.
 * @param folder        in: open
 * @param err, err_len  out: on failure a sentence
 * @return a descriptor, owned by the caller, that holds the lock until it is closed; -1 on failure
 */
int re_resume_lock(const struct ut_folder *folder, char *err, size_t err_len);

/**
 * Read the checkpoint of the folder and compare the options with it.
 * @param resume        in/out: folder is set; on success checkpoint is. To be freed with
 *                      re_resume_free() in any case.
 * @param options       in/out: parsed; the lists are not read yet. seed becomes the checkpoint's.
 * @param err, err_len  out: on failure a sentence that names what differs
 * @return 0; -EINVAL: an option differs; or an error of re_checkpoint_load()
 */
int re_resume_load(struct re_resume *resume, struct op_options *options, char *err, size_t err_len);

/**
 * Replace the targets of the lists by those that the scan was begun with. Both must be the same,
 * except for exclusions that were added since: these are added to the checkpoint's.
 * @param resume        in/out: n_listed is set; checkpoint.excluded grows
 * @param options       in: complete, with the services of pairs
 * @param targets       in/out: a finished set. On success it is freed and replaced by the saved
 *                      set.
 * @param err, err_len  out: on failure a sentence that names the difference
 * @return 0; -EINVAL: they differ, or the saved set cannot be read; or another error of
 *         dp_targets_diff()
 */
int re_resume_targets(struct re_resume *resume, const struct op_options *options,
	struct dp_targets **targets, char *err, size_t err_len);

/**
 * Work out what is left to do.
 * @param resume        in/out: done, again, begun_floor, results_bytes and n_records are set
 * @param options       in: complete
 * @param targets       in: the saved set, as of re_resume_targets()
 * @param part          in/out: the part of the permutation that the options choose, which must be
 *                      that of the checkpoint; afterwards what is left of it
 * @param err, err_len  out: on failure a sentence
 * @return 0; -EINVAL: the parts differ, or a file is not as the scan left it; -ENOMEM; or the
 *         -errno of reading
 */
int re_resume_work(struct re_resume *resume, const struct op_options *options,
	const struct dp_targets *targets, struct dp_index_range *part, char *err, size_t err_len);

/**
 * The outcomes that are recorded, as the checkpoint names them: "open,closed".
 * @param emit          in: which ones
 * @param out, out_len  out: NUL-terminated; cut if there is no room
 */
void re_resume_outcomes(const bool emit[DP_N_OUTCOME], char *out, size_t out_len);

/** Where certificates are written, as the checkpoint names it: "inline" or "store". Constant. */
const char *re_resume_certificates(enum out_certs certs);

/** Free what resume holds. Its folder stays open. */
void re_resume_free(struct re_resume *resume);
