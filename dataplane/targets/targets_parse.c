/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists of targets and exclusions: lines in, ranges out. */
#include "exclude.h"
#include "targets_internal.h"
#include "targets_lines.h"

#include <assert.h>
#include <errno.h>
#include <sys/stat.h>

#define ITEM_SHOWN  64
#define EXPECT_FROM (1024 * 1024) /* bytes of a file */
#define EXPECT_LINE 14

/* What the items of one list are added to. */
struct sink {
	struct dp_ranges *ranges;
	struct dp_names *names;	      /* NULL: names are not for this list */
	const struct dp_lines *lines; /* NULL: an item of the command line */
	uint16_t list;		      /* its number in names */
};

int dp_list_push(struct dp_ranges *ranges, struct dp_range range)
{
	bool inside = range.first >= DP_V4_FIRST && range.last <= DP_V4_LAST;
	int rc = 0;

	if (inside || range.last < DP_V4_FIRST || range.first > DP_V4_LAST)
		return dp_ranges_push(ranges, range);
	if (range.first < DP_V4_FIRST)
		rc = dp_ranges_push(ranges, (struct dp_range){range.first, DP_V4_FIRST - 1});
	if (rc == 0 && range.last > DP_V4_LAST)
		rc = dp_ranges_push(ranges, (struct dp_range){DP_V4_LAST + 1, range.last});
	return rc;
}

static int push_name(const struct sink *sink, const struct dp_item *item, const char *text)
{
	struct dp_place place = {0};

	if (sink->lines != NULL)
		place = dp_lines_place(sink->lines, sink->list, text, item->name);
	return dp_names_push(sink->names, item->range.first, item->name, item->name_len, place);
}

static int parse_item(
	const char *text, size_t len, bool named, struct dp_item *item, struct dp_item_error *error)
{
	int rc = dp_item_parse(text, len, item, error);

	if (rc == 0 && !named && item->name != NULL)
		rc = dp_item_refuse(error, (size_t)(item->name - text),
			"an exclusion has no name: what is behind the comma would be lost");
	return rc;
}

static int take_item(void *to, const char *text, size_t len, struct dp_item_error *error)
{
	const struct sink *sink = to;
	struct dp_item item;
	int rc = parse_item(text, len, sink->names != NULL, &item, error);

	if (rc != 0)
		return rc;
	rc = dp_list_push(sink->ranges, item.range);
	if (rc == 0 && sink->names != NULL && item.name != NULL)
		rc = push_name(sink, &item, text);
	if (rc != 0)
		snprintf(error->sentence, sizeof(error->sentence),
			"memory is short for a list of this size");
	return rc;
}

/* A sentence about an item that is in no list names the item. */
static void name_item(const char *text, const struct dp_item_error *error, char err[DP_ERR_LEN])
{
	if (strstr(error->sentence, text) != NULL)
		snprintf(err, DP_ERR_LEN, "%s", error->sentence);
	else
		snprintf(err, DP_ERR_LEN, "\"%.*s\": %s", ITEM_SHOWN, text, error->sentence);
}

static int add_item(struct sink *sink, const char *text, char err[DP_ERR_LEN])
{
	struct dp_item_error error = {0};
	int rc = take_item(sink, text, strlen(text), &error);

	if (rc != 0)
		name_item(text, &error, err);
	return rc;
}

int dp_targets_check(enum dp_list list, const char *text, char err[DP_ERR_LEN])
{
	struct dp_item_error error = {0};
	struct dp_item item;
	int rc = parse_item(text, strlen(text), list == DP_ALLOW, &item, &error);

	if (rc != 0)
		name_item(text, &error, err);
	return rc;
}

static int add_stream(struct sink *sink, FILE *in, const char *name, char err[DP_ERR_LEN])
{
	bool allow = sink->names != NULL;
	struct dp_lines lines = {
		.in = in, .name = name, .comma_comment = !allow, .take = take_item, .to = sink};
	uint64_t n_items;
	int rc = allow ? dp_names_list(sink->names, name, err) : 0;

	if (rc < 0)
		return rc;
	sink->lines = &lines;
	sink->list = (uint16_t)rc;
	rc = dp_lines_each(&lines, &n_items, err);
	if (rc == 0 && n_items == 0) {
		if (allow)
			return -EINVAL;
		err[0] = '\0';
	}
	return rc;
}

/*
 * Make room for a large file at once, by its size: growing step by step copies everything once
 * more. Too much room costs no memory, because its pages are never touched. If there is not enough
 * memory, a later push reports it.
 */
static void expect(struct dp_ranges *ranges, FILE *in)
{
	struct stat st;

	if (fstat(fileno(in), &st) == 0 && S_ISREG(st.st_mode) && st.st_size > EXPECT_FROM)
		dp_ranges_reserve(ranges, ranges->n + (size_t)st.st_size / EXPECT_LINE);
}

static int add_file(struct sink *sink, const char *path, char err[DP_ERR_LEN])
{
	const char *name;
	FILE *in = dp_list_open(path, &name, err);
	int rc;

	if (in == NULL)
		return -errno;
	expect(sink->ranges, in);
	rc = add_stream(sink, in, name, err);
	dp_list_close(in);
	return rc;
}

static struct sink list_sink(struct dp_targets *targets, enum dp_list list)
{
	assert(!targets->finished);
	return list == DP_ALLOW ? (struct sink){.ranges = &targets->allow, .names = &targets->names}
				: (struct sink){.ranges = &targets->exclude};
}

int dp_targets_add(
	struct dp_targets *targets, enum dp_list list, const char *text, char err[DP_ERR_LEN])
{
	struct sink sink = list_sink(targets, list);

	return add_item(&sink, text, err);
}

int dp_targets_add_stream(struct dp_targets *targets, enum dp_list list, FILE *in, const char *name,
	char err[DP_ERR_LEN])
{
	struct sink sink = list_sink(targets, list);

	return add_stream(&sink, in, name, err);
}

int dp_targets_add_file(
	struct dp_targets *targets, enum dp_list list, const char *path, char err[DP_ERR_LEN])
{
	struct sink sink = list_sink(targets, list);

	return add_file(&sink, path, err);
}

/* Add what was read to the set, if all of it was good. */
static int join(int rc, struct dp_ranges *read, struct dp_ranges *ranges, char err[DP_ERR_LEN])
{
	if (rc == 0) {
		dp_ranges_normalize(read);
		rc = dp_ranges_add(ranges, read);
		if (rc != 0)
			snprintf(err, DP_ERR_LEN, "memory is short for a list of this size");
	}
	dp_ranges_free(read);
	return rc;
}

int dp_exclude_file(const char *path, struct dp_ranges *ranges, char err[DP_ERR_LEN])
{
	struct dp_ranges read = {0};
	struct sink sink = {.ranges = &read};

	return join(add_file(&sink, path, err), &read, ranges, err);
}

int dp_exclude_item(const char *text, struct dp_ranges *ranges, char err[DP_ERR_LEN])
{
	struct dp_ranges read = {0};
	struct sink sink = {.ranges = &read};

	return join(add_item(&sink, text, err), &read, ranges, err);
}
