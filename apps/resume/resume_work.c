/* SPDX-License-Identifier: BSD-3-Clause */
/* What is left of a scan: the indices from the position on and the open work, without those that
 * have a line. */
#include "resume.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "results_file.h"

/* The service of a port, or -1. */
static int service_of(const struct op_options *options, uint16_t port)
{
	for (size_t i = 0; i < options->n_services; i++) {
		if (options->services[i].port == port)
			return (int)i;
	}
	return -1;
}

static int index_of(const struct op_options *options, const struct dp_targets *targets,
	const struct re_checkpoint_pair *pair, const char *file, uint64_t *index, char *err,
	size_t err_len)
{
	int service = service_of(options, pair->port);
	struct dp_target target = {pair->addr, (uint16_t)service};
	char text[TS_ADDR_STRLEN];

	if (service >= 0 && dp_targets_index(targets, &target, index))
		return 0;
	ts_addr_format(&pair->addr, text);
	snprintf(err, err_len,
		"--resume: %s/%s names %s port %u, which is no target of this scan; the folder "
		"must be as the scan left it",
		options->output, file, text, pair->port);
	return -EINVAL;
}

static int compare_index(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static size_t sort_unique(uint64_t *items, size_t n)
{
	size_t n_out = 0;

	qsort(items, n, sizeof(*items), compare_index);
	for (size_t i = 0; i < n; i++) {
		if (n_out == 0 || items[n_out - 1] != items[i])
			items[n_out++] = items[i];
	}
	return n_out;
}

/* Write the indices of pairs, ascending and each once. @return how many, or -errno */
static int64_t indices_of(const struct op_options *options, const struct dp_targets *targets,
	const struct re_checkpoint_pair *pairs, size_t n, const char *file, uint64_t *out,
	char *err, size_t err_len)
{
	for (size_t i = 0; i < n; i++) {
		int rc = index_of(options, targets, &pairs[i], file, &out[i], err, err_len);

		if (rc != 0)
			return rc;
	}
	return (int64_t)sort_unique(out, n);
}

static bool has(const uint64_t *items, size_t n, uint64_t index)
{
	return bsearch(&index, items, n, sizeof(*items), compare_index) != NULL;
}

/* Collect the open work below the position that has no line. Indices from the position on are
 * probed anyway. */
static void fill_again(struct re_resume *resume, const struct dp_targets *targets,
	const uint64_t *lines, size_t n_lines, const uint64_t *open, size_t n_open)
{
	resume->n_again = 0;
	for (size_t i = 0; i < n_open; i++) {
		if (open[i] < resume->checkpoint.next_index && !has(lines, n_lines, open[i]))
			resume->again[resume->n_again++] = dp_targets_get(targets, open[i]);
	}
}

static void fill_done(struct re_resume *resume, uint64_t *lines, size_t n_lines)
{
	size_t first = 0;

	while (first < n_lines && lines[first] < resume->checkpoint.next_index)
		first++;
	resume->n_done = n_lines - first;
	memmove(lines, lines + first, resume->n_done * sizeof(*lines));
	resume->done = lines;
	resume->begun_floor = resume->n_done == 0 ? resume->checkpoint.next_index
						  : lines[resume->n_done - 1] + 1;
}

static int fill(struct re_resume *resume, const struct op_options *options,
	const struct dp_targets *targets, const struct re_results *file, char *err, size_t err_len)
{
	const struct re_checkpoint *c = &resume->checkpoint;
	uint64_t *lines = malloc((file->n + 1) * sizeof(*lines));
	uint64_t *open = malloc((c->n_open + 1) * sizeof(*open));
	int64_t n_lines = -ENOMEM, n_open = -ENOMEM;

	resume->again = malloc((c->n_open + 1) * sizeof(*resume->again));
	snprintf(err, err_len, "memory is short for the results of the earlier run");
	if (lines != NULL && open != NULL && resume->again != NULL) {
		n_lines = indices_of(options, targets, file->pairs, file->n, UT_RESULTS_FILE, lines,
			err, err_len);
		if (n_lines >= 0)
			n_open = indices_of(options, targets, c->open, c->n_open,
				UT_CHECKPOINT_FILE, open, err, err_len);
	}
	if (n_open >= 0) {
		fill_again(resume, targets, lines, (size_t)n_lines, open, (size_t)n_open);
		fill_done(resume, lines, (size_t)n_lines);
		lines = NULL;
		err[0] = '\0';
	}
	free(lines);
	free(open);
	return n_open < 0 ? (int)n_open : 0;
}

static int check_part(
	const struct re_checkpoint *c, const struct dp_index_range *part, char *err, size_t err_len)
{
	if (part->first == c->index_first && part->n == c->n_indices)
		return 0;
	snprintf(err, err_len,
		"--resume: the scan was begun for %" PRIu64 " pairs from index %" PRIu64
		" on, and this is for %" PRIu64 " from %" PRIu64
		" on; give the --shard and -n it was begun with",
		c->n_indices, c->index_first, part->n, part->first);
	return -EINVAL;
}

int re_resume_work(struct re_resume *resume, const struct op_options *options,
	const struct dp_targets *targets, struct dp_index_range *part, char *err, size_t err_len)
{
	const struct re_checkpoint *c = &resume->checkpoint;
	char why[RE_CHECKPOINT_ERR_LEN];
	struct re_results lines = {0};
	int rc = check_part(c, part, err, err_len);

	if (rc != 0)
		return rc;
	rc = re_results_check_certs(resume->folder, c->certs_bytes, why);
	if (rc == 0)
		rc = re_results_read(
			resume->folder, c->results_from, c->results_bytes, &lines, why);
	if (rc != 0)
		snprintf(err, err_len, "%s", why);
	else
		rc = fill(resume, options, targets, &lines, err, err_len);
	resume->results_bytes = lines.n_bytes;
	resume->n_records = c->n_records + lines.n_new;
	re_results_free(&lines);
	part->n -= c->next_index - part->first;
	part->first = c->next_index;
	return rc;
}
