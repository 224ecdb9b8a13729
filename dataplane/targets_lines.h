/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists as text: one item a line, comments, and messages that point at the byte. */
#pragma once

#include "targets_item.h"

/* How the lines of a list are read, and what becomes of them. */
struct dp_lines {
	FILE *in;
	const char *name;   /* of the list, in messages */
	bool comma_comment; /* a comma, too, starts a comment */
	/* An item without white space at its ends, never empty; 0 or -errno and error filled. */
	int (*take)(void *to, const char *text, size_t len, struct dp_item_error *error);
	void *to;
};

/**
 * Give every item of a stream to take(), which ends it by a value other than 0.
 * @param n_items  out: how many there were
 * @param err      out: on failure, and when there was no item, "name:line:column: sentence"
 * @return 0; what take() returned; -EINVAL: not text, or a line longer than DP_LINE_MAX; the
 *         negative errno of reading
 */
int dp_lines_each(const struct dp_lines *lines, uint64_t *n_items, char err[DP_ERR_LEN]);

/**
 * Open a list; "-" is standard input, which dp_list_close() leaves open.
 * @param name  out: what the list is called in messages
 * @return the stream, or NULL with errno and a sentence in err
 */
FILE *dp_list_open(const char *path, const char **name, char err[DP_ERR_LEN]);
void dp_list_close(FILE *in);
