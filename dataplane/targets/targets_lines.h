/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists as text: one item a line, comments, and messages that point at the wrong byte. One
 * thread. */
#pragma once

#include "targets_internal.h"
#include "targets_item.h"

/* How the lines of a list are read, and what becomes of them. */
struct dp_lines {
	FILE *in;
	const char *name;   /* of the list, in messages */
	bool comma_comment; /* a comma starts a comment, too */
	/* Gets each item, without white space at its ends and never empty. Returns 0, or -errno and
	 * fills error. */
	int (*take)(void *to, const char *text, size_t len, struct dp_item_error *error);
	void *to;
	/* Out, for take(): the place of its item, from 1. */
	uint64_t line;
	uint32_t column;
};

/**
 * Give every item of a stream to take(), until take() returns another value than 0.
 * @param lines    in/out: as its fields say
 * @param n_items  out: items given to take()
 * @param err      out: on failure, and if there was no item, "name:line:column: sentence"
 * @return 0; what take() returned; -EINVAL: not text, or a line longer than DP_LINE_MAX; or the
 *         negative errno of reading
 */
int dp_lines_each(struct dp_lines *lines, uint64_t *n_items, char err[DP_ERR_LEN]);

/**
 * The place of a name, for dp_names_push(). Called by take().
 * @param lines  in: where the item is
 * @param list   in: the list's number, of dp_names_list()
 * @param text   in: the item, as take() got it
 * @param name   in: points into text
 * @return line and column
 */
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
 * Open a list.
 * @param path  in: NUL-terminated; "-" is standard input; borrowed
 * @param name  out: what the list is called in messages, static or path itself
 * @param err   out: on failure a sentence
 * @return the stream, to be closed with dp_list_close(); NULL: errno says why
 */
FILE *dp_list_open(const char *path, const char **name, char err[DP_ERR_LEN]);

/** Close a list that dp_list_open() opened. Standard input stays open. */
void dp_list_close(FILE *in);
