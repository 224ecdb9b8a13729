/* SPDX-License-Identifier: BSD-3-Clause */
#include "help.h"

#include "text.h"
#include "apps/util/wrap.h"

/* Texts begin at this column at most. A longer name has a line of its own. */
#define MAX_COLUMN 30
/* Blanks between the longest name and the texts, if all names are short. */
#define GAP 3

static int print_name(FILE *out, const struct op_option *option)
{
	int column = option->letter != '\0' ? fprintf(out, "  -%c, --", option->letter)
					    : fprintf(out, "      --");

	column += fprintf(out, "%s", option->name);
	if (option->arg != NULL)
		column += fprintf(out, " %s", option->arg);
	return column;
}

static int name_width(const struct op_option *option)
{
	char line[MAX_COLUMN + 64];

	return snprintf(line, sizeof(line), "  -x, --%s%s%s", option->name,
		option->arg != NULL ? " " : "", option->arg != NULL ? option->arg : "");
}

/* The column at which the texts of a command begin. */
static int text_column(const struct op_command *command)
{
	int column = 0;

	for (size_t g = 0; g < command->n_own; g++) {
		const struct op_option_group *group = command->groups[g];

		for (size_t i = 0; i < group->n_rows; i++) {
			int width = name_width(&group->rows[i]) + GAP;

			column = width > column ? width : column;
		}
	}
	return column < MAX_COLUMN ? column : MAX_COLUMN;
}

static void print_option(FILE *out, const struct op_option *option, int text_at)
{
	char text[OP_TEXT_MAX];
	int column = print_name(out, option);

	op_option_text(option, option->help, text, sizeof(text));
	if (column >= text_at)
		fprintf(out, "\n%*s", text_at, "");
	else
		fprintf(out, "%*s", text_at - column, "");
	ut_wrap(out, text, text_at, text_at);
}

void op_help_command(const struct op_command *command, FILE *out)
{
	int column = text_column(command);

	fprintf(out, "usage: %s\n\n", command->usage);
	ut_wrap(out, command->about, 0, 0);
	for (size_t g = 0; g < command->n_own; g++) {
		const struct op_option_group *group = command->groups[g];

		if (g == 0 || group->title != NULL)
			fputc('\n', out);
		if (group->title != NULL)
			fprintf(out, "%s:\n", group->title);
		for (size_t i = 0; i < group->n_rows; i++)
			if (!group->rows[i].file_only)
				print_option(out, &group->rows[i], column);
	}
	if (command->notes != NULL) {
		fputc('\n', out);
		ut_wrap(out, command->notes, 0, 0);
	}
	if (command->examples != NULL)
		fprintf(out, "\nExamples:\n%s", command->examples);
	if (command->exits != NULL)
		fputs("\nExit codes:\n", out);
	for (const struct op_exit_text *row = command->exits; row != NULL && row->help != NULL;
		row++)
		fprintf(out, "  %d  %s\n", row->code, row->help);
}

void op_help_usage(FILE *out)
{
	const struct op_command *command;

	fputs("usage: tlsweep COMMAND [options]\n\n", out);
	for (size_t i = 0; (command = op_command_at(i)) != NULL; i++) {
		fprintf(out, "  %-11s", command->name);
		ut_wrap(out, command->summary, 13, 13);
	}
}
