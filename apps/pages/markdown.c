/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "apps/control/control_line.h"
#include "apps/lab/lab_spec.h"
#include "apps/options/config_trust.h"
#include "apps/options/text.h"
#include "pages.h"

#define BEGIN "<!-- generated: "
#define END   "<!-- end -->"

/* Print `-r PPS`, `--rate`; for an option without a letter `--probe-gap TIME`. */
static void print_name(FILE *out, const struct op_option *option)
{
	const char *space = option->arg != NULL ? " " : "";
	const char *arg = option->arg != NULL ? option->arg : "";

	if (option->letter != '\0')
		fprintf(out, "`-%c%s%s`, `--%s`", option->letter, space, arg, option->name);
	else
		fprintf(out, "`--%s%s%s`", option->name, space, arg);
}

static void print_default(FILE *out, const struct op_option *option)
{
	char text[OP_TEXT_MAX];

	if (op_option_default(option, text, sizeof(text))[0] != '\0')
		fprintf(out, option->text != NULL ? "`%s` " : "%s ", text);
	else if (option->unset != NULL)
		fprintf(out, "%s ", option->unset);
	else if (option->kind == OP_KIND_FLAG || option->kind == OP_KIND_FLAG_OFF)
		fputs("off ", out);
}

static void print_group(FILE *out, const struct op_option_group *group)
{
	fputs("| option | default | |\n|---|---|---|\n", out);
	for (size_t i = 0; i < group->n_rows; i++) {
		const struct op_option *option = &group->rows[i];
		char text[OP_TEXT_MAX];

		if (option->file_only)
			continue;
		op_option_text(option, option->doc != NULL ? option->doc : option->help, text,
			sizeof(text));
		fputs("| ", out);
		print_name(out, option);
		fputs(" | ", out);
		print_default(out, option);
		fprintf(out, "| %s |\n", text);
	}
}

/* Print which options --resume does not always take from a scan.conf. */
static void print_resume(FILE *out)
{
	const struct op_option *option;

	fputs("| option in `scan.conf` | |\n|---|---|\n", out);
	for (int kind = 0; kind < OP_N_RESUME; kind++) {
		const char *doc = op_config_trust_doc((enum op_resume)kind), *before = "| ";

		for (size_t i = 0;
			doc != NULL && (option = op_option_at(&op_command_scan, i)) != NULL; i++) {
			if (option->resume != (enum op_resume)kind)
				continue;
			fprintf(out, "%s`%s`", before, option->name);
			before = ", ";
		}
		if (doc != NULL)
			fprintf(out, " | %s |\n", doc);
	}
}

static void print_exits(FILE *out)
{
	fputs("| code | |\n|---|---|\n", out);
	for (const struct op_exit_text *row = op_command_scan.exits; row->help != NULL; row++)
		fprintf(out, "| %d | %s |\n", row->code, row->doc);
}

static void print_control(FILE *out)
{
	const struct ctl_command *command;

	fputs("| command | |\n|---|---|\n", out);
	for (size_t i = 0; (command = ctl_command_at(i)) != NULL; i++)
		fprintf(out, "| `%s%s%s` | %s |\n", command->name,
			command->argument != NULL ? " " : "",
			command->argument != NULL ? command->argument : "", command->doc);
}

static void print_lab(FILE *out)
{
	const struct lab_key *key;

	fputs("| key | default | |\n|---|---|---|\n", out);
	for (size_t i = 0; (key = lab_key_at(i)) != NULL; i++)
		fprintf(out, "| `%s` | %s | %s |\n", key->name, key->text, key->doc);
}

/* Print the table of this name. @return false: there is none */
static bool print_table(FILE *out, const char *name)
{
	for (const struct op_option_group *const *group = op_command_scan.groups; *group != NULL;
		group++) {
		if (strcmp((*group)->title, name) != 0)
			continue;
		print_group(out, *group);
		return true;
	}
	if (strcmp(name, "Exit codes") == 0)
		print_exits(out);
	else if (strcmp(name, "resume") == 0)
		print_resume(out);
	else if (strcmp(name, "control") == 0)
		print_control(out);
	else if (strcmp(name, "lab") == 0)
		print_lab(out);
	else if (strcmp(name, "doctor") == 0)
		print_group(out, op_command_doctor.groups[0]);
	else
		return false;
	return true;
}

/* Skip the old table. @return false: it has no end */
static bool skip_table(FILE *in, char **line, size_t *size)
{
	while (getline(line, size, in) > 0)
		if (strncmp(*line, END, strlen(END)) == 0)
			return true;
	return false;
}

/* Replace a table whose first line is in *line. @return false: it is unknown or has no end */
static bool replace_table(FILE *in, FILE *out, char **line, size_t *size, const char *page)
{
	char *name = strdup(*line + strlen(BEGIN)),
	     *end = name != NULL ? strstr(name, " -->") : NULL;
	bool good = end != NULL;

	fputs(*line, out);
	if (good) {
		*end = '\0';
		good = print_table(out, name);
	}
	if (!good)
		fprintf(stderr, "%s: there is no table \"%s\"\n", page, name != NULL ? name : "");
	else if (!skip_table(in, line, size)) {
		fprintf(stderr, "%s: the table \"%s\" has no end\n", page, name);
		good = false;
	}
	fputs(END "\n", out);
	free(name);
	return good;
}

bool pages_markdown(FILE *in, FILE *out, const char *page)
{
	char *line = NULL;
	size_t size = 0;
	bool good = true;

	while (good && getline(&line, &size, in) > 0) {
		if (strncmp(line, BEGIN, strlen(BEGIN)) == 0)
			good = replace_table(in, out, &line, &size, page);
		else
			fputs(line, out);
	}
	free(line);
	return good && fflush(out) == 0;
}
