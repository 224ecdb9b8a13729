/* SPDX-License-Identifier: BSD-3-Clause */
/* From the text of an argument to the field of its row, as the row's kind says. One thread at a
 * time for each struct of options. */
#pragma once

#include "table.h"
#include "apps/util/argument.h"

/**
 * Store the value of an option.
 * @param option  in: its row
 * @param to      in/out: the struct that the row's offset belongs to
 * @param arg     in: borrowed by OP_KIND_TEXT, _LINE and _TEXTS for the life of to
 * @return 0, or -EINVAL with a sentence in arg->err. On failure the field is unchanged, unless it
 *         is a text.
 */
int op_option_set(const struct op_option *option, void *to, const struct ut_arg *arg);

/** Store the row's default in the struct to. If the row has none, the field stays as it is
 * (zero). */
void op_option_set_default(const struct op_option *option, void *to);

/** The number in a field of kind OP_KIND_COUNT, _BYTES or _TIME of the struct from; times in µs. */
uint64_t op_option_number(const struct op_option *option, const void *from);

/**
 * Add a text to a list.
 * @param items, n  in/out: the list and its length
 * @param max       in: room in items
 * @param once      in: a text that is in the list is not added again
 * @param arg       in: its text is borrowed for the life of the list
 * @return 0, or -EINVAL with a sentence in arg->err: the list is full
 */
int op_texts_add(const char **items, size_t *n, size_t max, bool once, const struct ut_arg *arg);

/** The field of a row in the struct from. */
static inline const void *op_option_field(const struct op_option *option, const void *from)
{
	return (const char *)from + option->offset;
}

/** The number of texts in the field of a row of kind OP_KIND_TEXTS in the struct from. */
static inline size_t op_option_n_texts(const struct op_option *option, const void *from)
{
	return *(const size_t *)(const void *)((const char *)from + option->count_offset);
}
