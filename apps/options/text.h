/* SPDX-License-Identifier: BSD-3-Clause */
/* The texts of rows with their numbers filled in. Any thread. */
#pragma once

#include "table.h"

#define OP_TEXT_MAX 1024 /* room for any text of a row */

/**
 * Copy a text of a row with {default}, {min}, {max} and {choices} replaced by the row's own.
 * @param option        in: whose numbers are filled in
 * @param text          in: help or doc of the row
 * @param out, out_len  out: a longer text is cut off; OP_TEXT_MAX bytes are enough
 */
void op_option_text(const struct op_option *option, const char *text, char *out, size_t out_len);

/**
 * The default as a user would write it: "8s", "128Ki", "open".
 * @param option        in: its row
 * @param out, out_len  out: "" if the row has none
 * @return out
 */
const char *op_option_default(const struct op_option *option, char *out, size_t out_len);
