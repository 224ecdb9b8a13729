/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines of a file of options, in the words that argument.c reads. */
#pragma once

#include <stdint.h>
#include <stdio.h>

struct op_options;

enum op_config_use {
	OP_CONFIG_SHOW,	   /* for people: a seed that was drawn is left to be drawn again */
	OP_CONFIG_ACCOUNT, /* for the summary: all that was in force, wherever it came from */
	OP_CONFIG_RESUME, /* to go on with this very scan: its seed; nothing that removes results */
};

/* One option on its way into a file. */
struct op_config_line {
	FILE *out;
	const char *name;
	enum op_config_use use;
	const struct op_options *o;
};

/** "name = text", with quotes where the text alone would be read as something else. */
void op_config_put_text(const struct op_config_line *line, const char *text);

/** The same as a comment unless the summary is written: it holds without having been said, and is
 * not to be fixed by accident. */
void op_config_put_default(const struct op_config_line *line, const char *text);

/** "# name =": the option has no value. */
void op_config_put_none(const struct op_config_line *line);

void op_config_put_count(const struct op_config_line *line, uint64_t value);
void op_config_put_time(const struct op_config_line *line, uint64_t us);

/** The shortest decimal that is read back as this very number. */
void op_config_put_number(const struct op_config_line *line, double value);

/** The same in percent. */
void op_config_put_percent(const struct op_config_line *line, double share);

/**
 * Take the quotes off a value, in place; \\, \" and \n inside stand for \, " and a line feed.
 * @param value  in/out: begins with a quote; ended by NUL where the closing quote was
 * @return what follows the closing quote; NULL if there is none
 */
char *op_config_unquote(char *value);
