/* SPDX-License-Identifier: BSD-3-Clause */
/* From the arguments of a command to its options, complete and checked. Main thread. */
#pragma once

#include "doctor_options.h"
#include "line.h"
#include "options.h"

/**
 * Parse and check what follows `tlsweep scan`. With --resume the scan.conf of the output folder is
 * read first, then the files of --config, then the command line. What comes later wins.
 * @param argc, argv    in: argv[0] is "scan"; strings are borrowed for the life of options; getopt
 *                      may change the order of the pointers
 * @param options       out: complete on OP_PARSE_OK; to be freed with op_options_free() in any case
 * @param err, err_len  out: one sentence on OP_PARSE_ERROR: what was wrong, where, what to do
 * @return OP_PARSE_OK, or why there is no scan
 */
enum op_parse op_options_parse(
	int argc, char **argv, struct op_options *options, char *err, size_t err_len);

/** The same for `tlsweep targets`, which needs no port. */
enum op_parse op_options_parse_targets(
	int argc, char **argv, struct op_options *options, char *err, size_t err_len);

/** The same for `tlsweep doctor`, which reads no files. There is nothing to free. */
enum op_parse op_options_parse_doctor(
	int argc, char **argv, struct op_doctor_options *options, char *err, size_t err_len);

/** Set every option to its default. What is drawn or derived (seed, names) is not set. */
void op_options_default(struct op_options *options);

/**
 * Where the value of an option comes from, for a sentence about it that is made later.
 * @param options       in: complete
 * @param name          in: the option's long name
 * @param out, out_len  out: "FILE:LINE:COLUMN: ", or "" for the command line
 */
void op_options_place(
	const struct op_options *options, const char *name, char *out, size_t out_len);

/** Free the texts of configuration files. The options must not be used afterwards. */
void op_options_free(struct op_options *options);
