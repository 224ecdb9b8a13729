/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What earlier runs have written: reads from results.jsonl which pairs of address and port have a
 * line, and checks certificates.jsonl. One thread at a time.
 */
#pragma once

#include "checkpoint.h"

struct re_results {
	struct re_checkpoint_pair *pairs; /* one for each whole line that was read */
	size_t n, cap;
	size_t n_new;	  /* of n, lines that begin at new_from or later */
	uint64_t n_bytes; /* where the last whole line ends */
};

/**
 * Read the lines of results.jsonl from a byte on. If the file ends with part of a line, because its
 * process was killed while it wrote it, this part is left out.
 * @param folder    in: open
 * @param from      in: the byte at which a line begins
 * @param new_from  in: lines from this byte on count as new; a line begins there, from or later
 * @param lines     out: to be freed with re_results_free() in any case
 * @param err       out: on failure a sentence that begins with the path
 * @return 0; -EINVAL: a line is wrong, or the file is shorter than new_from; -ENOMEM; or the -errno
 *         of opening or reading
 */
int re_results_read(const struct ut_folder *folder, uint64_t from, uint64_t new_from,
	struct re_results *lines, char err[RE_CHECKPOINT_ERR_LEN]);

/**
 * Check that certificates.jsonl is at least as long as the checkpoint says, and that a line ends
 * there.
 * @param folder  in: open
 * @param bytes   in: its size by the checkpoint; 0: there is nothing to check
 * @param err     out: on failure a sentence that begins with the path
 * @return 0; -EINVAL: it is shorter, or no line ends there; or the -errno of opening or reading
 */
int re_results_check_certs(
	const struct ut_folder *folder, uint64_t bytes, char err[RE_CHECKPOINT_ERR_LEN]);

/** Free the lines; the struct is empty then. */
void re_results_free(struct re_results *lines);
