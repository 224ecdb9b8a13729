/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of any command, by its table. Main thread: getopt keeps its place in globals. */
#pragma once

#include "table.h"
#include "apps/util/argument.h"

#define OP_MAX_CONFIGS 64 /* files of --config on one command line */

enum op_parse {
	OP_PARSE_OK,
	OP_PARSE_EXIT,	  /* --help or --print-config: the text was printed to standard output */
	OP_PARSE_VERSION, /* --version: the caller prints the versions */
	OP_PARSE_ERROR,	  /* a sentence is in err */
};

/* What a command line contains, found before its options are applied. */
struct op_line {
	const char *configs[OP_MAX_CONFIGS]; /* the files of --config, in order */
	size_t n_configs;
	bool has[OP_N_PART]; /* an option of this part is there, or a target */
	int first; /* index of the first argument that belongs to no option; argc: there is none */
};

/**
 * Look through a command line, without applying it. --help is answered here.
 * @param command       in: the command, whose options are allowed
 * @param argc, argv    in: borrowed for the life of line; getopt may change the order of the
 *                      pointers
 * @param line          out: complete on OP_PARSE_OK
 * @param err, err_len  out: one sentence on OP_PARSE_ERROR
 * @return OP_PARSE_OK, or why the command ends here
 */
enum op_parse op_line_look(const struct op_command *command, int argc, char **argv,
	struct op_line *line, char *err, size_t err_len);

/**
 * Called with an option and its argument.
 * @param to      in: as given to op_line_each()
 * @param option  in: its row
 * @param arg     in: its text is of argv, NULL without an argument
 * @return OP_PARSE_OK to continue; OP_PARSE_ERROR with a sentence in arg->err; or another reason to
 *         end
 */
typedef enum op_parse op_line_take(
	void *to, const struct op_option *option, const struct ut_arg *arg);

/**
 * Call take() for each option of a command line, in order.
 * @param command       in: the command, whose options are allowed
 * @param argc, argv    in: getopt may change the order of the pointers
 * @param take, to      in: called with to for each option
 * @param first         out: on OP_PARSE_OK the index of the first argument that belongs to no
 *                      option
 * @param err, err_len  out: one sentence on OP_PARSE_ERROR
 * @return what take() returned last, or OP_PARSE_ERROR for an unknown option
 */
enum op_parse op_line_each(const struct op_command *command, int argc, char **argv,
	op_line_take *take, void *to, int *first, char *err, size_t err_len);
