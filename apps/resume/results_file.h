/* SPDX-License-Identifier: BSD-3-Clause */
/* What earlier runs have written: results.jsonl read back, which address and port have a line, and
 * certificates.jsonl looked at. One thread. */
#pragma once

#include "checkpoint.h"

struct re_lines {
	struct re_checkpoint_pair
		*pairs; /* one for each whole line from the first byte asked for on */
	size_t n, cap;
	size_t n_new;	  /* of these, lines that begin at new_from or later */
	uint64_t n_bytes; /* where the last whole line ends */
};

/**
 * Read the lines from a byte on. Part of a line at the end of the file is left out: its process was
 * killed while it wrote it.
 * @param from      in: where a line begins
 * @param new_from  in: from here on lines count as new; where a line begins, not below from
 * @param lines     out: to be freed with re_lines_free() in any case
 * @param err       out: on failure "file:line:column: sentence"
 * @return 0, -EINVAL, -ENOMEM, or the negative errno of reading
 */
int re_lines_read(const struct ut_folder *folder, uint64_t from, uint64_t new_from,
	struct re_lines *lines, char err[RE_CHECKPOINT_ERR_LEN]);

/**
 * Is certificates.jsonl at least as long as the checkpoint says, with a line's end there?
 * @param bytes  in: what it had then; 0: nothing is known
 * @param err    out: on failure a sentence
 * @return 0, -EINVAL, or the negative errno of reading
 */
int re_lines_check_certs(
	const struct ut_folder *folder, uint64_t bytes, char err[RE_CHECKPOINT_ERR_LEN]);

void re_lines_free(struct re_lines *lines);
