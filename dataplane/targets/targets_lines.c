/* SPDX-License-Identifier: BSD-3-Clause */
#include "targets_lines.h"

#include <errno.h>

/* Bytes of a path in a message. A longer one loses its start, which says least. */
#define PATH_SHOWN 64

struct line {
	char text[DP_LINE_MAX + 1];
	size_t len;
	uint64_t number; /* from 1 */
	bool end_of_file;
};

enum line_fault {
	LINE_GOOD,
	LINE_TOO_LONG,
	LINE_BINARY,
};

/* Read one line, up to DP_LINE_MAX bytes. UTF-8 is allowed, control characters are not. */
static enum line_fault line_read(FILE *in, struct line *line)
{
	int c;

	line->len = 0;
	line->number++;
	while ((c = getc_unlocked(in)) != EOF && c != '\n') {
		if ((c < 0x20 && c != '\t' && c != '\r') || c == 0x7f)
			return LINE_BINARY;
		if (line->len == DP_LINE_MAX)
			return LINE_TOO_LONG;
		line->text[line->len++] = (char)c;
	}
	line->end_of_file = c == EOF;
	return LINE_GOOD;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void trim(const char *text, size_t *start, size_t *end)
{
	while (*start < *end && is_space(text[*start]))
		(*start)++;
	while (*end > *start && is_space(text[*end - 1]))
		(*end)--;
}

/* The item of a line: without its comment, and without white space around it. */
static void line_item(const struct line *line, bool comma_comment, size_t *start, size_t *end)
{
	const char *text = line->text;

	*start = line->number == 1 && line->len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3
											     : 0;
	for (*end = *start; *end < line->len; (*end)++)
		if (text[*end] == '#' || (comma_comment && text[*end] == ','))
			break;
	trim(text, start, end);
	/* The comments of a dump of BGP prefixes. */
	if (*start < *end && text[*start] == '%')
		*end = *start;
}

static void point_at(char err[DP_ERR_LEN], const char *name, const struct line *line, size_t column,
	const char *sentence)
{
	size_t len = strlen(name);
	bool cut = len > PATH_SHOWN;

	snprintf(err, DP_ERR_LEN, "%s%s:%llu:%zu: %s", cut ? "..." : "",
		cut ? name + len - PATH_SHOWN : name, (unsigned long long)line->number, column + 1,
		sentence);
}

/* Is there a comma behind the item, and one more item behind it rather than a comment? start: out,
 * where that begins. */
static bool hides_item(const struct line *line, size_t item_end, size_t *start)
{
	struct dp_item_error error;
	struct dp_item item;
	size_t end;

	*start = item_end;
	while (*start < line->len && is_space(line->text[*start]))
		(*start)++;
	if (*start == line->len || line->text[(*start)++] != ',')
		return false;
	for (end = *start; end < line->len; end++)
		if (line->text[end] == '#' || line->text[end] == ',')
			break;
	trim(line->text, start, &end);
	return dp_item_parse(line->text + *start, end - *start, &item, &error) == 0;
}

static int take_line(
	struct dp_lines *lines, const struct line *line, uint64_t *n_items, char err[DP_ERR_LEN])
{
	struct dp_item_error error = {0};
	size_t start, end, hidden;
	int rc;

	line_item(line, lines->comma_comment, &start, &end);
	if (start == end)
		return 0;
	if (lines->comma_comment && hides_item(line, end, &hidden)) {
		point_at(err, lines->name, line, hidden,
			"a second item, which would be taken for a comment: write one a line");
		return -EINVAL;
	}
	(*n_items)++;
	lines->line = line->number;
	lines->column = (uint32_t)start + 1;
	rc = lines->take(lines->to, line->text + start, end - start, &error);
	if (rc != 0)
		point_at(err, lines->name, line, start + error.column, error.sentence);
	return rc;
}

int dp_lines_each(struct dp_lines *lines, uint64_t *n_items, char err[DP_ERR_LEN])
{
	struct line line = {.number = 0};

	*n_items = 0;
	do {
		enum line_fault fault = line_read(lines->in, &line);
		int rc;

		if (fault != LINE_GOOD) {
			point_at(err, lines->name, &line, line.len,
				fault == LINE_BINARY ? "a control character: this is not a text "
						       "file of addresses"
						     : "the line is longer than 4,096 bytes");
			return -EINVAL;
		}
		rc = take_line(lines, &line, n_items, err);
		if (rc != 0)
			return rc;
	} while (!line.end_of_file);
	if (ferror(lines->in)) {
		int error = errno;

		point_at(err, lines->name, &line, 0, strerror(error));
		return error > 0 ? -error : -EIO;
	}
	if (*n_items == 0)
		point_at(err, lines->name, &line, 0, "the file names no address");
	return 0;
}

FILE *dp_list_open(const char *path, const char **name, char err[DP_ERR_LEN])
{
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *in = is_stdin ? stdin : fopen(path, "re");
	int error = errno;

	*name = is_stdin ? "standard input" : path;
	if (in == NULL)
		snprintf(err, DP_ERR_LEN, "cannot open the list %.*s: %s", PATH_SHOWN * 2, path,
			strerror(error));
	errno = error;
	return in;
}

void dp_list_close(FILE *in)
{
	if (in != stdin)
		fclose(in);
}
