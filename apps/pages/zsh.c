/* SPDX-License-Identifier: BSD-3-Clause */
/* Completion for zsh, by _arguments. */
#include <string.h>

#include "apps/control/control_line.h"
#include "apps/options/text.h"
#include "pages.h"

static const char head[] =
	"#compdef tlsweep\n"
	"# Completion for tlsweep(1). Generated from the table of options by tlsweep-pages.\n"
	"\n"
	"# The lab and the interfaces of this machine.\n"
	"_tlsweep_ports() {\n"
	"\tlocal -a names\n"
	"\tnames=(lab /sys/class/net/*(N:t))\n"
	"\t_describe 'port' names\n"
	"}\n"
	"\n";

static const char tail[] = "_tlsweep() {\n"
			   "\tlocal curcontext=$curcontext state line\n"
			   "\ttypeset -A opt_args\n"
			   "\n"
			   "\t_arguments -C '1:command:->command' '*::argument:->argument'\n"
			   "\tcase $state in\n"
			   "\tcommand)\n"
			   "\t\t_tlsweep_commands\n"
			   "\t\t;;\n"
			   "\targument)\n"
			   "\t\t(( $+functions[_tlsweep_$line[1]] )) && _tlsweep_$line[1]\n"
			   "\t\t;;\n"
			   "\tesac\n"
			   "}\n"
			   "\n"
			   "_tlsweep \"$@\"\n";

/* Print text between single quotes, and escape what _arguments would interpret. */
static void put_quoted(FILE *out, const char *text, const char *special)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			fputs("'\\'", out);
		else if (strchr(special, *text) != NULL)
			fputc('\\', out);
		fputc(*text, out);
	}
}

/* Print the names of an option, such as (-r --rate)'{-r+,--rate=}': one of them excludes the
 * other. */
static void put_names(FILE *out, const struct op_option *option)
{
	const char *sign = option->arg != NULL ? "=" : "", *plus = option->arg != NULL ? "+" : "";

	if (option->letter == '\0')
		fprintf(out, "'%s--%s%s", option->repeats ? "*" : "", option->name, sign);
	else if (option->repeats)
		fprintf(out, "'*'{-%c%s,--%s%s}'", option->letter, plus, option->name, sign);
	else
		fprintf(out, "'(-%c --%s)'{-%c%s,--%s%s}'", option->letter, option->name,
			option->letter, plus, option->name, sign);
}

static void put_choices(FILE *out, const struct op_option *option)
{
	const char *choice;

	fputs(option->list ? "_values -s , value" : "(", out);
	for (size_t i = 0; (choice = option->choice(i)) != NULL; i++)
		fprintf(out, "%s%s", i == 0 && !option->list ? "" : " ", choice);
	if (!option->list)
		fputc(')', out);
}

static void put_option(FILE *out, const struct op_option *option)
{
	char text[OP_TEXT_MAX];

	op_option_text(option, option->help, text, sizeof(text));
	fputs("\t\t", out);
	put_names(out, option);
	fputc('[', out);
	put_quoted(out, text, "[]\\");
	fputc(']', out);
	if (option->arg != NULL) {
		fputc(':', out);
		put_quoted(out, option->arg, ":\\");
		fputc(':', out);
		if (option->choice != NULL)
			put_choices(out, option);
		else if (option->complete == OP_COMPLETE_FILE)
			fputs("_files", out);
		else if (option->complete == OP_COMPLETE_FOLDER)
			fputs("_files -/", out);
		else if (option->complete == OP_COMPLETE_PORT)
			fputs("_tlsweep_ports", out);
	}
	fputs("' \\\n", out);
}

static void put_command(FILE *out, const struct op_command *command)
{
	const struct op_option *option;

	fprintf(out, "_tlsweep_%s() {\n\t_arguments -s -S \\\n", command->name);
	for (size_t i = 0; (option = op_option_at(command, i)) != NULL; i++)
		if (!option->file_only)
			put_option(out, option);
	fprintf(out, "\t\t'*:%s:'\n}\n\n", command == &op_command_doctor ? " " : "target");
}

/* tlsweep control DIR COMMAND */
static void put_control(FILE *out)
{
	const struct ctl_command *command;
	const struct op_option *option;

	fputs("_tlsweep_control_commands() {\n\tlocal -a commands\n\tcommands=(\n", out);
	for (size_t i = 0; (command = ctl_command_at(i)) != NULL; i++) {
		fprintf(out, "\t\t'%s:", command->name);
		put_quoted(out, command->help, "\\");
		fputs("'\n", out);
	}
	fputs("\t)\n\t_describe 'command' commands\n}\n\n"
	      "_tlsweep_control() {\n\t_arguments -s -S \\\n",
		out);
	for (size_t i = 0; (option = op_option_at(&op_command_control, i)) != NULL; i++)
		put_option(out, option);
	fputs("\t\t'1:folder:_files -/' '2:command:_tlsweep_control_commands' \\\n"
	      "\t\t'3:argument:_files'\n}\n\n",
		out);
}

void pages_zsh(FILE *out)
{
	const struct op_command *command;

	fputs(head, out);
	fputs("_tlsweep_commands() {\n\tlocal -a commands\n\tcommands=(\n", out);
	for (size_t i = 0; (command = op_command_at(i)) != NULL; i++) {
		fprintf(out, "\t\t'%s:", command->name);
		put_quoted(out, command->summary, "\\");
		fputs("'\n", out);
	}
	fputs("\t)\n\t_describe 'command' commands\n}\n\n", out);
	for (size_t i = 0; (command = op_command_at(i)) != NULL; i++) {
		if (command == &op_command_control)
			put_control(out);
		else if (op_option_at(command, 0) != NULL)
			put_command(out, command);
	}
	fputs(tail, out);
}
