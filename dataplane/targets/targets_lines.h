/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists as text: one item a line, comments, and messages that point at the byte. */
#pragma once

#include "targets_internal.h"
#include "targets_item.h"

/* How the lines of a list are read, and what becomes of them. */
struct dp_lines {
	FILE *in;
	const char *name;   /* of the list, in messages */
	bool comma_comment; /* a comma, too, starts a comment */
	/* An item without white space at its ends, never empty; 0 or -errno and error filled. */
	int (*take)(void *to, const char *text, size_t len, struct dp_item_error *error);
	void *to;
	/* Out, for take(): where its item stands, from 1. */
	uint64_t line;
	uint32_t column;
};

/**
 * Give every item of a stream to take(), which ends it by a value other than 0.
 * @param lines    in, out: as its fields say
 * @param n_items  out: how many there were
 * @param err      out: on failure, and when there was no item, "name:line:column: sentence"
 * @return 0; what take() returned; -EINVAL: not text, or a line longer than DP_LINE_MAX; the
 *         negative errno of reading
 */
int dp_lines_each(struct dp_lines *lines, uint64_t *n_items, char err[DP_ERR_LEN]);

/** The place of a name in the item that take() was given as text, for dp_names_push(). */
static inline struct dp_place dp_lines_place(
	const struct dp_lines *lines, uint16_t list, const char *text, const char *name)
{
	return (struct dp_place){
		.line = (uint32_t)lines->line,
		.column = (uint16_t)(lines->column + (size_t)(name - text)),
		.list = list,
	};
}

/**
 * Open a list; "-" is standard input, which dp_list_close() leaves open.
 * @param name  out: what the list is called in messages
 * @return the stream, or NULL with errno and a sentence in err
 */
FILE *dp_list_open(const char *path, const char **name, char err[DP_ERR_LEN]);
void dp_list_close(FILE *in);
