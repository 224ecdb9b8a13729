/* SPDX-License-Identifier: BSD-3-Clause */
#include "config_print.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "value.h"
#include "apps/util/replace_file.h"

static void put_number(const struct sw_config_line *line, const struct sw_option *option)
{
	uint64_t value = sw_option_number(option, line->o);

	if (value == 0 && option->zero_is_unset)
		sw_config_put_none(line);
	else if (option->kind == SW_KIND_TIME)
		sw_config_put_time(line, value);
	else
		sw_config_put_count(line, value);
}

static void put_fraction(
	const struct sw_config_line *line, const struct sw_option *option, double value)
{
	if (value == 0 && option->zero_is_unset)
		sw_config_put_none(line);
	else
		sw_config_put_number(line, value);
}

static void put_texts(const struct sw_config_line *line, const char *const *texts, size_t n)
{
	if (n == 0 || texts[0] == NULL)
		sw_config_put_none(line);
	for (size_t i = 0; i < n && texts[i] != NULL; i++)
		sw_config_put_text(line, texts[i]);
}

static void put_option(const struct sw_config_line *line, const struct sw_option *option)
{
	const void *field = sw_option_field(option, line->o);

	if (option->print != NULL) {
		option->print(line);
		return;
	}
	switch (option->kind) {
	case SW_KIND_FLAG:
	case SW_KIND_FLAG_OFF:
		sw_config_put_text(line,
			*(const bool *)field == (option->kind == SW_KIND_FLAG) ? "true" : "false");
		return;
	case SW_KIND_COUNT:
	case SW_KIND_BYTES:
	case SW_KIND_TIME:
		put_number(line, option);
		return;
	case SW_KIND_SHARE:
	case SW_KIND_RATE:
	case SW_KIND_BANDWIDTH:
		put_fraction(line, option, *(const double *)field);
		return;
	case SW_KIND_TEXT:
	case SW_KIND_LINE:
		put_texts(line, field, 1);
		return;
	case SW_KIND_TEXTS:
		put_texts(line, field, sw_option_n_texts(option, line->o));
		return;
	default:
		return;
	}
}

void sw_config_print(const struct sw_options *options, enum sw_config_use use, FILE *out)
{
	struct sw_config_line line = {.out = out, .use = use, .o = options};
	const struct sw_option_group *const *group = sw_command_scan.groups;

	fputs("# tlsweep scan: read with --config FILE; the command line wins over it\n", out);
	for (; *group != NULL; group++) {
		fprintf(out, "\n# %s\n", (*group)->title);
		for (size_t i = 0; i < (*group)->n_rows; i++) {
			const struct sw_option *option = &(*group)->rows[i];

			line.name = option->name;
			if (!option->line_only)
				put_option(&line, option);
		}
	}
}

/* The text of sw_config_print(), to be freed; NULL: out of memory. */
static char *print_text(const struct sw_options *options, enum sw_config_use use, size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	if (out == NULL)
		return NULL;
	sw_config_print(options, use, out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static void visit_line(char *line, sw_config_visit *visit, void *to)
{
	char *value = strstr(line, " = ");
	const struct sw_option *option;

	if (line[0] == '#' || value == NULL)
		return;
	*value = '\0';
	value += 3;
	if (*value == '"')
		sw_config_unquote(value);
	option = sw_option_named(&sw_command_scan, line, strlen(line));
	visit(to, line, value, option == NULL || option->repeats);
}

int sw_config_each(
	const struct sw_options *options, enum sw_config_use use, sw_config_visit *visit, void *to)
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

int sw_config_save(
	const struct sw_options *options, const struct folder *folder, char *err, size_t err_len)
{
	size_t len = 0;
	char *text = print_text(options, SW_CONFIG_RESUME, &len);
	int rc = -ENOMEM;

	if (text != NULL)
		rc = replace_file(folder, SW_CONFIG_NAME, text, len, true);
	free(text);
	if (rc != 0)
		snprintf(err, err_len, "cannot write %s/" SW_CONFIG_NAME ": %s", folder->path,
			strerror(-rc));
	return rc;
}
