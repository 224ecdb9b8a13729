/* SPDX-License-Identifier: BSD-3-Clause */
#include "line.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "help.h"
#include "hint.h"

/* getopt returns for a long option this and its index in the table, which is above all letters. */
#define FIRST_LONG 256

/* The table of options in the two forms that getopt needs. */
struct getopt_tables {
	struct option longs[OP_MAX_OPTIONS + 1];
	char shorts[2 * OP_MAX_OPTIONS + 3];
};

/* A flag may have an argument: --no-huge=false on the command line wins over a file that says
 * true. */
static int takes_argument(const struct op_option *option)
{
	if (option->arg != NULL)
		return required_argument;
	return option->line_only ? no_argument : optional_argument;
}

static void getopt_tables_make(const struct op_command *command, struct getopt_tables *tables)
{
	const struct op_option *option;
	size_t n_longs = 0, n_shorts = 0;

	memset(tables, 0, sizeof(*tables));
	/* With a plus sign, getopt stops at the first argument that is no option. */
	if (command->options_first)
		tables->shorts[n_shorts++] = '+';
	/* With a colon first, getopt tells a missing argument apart from an unknown option, and
	 * prints nothing itself. */
	tables->shorts[n_shorts++] = ':';
	for (size_t i = 0; (option = op_option_at(command, i)) != NULL && n_longs < OP_MAX_OPTIONS;
		i++) {
		if (option->file_only)
			continue;
		tables->longs[n_longs++] = (struct option){
			.name = option->name,
			.has_arg = takes_argument(option),
			.val = FIRST_LONG + (int)i,
		};
		if (option->letter == '\0')
			continue;
		tables->shorts[n_shorts++] = option->letter;
		if (option->arg != NULL)
			tables->shorts[n_shorts++] = ':';
	}
}

/* The row of a value that getopt returned. */
static const struct op_option *row_of(const struct op_command *command, int value)
{
	return value >= FIRST_LONG ? op_option_at(command, (size_t)(value - FIRST_LONG))
				   : op_option_lettered(command, (char)value);
}

/* Write the sentence on the argument that getopt has refused. optopt is 0 if that is an unknown
 * long option. */
static void explain_refusal(const struct op_command *command, int verdict, const char *stumbled,
	char *err, size_t err_len)
{
	const struct op_option *option = optopt != 0 ? row_of(command, optopt) : NULL;
	char name[64], hint[OP_HINT_MAX];
	size_t n;

	if (option != NULL) {
		snprintf(err, err_len, "--%s %s", option->name,
			verdict == ':' ? "needs an argument: see --help" : "takes no argument");
		return;
	}
	if (optopt != 0) {
		snprintf(err, err_len, "unknown option -%c: see --help",
			optopt >= 0x20 && optopt < 0x7f ? optopt : '?');
		return;
	}
	snprintf(name, sizeof(name), "%s", stumbled + strspn(stumbled, "-"));
	name[strcspn(name, "=")] = '\0';
	n = op_hint(command, name, OP_HINT_LINE, hint, sizeof(hint));
	snprintf(err, err_len, "%s option --%s: %s", n > 1 ? "ambiguous" : "unknown", name, hint);
}

enum op_parse op_line_each(const struct op_command *command, int argc, char **argv,
	op_line_take *take, void *to, int *first, char *err, size_t err_len)
{
	struct getopt_tables tables;
	int value;

	getopt_tables_make(command, &tables);
	opterr = 0;
	optind = 0; /* glibc: start again */
	while ((value = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1) {
		char name[OP_OPTION_NAME_MAX + 3];
		struct ut_arg arg = {
			.option = name, .text = optarg, .err = err, .err_len = err_len};
		const struct op_option *option;
		enum op_parse verdict;

		if (value == ':' || value == '?') {
			explain_refusal(command, value, argv[optind - 1], err, err_len);
			return OP_PARSE_ERROR;
		}
		option = row_of(command, value);
		snprintf(name, sizeof(name), "--%s", option->name);
		verdict = take(to, option, &arg);
		if (verdict != OP_PARSE_OK)
			return verdict;
	}
	*first = optind;
	return OP_PARSE_OK;
}

struct looker {
	const struct op_command *command;
	struct op_line *line;
};

static enum op_parse look(void *to, const struct op_option *option, const struct ut_arg *arg)
{
	const struct looker *looker = to;
	struct op_line *line = looker->line;

	line->has[option->part] = true;
	switch (option->kind) {
	case OP_KIND_HELP:
		op_help_command(looker->command, stdout);
		return OP_PARSE_EXIT;
	case OP_KIND_VERSION:
		return OP_PARSE_VERSION;
	case OP_KIND_CONFIG:
		if (line->n_configs == OP_MAX_CONFIGS) {
			ut_arg_refuse(arg, "more than %d of these", OP_MAX_CONFIGS);
			return OP_PARSE_ERROR;
		}
		line->configs[line->n_configs++] = arg->text;
		return OP_PARSE_OK;
	default:
		return OP_PARSE_OK;
	}
}

enum op_parse op_line_look(const struct op_command *command, int argc, char **argv,
	struct op_line *line, char *err, size_t err_len)
{
	struct looker looker = {.command = command, .line = line};
	enum op_parse verdict;

	*line = (struct op_line){.first = argc};
	verdict = op_line_each(command, argc, argv, look, &looker, &line->first, err, err_len);
	line->has[OP_PART_TARGETS] = line->has[OP_PART_TARGETS] || line->first < argc;
	return verdict;
}
