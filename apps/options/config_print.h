/* SPDX-License-Identifier: BSD-3-Clause */
/* The options of a scan as a file, which config_file.h describes and reads. Main thread. */
#pragma once

#include "config_line.h"
#include "options.h"
#include "apps/util/folder.h"

/**
 * Print all options with their values in the order of the table, those without a value as comments.
 * @param options  in: complete
 * @param use      in: what the file is for
 * @param out      in: the stream that they are printed to; its errors are the caller's
 */
void op_config_print(const struct op_options *options, enum op_config_use use, FILE *out);

/**
 * Called with each value. Several values of one option come one after the other.
 * @param to           in: as given to op_config_each()
 * @param name, value  in: borrowed for the call
 * @param is_list      in: the option may have several values
 */
typedef void op_config_visit(void *to, const char *name, const char *value, bool is_list);

/**
 * Visit every option that has a value, in the order and the form of op_config_print().
 * @param options    in: complete
 * @param use        in: what the values are for
 * @param visit, to  in: called with to for each value
 * @return 0; -ENOMEM: nothing was visited
 */
int op_config_each(
	const struct op_options *options, enum op_config_use use, op_config_visit *visit, void *to);

/**
 * Replace DIR/scan.conf, which --resume reads first, in one step.
 * @param options       in: complete, with the seed
 * @param folder        in: open
 * @param err, err_len  out: on failure a sentence
 * @return 0, -ENOMEM, or the -errno of writing; on failure the old file is untouched
 */
int op_config_save(const struct op_options *options, const struct ut_folder *folder, char *err,
	size_t err_len);
