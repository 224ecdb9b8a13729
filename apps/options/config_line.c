/* SPDX-License-Identifier: BSD-3-Clause */
#include "config_line.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool needs_quotes(const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || text[0] == '"' || text[0] == '#' || strchr(" \t\r", text[0]) != NULL ||
		strchr(" \t\r", text[len - 1]) != NULL || strchr(text, '\n') != NULL)
		return true;
	for (const char *c = text + 1; *c != '\0'; c++)
		if (*c == '#' && strchr(" \t\r", c[-1]) != NULL)
			return true;
	return false;
}

void op_config_put_text(const struct op_config_line *line, const char *text)
{
	fprintf(line->out, "%s = ", line->name);
	if (!needs_quotes(text)) {
		fprintf(line->out, "%s\n", text);
		return;
	}
	fputc('"', line->out);
	for (const char *c = text; *c != '\0'; c++) {
		if (*c == '"' || *c == '\\' || *c == '\n')
			fputc('\\', line->out);
		fputc(*c == '\n' ? 'n' : *c, line->out);
	}
	fputs("\"\n", line->out);
}

void op_config_put_default(const struct op_config_line *line, const char *text)
{
	if (line->use != OP_CONFIG_ACCOUNT)
		fputs("# ", line->out);
	op_config_put_text(line, text);
}

void op_config_put_none(const struct op_config_line *line)
{
	fprintf(line->out, "# %s =\n", line->name);
}

void op_config_put_count(const struct op_config_line *line, uint64_t value)
{
	fprintf(line->out, "%s = %" PRIu64 "\n", line->name, value);
}

void op_config_put_time(const struct op_config_line *line, uint64_t us)
{
	if (us % 1000000 == 0)
		fprintf(line->out, "%s = %" PRIu64 "s\n", line->name, us / 1000000);
	else if (us % 1000 == 0)
		fprintf(line->out, "%s = %" PRIu64 "ms\n", line->name, us / 1000);
	else
		fprintf(line->out, "%s = %" PRIu64 "us\n", line->name, us);
}

/* Write a number without an exponent, which options do not accept. */
static void put_decimal(
	const struct op_config_line *line, double value, double scale, const char *unit)
{
	char text[64];

	for (int digits = 0; digits < 20; digits++) {
		snprintf(text, sizeof(text), "%.*f", digits, value * scale);
		if (strtod(text, NULL) / scale == value)
			break;
	}
	fprintf(line->out, "%s = %s%s\n", line->name, text, unit);
}

void op_config_put_number(const struct op_config_line *line, double value)
{
	put_decimal(line, value, 1, "");
}

void op_config_put_percent(const struct op_config_line *line, double share)
{
	put_decimal(line, share, 100, "%");
}

char *op_config_unquote(char *value)
{
	char *from = value + 1, *to = value;

	while (*from != '"') {
		if (*from == '\\' && from[1] != '\0') {
			from++;
			*from = *from == 'n' ? '\n' : *from;
		}
		if (*from == '\0')
			return NULL;
		*to++ = *from++;
	}
	*to = '\0';
	return from + 1;
}
