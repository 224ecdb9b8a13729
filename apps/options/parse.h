/* SPDX-License-Identifier: BSD-3-Clause */
/* From the arguments of a command to its options, checked and complete. Main thread. */
#pragma once

#include "doctor_options.h"
#include "line.h"
#include "options.h"

/**
 * Parse and check what follows `tlsweep scan`. Read first are the files of --config, and before
 * them, with --resume, the scan.conf of the output folder; the command line wins over both.
 * @param argc, argv    in: argv[0] is "scan"; strings are borrowed for the life of options; getopt
 *                      may change the order of the pointers
 * @param options       out: complete on OP_PARSE_OK; to be freed with op_options_free() in any case
 * @param err, err_len  out: one sentence on OP_PARSE_ERROR: what was wrong, where, what to do
 */
enum op_parse op_options_parse(
	int argc, char **argv, struct op_options *options, char *err, size_t err_len);

/** The same for `tlsweep targets`: no port is needed, since nothing is sent. */
enum op_parse op_options_parse_targets(
	int argc, char **argv, struct op_options *options, char *err, size_t err_len);

/** The same for `tlsweep doctor`; there is nothing to free. */
enum op_parse op_options_parse_doctor(
	int argc, char **argv, struct op_doctor_options *options, char *err, size_t err_len);

/** Fill in the default of every option, and nothing else. */
void op_options_default(struct op_options *options);

/**
 * Where the value of an option came from, for a sentence about it that only set-up can make.
 * @param options       in: parsed
 * @param name          in: the option's long name
 * @param out, out_len  out: "FILE:LINE:COLUMN: ", or "" for the command line
 */
void op_options_place(
	const struct op_options *options, const char *name, char *out, size_t out_len);

/** Free the texts of configuration files. Nothing of the options may be used afterwards. */
void op_options_free(struct op_options *options);
