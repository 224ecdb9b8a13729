/* SPDX-License-Identifier: BSD-3-Clause */
/* What a name that is no option may stand for. */
#pragma once

#include "table.h"

#define OP_HINT_MAX 400 /* room for the names that begin with a short word */

enum op_hint_style {
	OP_HINT_LINE, /* --rate */
	OP_HINT_FILE, /* "rate" */
};

/**
 * Write the end of a sentence: "did you mean --rate?" with every name that begins with the word, or
 * else with the nearest name if one is near, or else where the options are listed.
 * @param command       in: whose options it may have been meant for
 * @param word          in: without dashes
 * @param style         in: where it stood
 * @param out, out_len  out: OP_HINT_MAX bytes are enough
 * @return how many names begin with the word
 */
size_t op_hint(const struct op_command *command, const char *word, enum op_hint_style style,
	char *out, size_t out_len);
