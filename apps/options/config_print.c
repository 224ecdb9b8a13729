/* SPDX-License-Identifier: BSD-3-Clause */
#include "config_print.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "value.h"
#include "apps/util/replace_file.h"

static void put_number(const struct op_config_line *line, const struct op_option *option)
{
	uint64_t value = op_option_number(option, line->o);

	if (value == 0 && option->zero_is_unset)
		op_config_put_none(line);
	else if (option->kind == OP_KIND_TIME)
		op_config_put_time(line, value);
	else
		op_config_put_count(line, value);
}

static void put_fraction(
	const struct op_config_line *line, const struct op_option *option, double value)
{
	if (value == 0 && option->zero_is_unset)
		op_config_put_none(line);
	else
		op_config_put_number(line, value);
}

static void put_texts(const struct op_config_line *line, const char *const *texts, size_t n)
{
	if (n == 0 || texts[0] == NULL)
		op_config_put_none(line);
	for (size_t i = 0; i < n && texts[i] != NULL; i++)
		op_config_put_text(line, texts[i]);
}

static void put_option(const struct op_config_line *line, const struct op_option *option)
{
	const void *field = op_option_field(option, line->o);

	if (option->print != NULL) {
		option->print(line);
		return;
	}
	switch (option->kind) {
	case OP_KIND_FLAG:
	case OP_KIND_FLAG_OFF:
		op_config_put_text(line,
			*(const bool *)field == (option->kind == OP_KIND_FLAG) ? "true" : "false");
		return;
	case OP_KIND_COUNT:
	case OP_KIND_BYTES:
	case OP_KIND_TIME:
		put_number(line, option);
		return;
	case OP_KIND_SHARE:
	case OP_KIND_RATE:
	case OP_KIND_BANDWIDTH:
		put_fraction(line, option, *(const double *)field);
		return;
	case OP_KIND_TEXT:
	case OP_KIND_LINE:
		put_texts(line, field, 1);
		return;
	case OP_KIND_TEXTS:
		put_texts(line, field, op_option_n_texts(option, line->o));
		return;
	default:
		return;
	}
}

void op_config_print(const struct op_options *options, enum op_config_use use, FILE *out)
{
	struct op_config_line line = {.out = out, .use = use, .o = options};
	const struct op_option_group *const *group = op_command_scan.groups;

	fputs("# tlsweep scan: read with --config FILE; the command line wins over it\n", out);
	for (; *group != NULL; group++) {
		fprintf(out, "\n# %s\n", (*group)->title);
		for (size_t i = 0; i < (*group)->n_rows; i++) {
			const struct op_option *option = &(*group)->rows[i];

			line.name = option->name;
			if (!option->line_only)
				put_option(&line, option);
		}
	}
}

/* The text of op_config_print(), to be freed by the caller; NULL: memory is short. */
static char *print_text(const struct op_options *options, enum op_config_use use, size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	if (out == NULL)
		return NULL;
	op_config_print(options, use, out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static void visit_line(char *line, op_config_visit *visit, void *to)
{
	char *value = strstr(line, " = ");
	const struct op_option *option;

	if (line[0] == '#' || value == NULL)
		return;
	*value = '\0';
	value += 3;
	if (*value == '"')
		op_config_unquote(value);
	option = op_option_named(&op_command_scan, line, strlen(line));
	visit(to, line, value, option == NULL || option->repeats);
}

int op_config_each(
	const struct op_options *options, enum op_config_use use, op_config_visit *visit, void *to)
{
	char *save = NULL;
	size_t len = 0;
	char *text = print_text(options, use, &len);

	if (text == NULL)
		return -ENOMEM;
	for (char *line = strtok_r(text, "\n", &save); line != NULL;
		line = strtok_r(NULL, "\n", &save))
		visit_line(line, visit, to);
	free(text);
	return 0;
}

int op_config_save(
	const struct op_options *options, const struct ut_folder *folder, char *err, size_t err_len)
{
	size_t len = 0;
	char *text = print_text(options, OP_CONFIG_RESUME, &len);
	int rc = -ENOMEM;

	if (text != NULL)
		rc = ut_replace_file(folder, UT_CONFIG_FILE, text, len, true);
	free(text);
	if (rc != 0)
		snprintf(err, err_len, "cannot write %s/" UT_CONFIG_FILE ": %s", folder->path,
			strerror(-rc));
	return rc;
}
