/* SPDX-License-Identifier: BSD-3-Clause */
/* The options of a scan as a file; config_file.h describes its form and reads it. Main thread. */
#pragma once

#include "config_line.h"
#include "options.h"
#include "apps/util/folder.h"

/** Print all options with their values in the order of the table, those without one as comments. */
void op_config_print(const struct op_options *options, enum op_config_use use, FILE *out);

/**
 * Called with each value; several of one name come one after the other.
 * @param to           as given to op_config_each()
 * @param name, value  in: borrowed for the call
 * @param is_list      in: the option may have several values
 */
typedef void op_config_visit(void *to, const char *name, const char *value, bool is_list);

/**
 * Visit every option that has a value, in the order and the words of op_config_print().
 * @return 0 or -ENOMEM
 */
int op_config_each(
	const struct op_options *options, enum op_config_use use, op_config_visit *visit, void *to);

/**
 * Replace DIR/scan.conf, with which --resume begins, in one step.
 * @param options       in: as they are in force, with the seed
 * @param folder        in: open
 * @param err, err_len  out: one sentence on failure
 * @return 0 or -errno
 */
int op_config_save(const struct op_options *options, const struct ut_folder *folder, char *err,
	size_t err_len);
