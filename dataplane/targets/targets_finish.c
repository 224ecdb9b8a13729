/* SPDX-License-Identifier: BSD-3-Clause */
/* From lists to the frozen set: merge, subtract, and lay out for look-ups. */
#include "targets_internal.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#define MIN_BUCKET_BITS 13
#define MAX_BUCKET_BITS 24

/* No target is left. Name the exclusion that holds the first of the allowed addresses. */
static void explain_excluded(const struct dp_targets *targets, dp_u128 first, char err[DP_ERR_LEN])
{
	struct ts_addr addr = dp_addr_from_number(first);
	const char *special = targets->special ? dp_special_describe(&addr) : NULL;
	const struct dp_range *cut = dp_ranges_find(&targets->exclude, first);
	char text[TS_ADDR_STRLEN], from[TS_ADDR_STRLEN], to[TS_ADDR_STRLEN];
	struct ts_addr ends[2] = {dp_addr_from_number(cut->first), dp_addr_from_number(cut->last)};

	ts_addr_format(&addr, text);
	ts_addr_format(&ends[0], from);
	ts_addr_format(&ends[1], to);
	if (special != NULL)
		snprintf(err, DP_ERR_LEN,
			"no target is left: the exclusions cover all of them; %s, for one, belongs "
			"to %s, which is "
			"excluded by default (--no-default-exclude lifts that)",
			text, special);
	else
		snprintf(err, DP_ERR_LEN,
			"no target is left: the exclusions cover all of them; %s, for one, lies in "
			"the excluded %s-%s",
			text, from, to);
}

static bool pairs_left(const struct dp_targets *targets)
{
	for (size_t i = 0; i < targets->pairs.n; i++) {
		dp_u128 number = dp_number_from_addr(&targets->pairs.items[i].addr);

		if (dp_ranges_find(&targets->exclude, number) == NULL)
			return true;
	}
	return false;
}

/* Merge and subtract; afterwards targets->allow is the set. */
static int apply_lists(struct dp_targets *targets, char err[DP_ERR_LEN])
{
	dp_u128 taken, first;

	if (targets->allow.n + targets->pairs.n == 0) {
		snprintf(err, DP_ERR_LEN,
			"no target was given: name addresses, prefixes or a list of them");
		return -ENOENT;
	}
	dp_ranges_normalize(&targets->allow);
	dp_ranges_normalize(&targets->exclude);
	if (dp_pairs_settle(targets) != 0)
		return -ENOMEM;
	if (targets->allow.n > 0)
		first = targets->allow.items[0].first;
	else
		first = dp_number_from_addr(&targets->pairs.items[0].addr);
	if (dp_ranges_intersect(&targets->taken, &targets->allow, &targets->exclude) != 0 ||
		dp_ranges_subtract(&targets->allow, &targets->taken) != 0)
		return -ENOMEM;
	if (targets->allow.n == 0 && !pairs_left(targets)) {
		explain_excluded(targets, first, err);
		return -ENOENT;
	}
	taken = dp_ranges_size(&targets->taken);
	targets->n_excluded = taken > UINT64_MAX ? UINT64_MAX : (uint64_t)taken;
	return 0;
}

static int check_size(struct dp_targets *targets, uint32_t n_services, char err[DP_ERR_LEN])
{
	dp_u128 size = dp_ranges_size(&targets->allow);
	uint64_t room = (DP_PERM_MAX_N - targets->pairs.n) / (n_services == 0 ? 1 : n_services);

	if (size > room || targets->allow.n >= UINT32_MAX) {
		snprintf(err, DP_ERR_LEN,
			"too many targets: one scan takes up to 2^63 - 1 pairs of address and "
			"port; IPv6 networks are "
			"scanned by lists of addresses, or by prefixes of /%u and longer",
			128 - (63 - (unsigned int)__builtin_clzll(room)));
		return -EOVERFLOW;
	}
	targets->n_addresses = (uint64_t)size;
	return 0;
}

/*
 * Make the spans for dp_targets_get(). Each span takes the place of its range, so that a set of
 * millions of ranges does not need its memory twice.
 */
static int make_spans(struct dp_targets *targets)
{
	struct dp_ranges *set = &targets->allow;
	struct dp_span *spans;
	size_t n = set->n;
	uint64_t index = 0;

	static_assert(sizeof(*spans) == sizeof(*set->items), "a span fits where its range was");
	if (dp_ranges_reserve(set, n + 1) != 0)
		return -ENOMEM;
	spans = (void *)set->items;
	for (size_t i = 0; i < n; i++) {
		struct dp_range range = set->items[i];

		spans[i] = (struct dp_span){.first = range.first, .first_index = index};
		index += (uint64_t)(range.last - range.first) + 1;
		if (dp_number_is_v4(range.first))
			targets->has_v4 = true;
		else
			targets->has_v6 = true;
	}
	spans[n] = (struct dp_span){.first_index = index};
	*set = (struct dp_ranges){0};
	targets->spans = spans;
	targets->n_spans = (uint32_t)n;
	spans = reallocarray(spans, n + 1, sizeof(*spans));
	if (spans != NULL)
		targets->spans = spans;
	return 0;
}

static int make_buckets(struct dp_targets *targets)
{
	unsigned int bits = MIN_BUCKET_BITS,
		     size_bits = 64 - (unsigned int)__builtin_clzll(targets->n_addresses | 1);
	uint32_t *buckets, n_buckets, span = 0;

	if (targets->n_addresses == 0)
		return 0;
	while (bits < MAX_BUCKET_BITS && UINT64_C(1) << bits < 2 * (uint64_t)targets->n_spans)
		bits++;
	targets->bucket_shift = size_bits > bits ? size_bits - bits : 0;
	n_buckets = (uint32_t)((targets->n_addresses - 1) >> targets->bucket_shift) + 1;
	buckets = calloc((size_t)n_buckets + 1, sizeof(*buckets));
	if (buckets == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < n_buckets; i++) {
		while (targets->spans[span + 1].first_index <= (uint64_t)i << targets->bucket_shift)
			span++;
		buckets[i] = span;
	}
	buckets[n_buckets] = targets->n_spans - 1;
	targets->buckets = buckets;
	return 0;
}

/* Check that the services are known, which number the pairs. */
static int check_services(struct dp_targets *targets, uint32_t n_services, char err[DP_ERR_LEN])
{
	if (n_services == 0 && targets->allow.n > 0) {
		snprintf(err, DP_ERR_LEN,
			"there are addresses without ports, and no service to scan them for: give "
			"-p");
		return -EINVAL;
	}
	assert(targets->ports == NULL || targets->n_ports == n_services);
	assert(targets->ports != NULL || targets->pairs.n == 0 || n_services == 0);
	targets->n_product_ports = targets->n_ports = n_services;
	return 0;
}

int dp_targets_finish(
	struct dp_targets *targets, uint32_t n_services, uint64_t seed, char err[DP_ERR_LEN])
{
	int rc;

	assert(!targets->finished && n_services <= UINT16_MAX);
	snprintf(err, DP_ERR_LEN, "memory is short for a target list of this size");
	rc = check_services(targets, n_services, err);
	if (rc == 0)
		rc = apply_lists(targets, err);
	if (rc == 0)
		rc = check_size(targets, n_services, err);
	if (rc == 0)
		rc = dp_names_finish(&targets->names, err);
	if (rc == 0)
		rc = make_spans(targets);
	if (rc == 0)
		rc = make_buckets(targets);
	if (rc == 0)
		rc = dp_pairs_exclude(targets);
	if (rc != 0)
		return rc;
	targets->n_services = dp_divisor_make(n_services == 0 ? 1 : n_services);
	targets->n_product = targets->n_addresses * n_services;
	dp_perm_init(&targets->perm, targets->n_product + targets->n_live_pairs, seed);
	targets->finished = true;
	err[0] = '\0';
	return 0;
}
