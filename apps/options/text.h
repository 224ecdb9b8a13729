/* SPDX-License-Identifier: BSD-3-Clause */
/* The texts of rows with their numbers filled in. Any thread. */
#pragma once

#include "table.h"

#define OP_TEXT_MAX 1024 /* bytes: room for any text of a row */

/**
 * Copy a text of a row, with {default}, {min}, {max} and {choices} replaced by those of the row.
 * @param option        in: the row
 * @param text          in: its help or doc
 * @param out, out_len  out: NUL-terminated, cut if it is too long; OP_TEXT_MAX bytes are enough
 */
void op_option_text(const struct op_option *option, const char *text, char *out, size_t out_len);

/**
 * The default as a user would write it: "8s", "128Ki", "open".
 * @param option        in: the row
 * @param out, out_len  out: NUL-terminated; "" if the row has no default
 * @return out
 */
const char *op_option_default(const struct op_option *option, char *out, size_t out_len);
