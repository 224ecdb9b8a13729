/* SPDX-License-Identifier: BSD-3-Clause */
/* Which option may be meant by a name that is none. Any thread. */
#pragma once

#include "table.h"

#define OP_HINT_MAX 400 /* bytes: room for all names that begin with a letter */

enum op_hint_style {
	OP_HINT_LINE, /* --rate */
	OP_HINT_FILE, /* "rate" */
};

/**
 * Write the end of a sentence: "did you mean --rate?" with every option whose name begins with the
 * word. If there is none, the most similar name is written, and if no name is similar, where all
 * options are listed.
 * @param command       in: its options are searched
 * @param word          in: what the user wrote, without dashes
 * @param style         in: where the user wrote it
 * @param out, out_len  out: NUL-terminated; OP_HINT_MAX bytes are enough
 * @return how many names begin with the word
 */
size_t op_hint(const struct op_command *command, const char *word, enum op_hint_style style,
	char *out, size_t out_len);
