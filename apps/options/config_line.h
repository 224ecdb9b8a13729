/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines of a file of options, written so that argument.c reads them back. One thread at a time for
 * each stream, whose errors the caller checks. */
#pragma once

#include <stdint.h>
#include <stdio.h>

struct op_options;

enum op_config_use {
	OP_CONFIG_SHOW,	   /* for the user: without a seed that was drawn */
	OP_CONFIG_ACCOUNT, /* for the summary: every value that is in force */
	OP_CONFIG_RESUME,  /* to resume this scan: with its seed, without --overwrite */
};

/* One option that is being written. */
struct op_config_line {
	FILE *out;
	const char *name; /* long name, without dashes */
	enum op_config_use use;
	const struct op_options *o; /* where its value is */
};

/** Write "name = text", in quotes if the text alone would be read as something else. */
void op_config_put_text(const struct op_config_line *line, const char *text);

/** Write a default: as a comment, so that a later release may choose another one; for the summary
 * as a value. */
void op_config_put_default(const struct op_config_line *line, const char *text);

/** Write "# name =": the option has no value. */
void op_config_put_none(const struct op_config_line *line);

/** Write a whole number. */
void op_config_put_count(const struct op_config_line *line, uint64_t value);

/** Write a time of us microseconds, in the largest unit that gives a whole number. */
void op_config_put_time(const struct op_config_line *line, uint64_t us);

/** Write the shortest decimal that is read back as exactly this number. */
void op_config_put_number(const struct op_config_line *line, double value);

/** Write a share of 0 to 1 in percent, in the same way. */
void op_config_put_percent(const struct op_config_line *line, double share);

/**
 * Remove the quotes of a value in place. Inside, \\, \" and \n stand for \, " and a line feed.
 * @param value  in/out: begins with a quote; afterwards the text begins there and ends with a NUL
 * @return what follows the closing quote; NULL: there is none, and the value is void
 */
char *op_config_unquote(char *value);
