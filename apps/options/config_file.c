/* SPDX-License-Identifier: BSD-3-Clause */
#include "config_file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config_line.h"
#include "config_trust.h"
#include "hint.h"
#include "value.h"

/* Far more than 4,096 targets and all lists need. */
#define MAX_BYTES ((size_t)4 << 20)

/* The text of one file: its lines, then its path. Values of options point into it. */
struct op_config_text {
	struct op_config_text *next;
	const char *name;
	char bytes[];
};

/* One file that is being read. */
struct reader {
	const char *file;
	struct op_options *options;
	bool kept; /* scan.conf of an output folder */
	bool own;  /* the file belongs to the effective user */
	unsigned int line;
	const char *line_begin;
	unsigned int seen[OP_MAX_OPTIONS]; /* by op_option_index(): line of the first value; 0:
					    * none */
	char *err;
	size_t err_len;
};

/* Begin the sentence with its place in the file. @return the rest of err */
static char *at(const struct reader *r, const char *where)
{
	int n = snprintf(r->err, r->err_len, "%s:%u:%u: ", r->file, r->line,
		(unsigned int)(where - r->line_begin) + 1);

	return r->err + (n < (int)r->err_len ? n : (int)r->err_len - 1);
}

static size_t room(const struct reader *r, const char *rest)
{
	return r->err_len - (size_t)(rest - r->err);
}

static int refuse(const struct reader *r, const char *where, const char *why)
{
	char *rest = at(r, where);

	snprintf(rest, room(r, rest), "%s", why);
	return -EINVAL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static char *skip_blanks(char *c)
{
	while (is_blank(*c))
		c++;
	return c;
}

/* Cut a plain value off at a comment and at the blanks behind it. */
static void trim(char *value)
{
	char *end = value;

	for (char *c = value; *c != '\0'; c++) {
		if (*c == '#' && (c == value || is_blank(c[-1])))
			break;
		if (!is_blank(*c))
			end = c + 1;
	}
	*end = '\0';
}

static int take_value(const struct reader *r, char *value)
{
	if (*value == '"') {
		char *rest = op_config_unquote(value);

		if (rest == NULL)
			return refuse(r, value, "the closing \" is missing");
		rest = skip_blanks(rest);
		if (*rest != '\0' && *rest != '#')
			return refuse(r, rest, "only a comment may follow the closing \"");
		return 0;
	}
	trim(value);
	if (*value == '\0')
		return refuse(r, value, "a value is missing; write \"\" for an empty one");
	return 0;
}

static int refuse_name(const struct reader *r, const char *name, size_t len)
{
	char word[OP_OPTION_NAME_MAX + 1], hint[OP_HINT_MAX], *rest = at(r, name);

	snprintf(word, sizeof(word), "%.*s", (int)len, name);
	op_hint(&op_command_scan, word, OP_HINT_FILE, hint, sizeof(hint));
	snprintf(rest, room(r, rest), "unknown option \"%s\": %s", word, hint);
	return -EINVAL;
}

/* Refuse an option that comes a second time, unless it is a list: that must be a mistake. */
static int check_repeat(struct reader *r, const struct op_option *option, const char *name)
{
	unsigned int *first = &r->seen[op_option_index(option)];
	char why[96];

	if (*first != 0 && !option->repeats) {
		snprintf(why, sizeof(why), "%s has a value already, in line %u", option->name,
			*first);
		return refuse(r, name, why);
	}
	*first = r->line;
	return 0;
}

/* Remember the place of a value, for a later sentence about it. */
static void keep_place(struct reader *r, const struct op_option *option, const char *value)
{
	r->options->places[op_option_index(option)] = (struct op_place){
		.file = r->file,
		.line = r->line,
		.column = (unsigned int)(value - r->line_begin) + 1,
	};
}

/* Is an option of a folder's scan.conf not taken from there? */
static bool leave_out(struct reader *r, const struct op_option *option, const char *value)
{
	enum op_trust trust = r->kept ? op_config_trust(option, value, r->own) : OP_TRUST_TAKE;

	r->options->places[op_option_index(option)].withheld = trust == OP_TRUST_WITHHOLD;
	return trust != OP_TRUST_TAKE;
}

static int take_line(struct reader *r, char *line)
{
	char *name = skip_blanks(line), *rest, *value;
	size_t len = strcspn(name, "= \t\r#");
	const struct op_option *option;
	struct ut_arg arg;

	if (*name == '\0' || *name == '#')
		return 0;
	if (len == 0)
		return refuse(r, name, "the name of an option is missing: write NAME = VALUE");
	option = op_option_named(&op_command_scan, name, len);
	if (option == NULL)
		return refuse_name(r, name, len);
	if (option->line_only)
		return refuse(r, name, "this belongs on the command line, not in a file");
	rest = skip_blanks(name + len);
	if (*rest != '=')
		return refuse(r, rest, "write NAME = VALUE");
	value = skip_blanks(rest + 1);
	if (take_value(r, value) != 0 || check_repeat(r, option, name) != 0)
		return -EINVAL;
	keep_place(r, option, value);
	if (leave_out(r, option, value))
		return 0;
	rest = at(r, value);
	arg = (struct ut_arg){
		.option = option->name, .text = value, .err = rest, .err_len = room(r, rest)};
	return op_option_set(option, r->options, &arg);
}

/* Read the whole text and change it: afterwards lines and values end with a NUL. */
static int take_text(struct reader *r, char *text, size_t len)
{
	char *line = text;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		line += 3;
	while (line < text + len) {
		char *end = memchr(line, '\n', (size_t)(text + len - line));

		end = end != NULL ? end : text + len;
		r->line++;
		r->line_begin = line;
		*end = '\0';
		if (strlen(line) != (size_t)(end - line))
			return refuse(r, line + strlen(line), "this is not a text file");
		if (take_line(r, line) != 0)
			return -EINVAL;
		line = end + 1;
	}
	r->err[0] = '\0';
	return 0;
}

/* Read a copy of the bytes, which the options keep with the file's name. */
static int parse_bytes(struct reader *r, const char *bytes, size_t len)
{
	size_t name_size = strlen(r->file) + 1;
	struct op_config_text *text = malloc(sizeof(*text) + len + 1 + name_size);

	if (text == NULL) {
		snprintf(r->err, r->err_len, "%s: out of memory", r->file);
		return -ENOMEM;
	}
	memcpy(text->bytes, bytes, len);
	text->bytes[len] = '\0';
	text->name = memcpy(text->bytes + len + 1, r->file, name_size);
	r->file = text->name;
	text->next = r->options->config_texts;
	r->options->config_texts = text;
	return take_text(r, text->bytes, len);
}

int op_config_parse(const char *name, const char *bytes, size_t len, struct op_options *options,
	char *err, size_t err_len)
{
	struct reader r = {.file = name, .options = options, .err = err, .err_len = err_len};

	return parse_bytes(&r, bytes, len);
}

static int parse_stream(struct reader *r, FILE *in)
{
	char *bytes = malloc(MAX_BYTES + 1);
	size_t len = 0;
	int rc = bytes == NULL ? -ENOMEM : 0;

	if (rc == 0) {
		len = fread(bytes, 1, MAX_BYTES + 1, in);
		rc = ferror(in) ? -EIO : len > MAX_BYTES ? -EFBIG : 0;
	}
	if (rc != 0)
		snprintf(r->err, r->err_len, "%s cannot be read: %s", r->file, strerror(-rc));
	else
		rc = parse_bytes(r, bytes, len);
	free(bytes);
	return rc;
}

int op_config_read(const char *path, struct op_options *options, char *err, size_t err_len)
{
	struct reader r = {.file = path, .options = options, .err = err, .err_len = err_len};
	FILE *in = fopen(path, "re");
	int rc = in == NULL ? -errno : 0;

	if (in == NULL) {
		snprintf(err, err_len, "%s cannot be read: %s", path, strerror(-rc));
		return rc;
	}
	rc = parse_stream(&r, in);
	fclose(in);
	return rc;
}

int op_config_resume(
	const struct ut_folder *folder, struct op_options *options, char *err, size_t err_len)
{
	char path[PATH_MAX];
	struct reader r = {
		.file = path, .kept = true, .options = options, .err = err, .err_len = err_len};
	FILE *in = ut_folder_read_file(folder, UT_CONFIG_FILE);
	struct stat st;
	int rc = in == NULL ? -errno : 0;

	snprintf(path, sizeof(path), "%s/" UT_CONFIG_FILE, folder->path);
	if (in == NULL) {
		snprintf(err, err_len, "%s cannot be read: %s", path, ut_folder_why(rc));
		return rc;
	}
	r.own = fstat(fileno(in), &st) == 0 && st.st_uid == geteuid();
	rc = parse_stream(&r, in);
	fclose(in);
	return rc;
}

void op_config_free(struct op_options *options)
{
	while (options->config_texts != NULL) {
		struct op_config_text *next = options->config_texts->next;

		free(options->config_texts);
		options->config_texts = next;
	}
}
