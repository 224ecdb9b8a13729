/* SPDX-License-Identifier: BSD-3-Clause */
/* Strictly reads what re_checkpoint_print() wrote. Anything else is a damaged or foreign file. */
#include "checkpoint.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define PATH_LEN 4096

struct reader {
	struct re_checkpoint *c;
	char path[PATH_LEN];
	size_t line_no;
	const char *line;
	char *err;
	bool ended;
};

/* Write the sentence on an error. at: where it is in the line. @return -EINVAL */
static int complain(struct reader *r, const char *at, const char *what)
{
	snprintf(r->err, RE_CHECKPOINT_ERR_LEN,
		"%.256s:%zu:%zu: %s; the file is damaged: start the scan anew in another folder, "
		"or here with --overwrite",
		r->path, r->line_no, (size_t)(at - r->line) + 1, what);
	return -EINVAL;
}

static int take_number(struct reader *r, const char *text, int base, uint64_t *out)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t value = 0;
	const char *at = text;

	for (; *at != '\0'; at++) {
		const char *digit = memchr(digits, *at, (size_t)base);

		if (digit == NULL || __builtin_mul_overflow(value, (uint64_t)base, &value) ||
			__builtin_add_overflow(value, (uint64_t)(digit - digits), &value))
			return complain(r, at, "a number below 2^64 is expected");
	}
	if (at == text)
		return complain(r, at, "a number is expected");
	*out = value;
	return 0;
}

static int take_state(struct reader *r, const char *text)
{
	if (strcmp(text, "running") != 0 && strcmp(text, "done") != 0)
		return complain(r, text, "\"running\" or \"done\" is expected");
	r->c->state = text[0] == 'd' ? RE_STATE_DONE : RE_STATE_RUNNING;
	return 0;
}

/* Read an address up to a separator. @return where the separator is; NULL: it is none */
static const char *take_addr(const char *text, char separator, struct ts_addr *out)
{
	char word[TS_ADDR_STRLEN];
	const char *end = strchr(text, separator);
	size_t len = end == NULL ? strlen(text) : (size_t)(end - text);

	if (end == NULL && separator != '\0')
		return NULL;
	if (len >= sizeof(word))
		return NULL;
	memcpy(word, text, len);
	word[len] = '\0';
	return ts_addr_parse(word, out) == 0 ? text + len : NULL;
}

static int take_excluded(struct reader *r, const char *text)
{
	struct ts_addr first, last;
	const char *dash = take_addr(text, '-', &first);
	struct dp_range range;

	if (dash == NULL || take_addr(dash + 1, '\0', &last) == NULL)
		return complain(r, text, "a range ADDRESS-ADDRESS is expected");
	range = (struct dp_range){dp_number_from_addr(&first), dp_number_from_addr(&last)};
	if (range.first > range.last)
		return complain(r, text, "the range ends before it begins");
	return dp_ranges_push(&r->c->excluded, range);
}

static int take_open(struct reader *r, const char *text)
{
	struct ts_addr addr;
	const char *space = take_addr(text, ' ', &addr);
	uint64_t port;
	int rc;

	if (space == NULL)
		return complain(r, text, "ADDRESS PORT is expected");
	rc = take_number(r, space + 1, 10, &port);
	if (rc == 0 && port > UINT16_MAX)
		rc = complain(r, space + 1, "a port is expected");
	return rc != 0 ? rc : re_checkpoint_add_open(r->c, &addr, (uint16_t)port);
}

enum kind {
	STATE,
	NUMBER,
	HEX,
	TEXT,
	EXCLUDED,
	OPEN,
	END,
};

static const struct field {
	const char *name;
	enum kind kind;
	size_t off, size; /* in struct re_checkpoint */
} fields[] = {
	{"state", STATE, 0, 0},
	{"runs", NUMBER, offsetof(struct re_checkpoint, n_runs), 0},
	{"seed", NUMBER, offsetof(struct re_checkpoint, seed), 0},
	{"targets", HEX, offsetof(struct re_checkpoint, targets_digest), 0},
	{"services", TEXT, offsetof(struct re_checkpoint, services), RE_CHECKPOINT_TEXT_LEN},
	{"pair_services", TEXT, offsetof(struct re_checkpoint, pair_services),
		RE_CHECKPOINT_TEXT_LEN},
	{"outcomes", TEXT, offsetof(struct re_checkpoint, outcomes), 64},
	{"certificates", TEXT, offsetof(struct re_checkpoint, certificates), 16},
	{"index_first", NUMBER, offsetof(struct re_checkpoint, index_first), 0},
	{"n_indices", NUMBER, offsetof(struct re_checkpoint, n_indices), 0},
	{"next_index", NUMBER, offsetof(struct re_checkpoint, next_index), 0},
	{"results_from", NUMBER, offsetof(struct re_checkpoint, results_from), 0},
	{"results_bytes", NUMBER, offsetof(struct re_checkpoint, results_bytes), 0},
	{"n_records", NUMBER, offsetof(struct re_checkpoint, n_records), 0},
	{"certificates_bytes", NUMBER, offsetof(struct re_checkpoint, certs_bytes), 0},
	/* These may come any number of times, or not at all. */
	{"excluded", EXCLUDED, 0, 0},
	{"open", OPEN, 0, 0},
	{"end", END, 0, 0},
};

#define N_FIELDS (sizeof(fields) / sizeof(fields[0]))

static int take_value(struct reader *r, const struct field *field, const char *text)
{
	char *at = (char *)r->c + field->off;
	uint64_t n_lines;
	int rc;

	switch (field->kind) {
	case STATE:
		return take_state(r, text);
	case NUMBER:
		return take_number(r, text, 10, (uint64_t *)(void *)at);
	case HEX:
		return take_number(r, text, 16, (uint64_t *)(void *)at);
	case TEXT:
		if (strlen(text) >= field->size)
			return complain(r, text, "the text is too long");
		strcpy(at, text);
		return 0;
	case EXCLUDED:
		return take_excluded(r, text);
	case OPEN:
		return take_open(r, text);
	case END:
		rc = take_number(r, text, 10, &n_lines);
		if (rc == 0 && n_lines != r->line_no - 1)
			rc = complain(r, text, "this is not the number of lines before it");
		r->ended = rc == 0;
		return rc;
	}
	return -EINVAL;
}

static bool repeats(const struct field *field)
{
	return field->kind == EXCLUDED || field->kind == OPEN;
}

/* Does the line set this field? Then *value is what follows "name = ". */
static bool sets(const char *line, const struct field *field, const char **value)
{
	size_t len = strlen(field->name);

	if (strncmp(line, field->name, len) != 0 || strncmp(line + len, " = ", 3) != 0)
		return false;
	*value = line + len + 3;
	return true;
}

/* Read one line. *next: the field that is expected next. */
static int take_line(struct reader *r, size_t *next)
{
	const char *value = NULL;
	char what[64];

	if (r->ended)
		return complain(r, r->line, "nothing is expected behind the end");
	while (*next < N_FIELDS && !sets(r->line, &fields[*next], &value)) {
		if (!repeats(&fields[*next])) {
			snprintf(
				what, sizeof(what), "\"%s = ...\" is expected", fields[*next].name);
			return complain(r, r->line, what);
		}
		(*next)++;
	}
	return take_value(r, &fields[repeats(&fields[*next]) ? *next : (*next)++], value);
}

static int check(struct reader *r)
{
	const struct re_checkpoint *c = r->c;

	r->line = "";
	if (!r->ended)
		return complain(r, r->line, "the file is cut off");
	if (c->index_first + c->n_indices < c->n_indices || c->next_index < c->index_first ||
		c->next_index > c->index_first + c->n_indices || c->results_from > c->results_bytes)
		return complain(r, r->line, "the positions contradict each other");
	dp_ranges_normalize(&r->c->excluded);
	return 0;
}

static int read_lines(struct reader *r, FILE *in)
{
	char *line = NULL;
	size_t cap = 0, next = 0;
	ssize_t len;
	int rc = 0;

	while (rc == 0 && (len = getline(&line, &cap, in)) >= 0) {
		r->line_no++;
		r->line = line;
		if (len == 0 || line[len - 1] != '\n') {
			rc = complain(r, line, "the line is cut off");
			break;
		}
		line[len - 1] = '\0';
		if (r->line_no > 1)
			rc = take_line(r, &next);
		else if (strcmp(line, "tlsweep checkpoint 2") != 0)
			rc = complain(
				r, line, "this is not a checkpoint of this program's version");
	}
	if (rc == 0 && ferror(in)) {
		rc = -errno;
		snprintf(r->err, RE_CHECKPOINT_ERR_LEN, "%.256s: %s", r->path, strerror(-rc));
	}
	free(line);
	return rc;
}

int re_checkpoint_load(struct re_checkpoint *checkpoint, const struct ut_folder *folder,
	char err[RE_CHECKPOINT_ERR_LEN])
{
	struct reader r = {.c = checkpoint, .err = err};
	FILE *in;
	int rc;

	memset(checkpoint, 0, sizeof(*checkpoint));
	snprintf(r.path, sizeof(r.path), "%s/" UT_CHECKPOINT_FILE, folder->path);
	in = ut_folder_read_file(folder, UT_CHECKPOINT_FILE);
	if (in == NULL) {
		rc = -errno;
		snprintf(err, RE_CHECKPOINT_ERR_LEN,
			"%.256s: %s; --resume continues a scan that was begun with the same -o "
			"DIR",
			r.path, ut_folder_why(rc));
		return rc;
	}
	snprintf(err, RE_CHECKPOINT_ERR_LEN, "memory is short for the checkpoint");
	rc = read_lines(&r, in);
	fclose(in);
	return rc != 0 ? rc : check(&r);
}
