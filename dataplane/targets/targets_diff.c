/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether a scan of one set can be resumed with the lists as they are now. */
#include "targets_file.h"
#include "targets_internal.h"

#include <errno.h>

#define NAME_SHOWN 64

static int refuse_range(char err[DP_ERR_LEN], dp_u128 first, dp_u128 last, const char *what)
{
	struct ts_addr ends[2] = {dp_addr_from_number(first), dp_addr_from_number(last)};
	char from[TS_ADDR_STRLEN], to[TS_ADDR_STRLEN];

	ts_addr_format(&ends[0], from);
	ts_addr_format(&ends[1], to);
	if (first == last)
		snprintf(err, DP_ERR_LEN, "%s %s", from, what);
	else
		snprintf(err, DP_ERR_LEN, "%s-%s %s", from, to, what);
	return -EINVAL;
}

#define GONE "is no longer among the targets"
#define NEW  "is new"
#define BACK "is no longer excluded"

/* The part of the longer range behind `after`, up to the next range of the other set. */
static int refuse_rest(char err[DP_ERR_LEN], dp_u128 after, dp_u128 last,
	struct dp_allow_walk *other, const char *what)
{
	struct dp_range next;

	if (dp_allow_next(other, &next) && next.first <= last)
		last = next.first - 1;
	return refuse_range(err, after + 1, last, what);
}

/* Walks through both sets in step. Both are merged, so equal sets have the same sequence of
 * ranges. */
static int diff_allow(
	const struct dp_targets *saved, const struct dp_targets *now, char err[DP_ERR_LEN])
{
	struct dp_allow_walk walk_a = {.targets = saved}, walk_b = {.targets = now};
	struct dp_range a, b;

	for (;;) {
		bool has_a = dp_allow_next(&walk_a, &a), has_b = dp_allow_next(&walk_b, &b);

		if (!has_a && !has_b)
			return 0;
		if (has_a && (!has_b || a.first < b.first))
			return refuse_range(err, a.first,
				has_b && b.first <= a.last ? b.first - 1 : a.last, GONE);
		if (!has_a || b.first < a.first)
			return refuse_range(err, b.first,
				has_a && a.first <= b.last ? a.first - 1 : b.last, NEW);
		if (a.last < b.last)
			return refuse_rest(err, a.last, b.last, &walk_a, NEW);
		if (b.last < a.last)
			return refuse_rest(err, b.last, a.last, &walk_b, GONE);
	}
}

/* The ports as text, cut if they are too long for a message. */
static void list_ports(const struct dp_targets *targets, char text[NAME_SHOWN])
{
	uint32_t n = targets->ports == NULL ? 0 : targets->n_product_ports;
	size_t at = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < n && at < NAME_SHOWN - sizeof("65535,..."); i++)
		at += (size_t)snprintf(
			text + at, NAME_SHOWN - at, "%s%u", i == 0 ? "" : ",", targets->ports[i]);
	if (at >= NAME_SHOWN - sizeof("65535,..."))
		snprintf(text + at, NAME_SHOWN - at, "...");
}

static int diff_services(
	const struct dp_targets *saved, const struct dp_targets *now, char err[DP_ERR_LEN])
{
	uint32_t n = saved->n_product_ports;
	char was[NAME_SHOWN], is[NAME_SHOWN];

	if (n != now->n_product_ports) {
		snprintf(err, DP_ERR_LEN, "there were %u services and now there are %u", n,
			now->n_product_ports);
		return -EINVAL;
	}
	if (saved->ports == NULL || now->ports == NULL ||
		memcmp(saved->ports, now->ports, n * sizeof(*now->ports)) == 0)
		return 0;
	list_ports(saved, was);
	list_ports(now, is);
	snprintf(err, DP_ERR_LEN, "the ports were %s and are %s, in this order", was, is);
	return -EINVAL;
}

static const char *name_at(const struct dp_names *names, size_t i)
{
	return names->pool + names->items[i].name_off;
}

/* An empty name stands for none. */
static int refuse_name(char err[DP_ERR_LEN], dp_u128 number, const char *was, const char *is)
{
	struct ts_addr addr = dp_addr_from_number(number);
	char text[TS_ADDR_STRLEN];

	ts_addr_format(&addr, text);
	if (was[0] == '\0')
		snprintf(err, DP_ERR_LEN, "the name of %s, %.*s, is new", text, NAME_SHOWN, is);
	else if (is[0] == '\0')
		snprintf(err, DP_ERR_LEN, "the name of %s was %.*s and is gone", text, NAME_SHOWN,
			was);
	else
		snprintf(err, DP_ERR_LEN, "the name of %s was %.*s and is %.*s", text, NAME_SHOWN,
			was, NAME_SHOWN, is);
	return -EINVAL;
}

static int diff_names(const struct dp_names *a, const struct dp_names *b, char err[DP_ERR_LEN])
{
	for (size_t i = 0;; i++) {
		bool has_a = i < a->n, has_b = i < b->n;

		if (!has_a && !has_b)
			return 0;
		if (has_a && (!has_b || a->items[i].number < b->items[i].number))
			return refuse_name(err, a->items[i].number, name_at(a, i), "");
		if (!has_a || b->items[i].number < a->items[i].number)
			return refuse_name(err, b->items[i].number, "", name_at(b, i));
		if (strcmp(name_at(a, i), name_at(b, i)) != 0)
			return refuse_name(err, a->items[i].number, name_at(a, i), name_at(b, i));
	}
}

static int refuse_pair(
	char err[DP_ERR_LEN], const struct ts_addr *addr, uint16_t port, const char *what)
{
	char text[TS_ADDR_STRLEN];
	bool v4 = ts_addr_is_v4(addr);

	ts_addr_format(addr, text);
	snprintf(err, DP_ERR_LEN, "%s%s%s:%u %s", v4 ? "" : "[", text, v4 ? "" : "]", port, what);
	return -EINVAL;
}

static bool excludes(const struct dp_targets *targets, const struct ts_addr *addr)
{
	return dp_ranges_find(&targets->exclude, dp_number_from_addr(addr)) != NULL;
}

static int diff_pairs(
	const struct dp_targets *saved, const struct dp_targets *now, char err[DP_ERR_LEN])
{
	const struct dp_pairs *a = &saved->pairs, *b = &now->pairs;

	for (size_t i = 0;; i++) {
		const struct dp_target *x = i < a->n ? &a->items[i] : NULL,
				       *y = i < b->n ? &b->items[i] : NULL;
		int order = x == NULL ? 1 : -1;

		if (x == NULL && y == NULL)
			return 0;
		if (x != NULL && y != NULL)
			order = dp_pair_compare(&x->addr, saved->ports[x->service], &y->addr,
				now->ports[y->service]);
		if (order < 0)
			return refuse_pair(err, &x->addr, saved->ports[x->service], GONE);
		if (order > 0)
			return refuse_pair(err, &y->addr, now->ports[y->service], NEW);
		if (excludes(saved, &x->addr) && !excludes(now, &x->addr))
			return refuse_pair(err, &x->addr, saved->ports[x->service], BACK);
	}
}

/* Targets that were excluded must still be, because the index map of the scan lacks them. */
static int diff_excluded(
	const struct dp_targets *saved, const struct dp_targets *now, char err[DP_ERR_LEN])
{
	struct dp_ranges back;
	int rc = dp_ranges_minus(&back, &saved->taken, &now->taken);

	if (rc == 0 && back.n > 0)
		rc = refuse_range(err, back.items[0].first, back.items[0].last, BACK);
	dp_ranges_free(&back);
	return rc;
}

int dp_targets_diff(const struct dp_targets *saved, const struct dp_targets *now,
	struct dp_ranges *added, char err[DP_ERR_LEN])
{
	int rc;

	*added = (struct dp_ranges){0};
	snprintf(err, DP_ERR_LEN, "memory is short to compare the targets with the saved ones");
	rc = diff_services(saved, now, err);
	if (rc == 0)
		rc = diff_allow(saved, now, err);
	if (rc == 0)
		rc = diff_excluded(saved, now, err);
	if (rc == 0)
		rc = diff_pairs(saved, now, err);
	if (rc == 0)
		rc = diff_names(&saved->names, &now->names, err);
	if (rc == 0)
		rc = dp_ranges_minus(added, &now->exclude, &saved->exclude);
	if (rc == 0)
		err[0] = '\0';
	return rc;
}
