/* SPDX-License-Identifier: BSD-3-Clause */
/* tlsweep(1), in the macros of man(7). */
#include <string.h>

#include "apps/control/control_line.h"
#include "apps/lab/lab_spec.h"
#include "apps/options/text.h"
#include "pages.h"
#include "apps/util/version.h"

/* Print a character so that roff does not interpret it. */
static void put_char(FILE *out, char c)
{
	if (c == '\\')
		fputs("\\e", out);
	else if (c == '-')
		fputs("\\-", out);
	else
		fputc(c, out);
}

static void put_plain(FILE *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		put_char(out, text[i]);
}

/* Print the text of a link [text](target). @return bytes of the link; 0: it is none */
static size_t put_link(FILE *out, const char *text)
{
	size_t len = strcspn(text, "]");

	if (text[0] != '[' || text[len] != ']' || text[len + 1] != '(')
		return 0;
	put_plain(out, text + 1, len - 1);
	return len + 1 + strcspn(text + len, ")");
}

/* Print a paragraph of Markdown: `code` in bold, of links the text alone. */
static void put_markdown(FILE *out, const char *text)
{
	bool bold = false;

	/* A dot or quote at the beginning of a line would be a request of roff. */
	fputs("\\&", out);
	while (*text != '\0') {
		size_t n = bold ? 0 : put_link(out, text);

		if (n > 0) {
			text += n;
			continue;
		}
		if (*text == '`') {
			bold = !bold;
			fputs(bold ? "\\fB" : "\\fR", out);
		} else {
			put_char(out, *text);
		}
		text++;
	}
	fputc('\n', out);
}

static void put_bold(FILE *out, const char *prefix, const char *text)
{
	fputs("\\fB", out);
	put_plain(out, prefix, strlen(prefix));
	put_plain(out, text, strlen(text));
	fputs("\\fR", out);
}

/* Print the default and the range of an option. */
static void put_numbers(FILE *out, const struct op_option *option)
{
	char value[OP_TEXT_MAX], min[64], max[64];

	if (op_option_default(option, value, sizeof(value))[0] == '\0')
		snprintf(value, sizeof(value), "%s", option->unset != NULL ? option->unset : "");
	op_option_text(option, "{min}", min, sizeof(min));
	op_option_text(option, "{max}", max, sizeof(max));
	if (value[0] != '\0') {
		fputs("Default: ", out);
		put_plain(out, value, strlen(value));
		fputs(".\n", out);
	}
	if (option->size != 0 && option->max != 0 && option->max != UINT64_MAX &&
		option->kind != OP_KIND_LINE) {
		fputs("Range: ", out);
		put_plain(out, min, strlen(min));
		fputs(" to ", out);
		put_plain(out, max, strlen(max));
		fputs(".\n", out);
	}
}

static void put_option(FILE *out, const struct op_option *option)
{
	char text[OP_TEXT_MAX], letter[2] = {option->letter, '\0'};

	fputs(".TP\n", out);
	if (option->letter != '\0') {
		put_bold(out, "-", letter);
		fputs(", ", out);
	}
	put_bold(out, "--", option->name);
	if (option->arg != NULL) {
		fputs(" \\fI", out);
		put_plain(out, option->arg, strlen(option->arg));
		fputs("\\fR", out);
	}
	fputc('\n', out);
	op_option_text(
		option, option->doc != NULL ? option->doc : option->help, text, sizeof(text) - 1);
	strcat(text, ".");
	put_markdown(out, text);
	put_numbers(out, option);
}

static void put_group(FILE *out, const struct op_option_group *group)
{
	if (group->title != NULL)
		fprintf(out, ".SS %s\n", group->title);
	for (size_t i = 0; i < group->n_rows; i++)
		if (!group->rows[i].file_only)
			put_option(out, &group->rows[i]);
}

static void put_synopsis(FILE *out)
{
	const struct op_command *command;

	fputs(".SH SYNOPSIS\n.nf\n", out);
	for (size_t i = 0; (command = op_command_at(i)) != NULL; i++) {
		if (command->usage != NULL)
			put_plain(out, command->usage, strlen(command->usage));
		else
			fprintf(out, "tlsweep %s", command->name);
		fputc('\n', out);
	}
	fputs(".fi\n", out);
}

static void put_pair(FILE *out, const char *name, const char *arg, const char *text)
{
	fputs(".TP\n", out);
	put_bold(out, "", name);
	if (arg != NULL)
		fprintf(out, " \\fI%s\\fR", arg);
	fputc('\n', out);
	put_markdown(out, text);
}

static void put_commands(FILE *out)
{
	const struct op_command *command;

	fputs(".SH COMMANDS\n", out);
	for (size_t i = 0; (command = op_command_at(i)) != NULL; i++)
		put_pair(out, command->name, NULL, command->summary);
}

/* Print the options of a command, without those that a scan has too. */
static void put_options(FILE *out, const struct op_command *command, const char *heading)
{
	fprintf(out, ".SH %s\n", heading);
	put_markdown(out, command->about);
	for (size_t i = 0; i < command->n_own; i++)
		put_group(out, command->groups[i]);
	if (command->notes != NULL) {
		fputs(".PP\n", out);
		put_markdown(out, command->notes);
	}
}

static void put_control(FILE *out)
{
	const struct ctl_command *command;

	put_options(out, &op_command_control, "OPTIONS OF CONTROL");
	fputs(".SH COMMANDS OF CONTROL\n", out);
	for (size_t i = 0; (command = ctl_command_at(i)) != NULL; i++)
		put_pair(out, command->name, command->argument, command->doc);
}

static void put_lab(FILE *out)
{
	const struct lab_key *key;

	fputs(".SH KEYS OF THE LAB\n", out);
	put_markdown(out, "After `-i lab:` come pairs KEY=VALUE with commas between:");
	for (size_t i = 0; (key = lab_key_at(i)) != NULL; i++)
		put_pair(out, key->name, NULL, key->doc);
}

static void put_exits(FILE *out)
{
	fputs(".SH EXIT STATUS\n", out);
	for (const struct op_exit_text *row = op_command_scan.exits; row->help != NULL; row++) {
		fprintf(out, ".TP\n\\fB%d\\fR\n", row->code);
		put_markdown(out, row->doc);
	}
}

static void put_examples(FILE *out)
{
	fputs(".SH EXAMPLES\n.nf\n", out);
	put_plain(out, op_command_scan.examples, strlen(op_command_scan.examples));
	fputs(".fi\n", out);
}

void pages_man(FILE *out)
{
	fputs(".\\\" Generated from the table of options by tlsweep-pages.\n", out);
	fputs(".TH TLSWEEP 1 \"\" \"tlsweep " UT_VERSION "\" \"User Commands\"\n", out);
	fputs(".SH NAME\ntlsweep \\- scan networks for services that speak TLS\n", out);
	put_synopsis(out);
	put_commands(out);
	put_options(out, &op_command_scan, "OPTIONS OF SCAN");
	put_options(out, &op_command_targets, "OPTIONS OF TARGETS");
	put_options(out, &op_command_doctor, "OPTIONS OF DOCTOR");
	put_control(out);
	put_lab(out);
	put_exits(out);
	put_examples(out);
	fputs(".SH SEE ALSO\n", out);
	put_markdown(out, "The pages scan.md, control.md, doctor.md and output.md of its "
			  "documentation say what the options mean and what they cost.");
}
