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
 * @param options       out: complete on SW_PARSE_OK; to be freed with sw_options_free() in any case
 * @param err, err_len  out: one sentence on SW_PARSE_ERROR: what was wrong, where, what to do
 */
enum sw_parse sw_options_parse(
	int argc, char **argv, struct sw_options *options, char *err, size_t err_len);

/** The same for `tlsweep targets`: no port is needed, since nothing is sent. */
enum sw_parse sw_options_parse_targets(
	int argc, char **argv, struct sw_options *options, char *err, size_t err_len);

/** The same for `tlsweep doctor`; there is nothing to free. */
enum sw_parse sw_options_parse_doctor(
	int argc, char **argv, struct sw_doctor_options *options, char *err, size_t err_len);

/** Fill in the default of every option, and nothing else. */
void sw_options_default(struct sw_options *options);

/**
 * Where the value of an option came from, for a sentence about it that only set-up can make.
 * @param options       in: parsed
 * @param name          in: the option's long name
 * @param out, out_len  out: "FILE:LINE:COLUMN: ", or "" for the command line
 */
void sw_options_place(
	const struct sw_options *options, const char *name, char *out, size_t out_len);

/** Free the texts of configuration files. Nothing of the options may be used afterwards. */
void sw_options_free(struct sw_options *options);
