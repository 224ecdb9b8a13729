/* SPDX-License-Identifier: BSD-3-Clause */
#include "results_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PATH_LEN 4096

struct reader {
	char path[PATH_LEN];
	FILE *in;
	uint64_t from;
	char *err;
};

/* Count the lines before a byte, for a message on an error. */
static uint64_t lines_before(struct reader *r, uint64_t end)
{
	uint64_t n = 0;
	int c;

	rewind(r->in);
	for (uint64_t at = 0; at < end && (c = getc_unlocked(r->in)) != EOF; at++)
		n += c == '\n';
	return n;
}

static int complain(struct reader *r, uint64_t at, size_t column, const char *what)
{
	snprintf(r->err, RE_CHECKPOINT_ERR_LEN,
		"%.256s:%llu:%zu: %s; --resume needs the file as the scan left it", r->path,
		(unsigned long long)lines_before(r, at) + 1, column, what);
	return -EINVAL;
}

/* Read the beginning of a line: {"ip":"198.18.0.1","port":25, @return 0, or the column of what is
 * wrong */
static size_t read_pair(const char *line, struct re_checkpoint_pair *pair)
{
	static const char head[] = "{\"ip\":\"", middle[] = "\",\"port\":";
	char ip[TS_ADDR_STRLEN];
	const char *at = line + sizeof(head) - 1, *quote;
	uint32_t port = 0;

	if (strncmp(line, head, sizeof(head) - 1) != 0)
		return 1;
	quote = strchr(at, '"');
	if (quote == NULL || (size_t)(quote - at) >= sizeof(ip))
		return (size_t)(at - line) + 1;
	memcpy(ip, at, (size_t)(quote - at));
	ip[quote - at] = '\0';
	if (ts_addr_parse(ip, &pair->addr) != 0)
		return (size_t)(at - line) + 1;
	if (strncmp(quote, middle, sizeof(middle) - 1) != 0)
		return (size_t)(quote - line) + 1;
	at = quote + sizeof(middle) - 1;
	while (*at >= '0' && *at <= '9' && port <= UINT16_MAX)
		port = port * 10 + (uint32_t)(*at++ - '0');
	pair->port = (uint16_t)port;
	return *at == ',' && port <= UINT16_MAX && port > 0 ? 0 : (size_t)(at - line) + 1;
}

static int add(struct re_results *lines, const struct re_checkpoint_pair *pair)
{
	if (lines->n == lines->cap) {
		size_t cap = lines->cap == 0 ? 4096 : 2 * lines->cap;
		struct re_checkpoint_pair *pairs = reallocarray(lines->pairs, cap, sizeof(*pairs));

		if (pairs == NULL)
			return -ENOMEM;
		lines->pairs = pairs;
		lines->cap = cap;
	}
	lines->pairs[lines->n++] = *pair;
	return 0;
}

/* Seek to the byte where reading begins, which must be the first of a line. */
static int find_start(struct reader *r)
{
	if (r->from == 0)
		return 0;
	if (fseeko(r->in, (off_t)r->from - 1, SEEK_SET) != 0)
		return -errno;
	if (getc(r->in) == '\n')
		return 0;
	snprintf(r->err, RE_CHECKPOINT_ERR_LEN,
		"%.256s: no line begins at byte %llu, as the checkpoint has it; --resume needs "
		"the file as the scan left it",
		r->path, (unsigned long long)r->from);
	return -EINVAL;
}

static int read_lines(struct reader *r, uint64_t new_from, struct re_results *lines)
{
	uint64_t at = r->from;
	struct re_checkpoint_pair pair;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	int rc = 0;

	while (rc == 0 && (len = getline(&line, &cap, r->in)) > 0 && line[len - 1] == '\n') {
		size_t column = read_pair(line, &pair);

		if (column != 0)
			rc = complain(r, at, column, "this is no line of a scan's results");
		else
			rc = add(lines, &pair);
		lines->n_new += at >= new_from;
		at += (uint64_t)len;
	}
	if (rc == 0 && ferror(r->in))
		rc = -EIO;
	lines->n_bytes = at;
	free(line);
	if (rc != 0 || at >= new_from)
		return rc;
	snprintf(r->err, RE_CHECKPOINT_ERR_LEN,
		"%.256s: the file ends at byte %llu and had %llu when the checkpoint was "
		"written; --resume needs it as the scan left it",
		r->path, (unsigned long long)at, (unsigned long long)new_from);
	return -EINVAL;
}

int re_results_read(const struct ut_folder *folder, uint64_t from, uint64_t new_from,
	struct re_results *lines, char err[RE_CHECKPOINT_ERR_LEN])
{
	struct reader r = {.from = from, .err = err};
	int rc;

	memset(lines, 0, sizeof(*lines));
	snprintf(r.path, sizeof(r.path), "%s/" UT_RESULTS_FILE, folder->path);
	r.in = ut_folder_read_file(folder, UT_RESULTS_FILE);
	rc = r.in == NULL ? -errno : find_start(&r);
	if (rc == 0)
		rc = read_lines(&r, new_from, lines);
	if (rc != 0 && rc != -EINVAL)
		snprintf(err, RE_CHECKPOINT_ERR_LEN, "%.256s: %s", r.path, ut_folder_why(rc));
	if (r.in != NULL)
		fclose(r.in);
	return rc;
}

static int check_certs(FILE *in, const char *path, uint64_t bytes, char err[RE_CHECKPOINT_ERR_LEN])
{
	off_t end;

	if (fseeko(in, 0, SEEK_END) != 0 || (end = ftello(in)) < 0)
		return -errno;
	if ((uint64_t)end < bytes) {
		snprintf(err, RE_CHECKPOINT_ERR_LEN,
			"%.256s: the file ends at byte %lld and had %llu when the checkpoint was "
			"written; --resume needs it as the scan left it",
			path, (long long)end, (unsigned long long)bytes);
		return -EINVAL;
	}
	if (fseeko(in, (off_t)bytes - 1, SEEK_SET) != 0)
		return -errno;
	if (getc(in) == '\n')
		return 0;
	snprintf(err, RE_CHECKPOINT_ERR_LEN,
		"%.256s: no line ends at byte %llu, as the checkpoint has it; --resume needs the "
		"file as the scan left it",
		path, (unsigned long long)bytes);
	return -EINVAL;
}

int re_results_check_certs(
	const struct ut_folder *folder, uint64_t bytes, char err[RE_CHECKPOINT_ERR_LEN])
{
	char path[PATH_LEN];
	FILE *in;
	int rc;

	if (bytes == 0)
		return 0;
	snprintf(path, sizeof(path), "%s/" UT_CERTS_FILE, folder->path);
	in = ut_folder_read_file(folder, UT_CERTS_FILE);
	rc = in == NULL ? -errno : check_certs(in, path, bytes, err);
	if (rc != 0 && rc != -EINVAL)
		snprintf(err, RE_CHECKPOINT_ERR_LEN, "%.256s: %s", path, ut_folder_why(rc));
	if (in != NULL)
		fclose(in);
	return rc;
}

void re_results_free(struct re_results *lines)
{
	free(lines->pairs);
	memset(lines, 0, sizeof(*lines));
}
