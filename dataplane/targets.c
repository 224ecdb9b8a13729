/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From an index to an address in three steps, none of which searches in the usual case:
 *
 *     index ──perm──► pair ──÷ services──► address index ──bucket──► span ──► address
 *
 * The spans are the normal ranges of the set, each with the count of addresses before it. Address
 * indices are cut into equal buckets, a power of two wide and at least twice as many as spans, and
 * a table tells the span at the start of each. All of IPv4 without the default exclusions is some
 * twenty spans and 7,062 buckets, 28 kB: all but one address in 400 falls in a bucket that lies
 * inside one span, so the branch that would search is nearly always predicted. A million scattered
 * addresses have one bucket or less each. Where many spans share a bucket (a list of single
 * addresses next to a /1), a binary search between its ends. A span is 32 bytes: ten million
 * scattered addresses take 320 MB, and twice that while they are sorted.
 */
#include "targets_internal.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#define MIN_BUCKET_BITS 13
#define MAX_BUCKET_BITS 24

struct dp_targets *dp_targets_new(void)
{
	return calloc(1, sizeof(struct dp_targets));
}

void dp_targets_free(struct dp_targets *targets)
{
	if (targets == NULL)
		return;
	dp_ranges_free(&targets->allow);
	dp_ranges_free(&targets->exclude);
	dp_names_free(&targets->names);
	free((void *)(uintptr_t)targets->spans);
	free((void *)(uintptr_t)targets->buckets);
	free(targets);
}

int dp_targets_add_range(struct dp_targets *targets, enum dp_list list, struct dp_range range)
{
	struct dp_ranges *ranges = list == DP_ALLOW ? &targets->allow : &targets->exclude;
	bool inside = range.first >= DP_V4_FIRST && range.last <= DP_V4_LAST;
	int rc = 0;

	assert(!targets->finished);
	if (inside || range.last < DP_V4_FIRST || range.first > DP_V4_LAST)
		return dp_ranges_push(ranges, range);
	if (range.first < DP_V4_FIRST)
		rc = dp_ranges_push(ranges, (struct dp_range){range.first, DP_V4_FIRST - 1});
	if (rc == 0 && range.last > DP_V4_LAST)
		rc = dp_ranges_push(ranges, (struct dp_range){DP_V4_LAST + 1, range.last});
	return rc;
}

/* Nothing is left: say which exclusion holds the first of the allowed addresses. */
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

/* Merge and subtract; afterwards targets->allow is the set. */
static int apply_lists(struct dp_targets *targets, char err[DP_ERR_LEN])
{
	dp_u128 before, taken, first;

	if (targets->allow.n == 0) {
		snprintf(err, DP_ERR_LEN,
			"no target was given: name addresses, prefixes or a list of them");
		return -ENOENT;
	}
	dp_ranges_normalize(&targets->allow);
	dp_ranges_normalize(&targets->exclude);
	before = dp_ranges_size(&targets->allow);
	first = targets->allow.items[0].first;
	if (dp_ranges_subtract(&targets->allow, &targets->exclude) != 0)
		return -ENOMEM;
	if (targets->allow.n == 0) {
		explain_excluded(targets, first, err);
		return -ENOENT;
	}
	taken = before - dp_ranges_size(&targets->allow);
	targets->n_excluded = taken > UINT64_MAX ? UINT64_MAX : (uint64_t)taken;
	return 0;
}

static int check_size(struct dp_targets *targets, uint32_t n_services, char err[DP_ERR_LEN])
{
	dp_u128 size = dp_ranges_size(&targets->allow);

	if (size > DP_PERM_MAX_N / n_services || targets->allow.n >= UINT32_MAX) {
		snprintf(err, DP_ERR_LEN,
			"too many targets: one scan takes up to 2^63 - 1 pairs of address and "
			"port; IPv6 networks are "
			"scanned by lists of addresses, or by prefixes of /%u and longer",
			128 - (63 - (unsigned int)__builtin_clzll(DP_PERM_MAX_N / n_services)));
		return -EOVERFLOW;
	}
	targets->n_addresses = (uint64_t)size;
	return 0;
}

/* Lay the ranges out for dp_targets_get(). */
static int make_spans(struct dp_targets *targets)
{
	const struct dp_ranges *set = &targets->allow;
	struct dp_span *spans = calloc(set->n + 1, sizeof(*spans));
	uint64_t index = 0;

	if (spans == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < set->n; i++) {
		spans[i] = (struct dp_span){.first = set->items[i].first, .first_index = index};
		index += (uint64_t)(set->items[i].last - set->items[i].first) + 1;
		targets->has_v4 |= dp_number_is_v4(set->items[i].first) ||
				   dp_number_is_v4(set->items[i].last);
		targets->has_v6 |= !dp_number_is_v4(set->items[i].first) ||
				   !dp_number_is_v4(set->items[i].last);
	}
	spans[set->n].first_index = index;
	targets->spans = spans;
	targets->n_spans = (uint32_t)set->n;
	return 0;
}

static int make_buckets(struct dp_targets *targets)
{
	unsigned int bits = MIN_BUCKET_BITS,
		     size_bits = 64 - (unsigned int)__builtin_clzll(targets->n_addresses);
	uint32_t *buckets, n_buckets, span = 0;

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

int dp_targets_finish(
	struct dp_targets *targets, uint32_t n_services, uint64_t seed, char err[DP_ERR_LEN])
{
	int rc;

	assert(!targets->finished && n_services >= 1 && n_services <= UINT16_MAX);
	snprintf(err, DP_ERR_LEN, "memory is short for a target list of this size");
	rc = apply_lists(targets, err);
	if (rc == 0)
		rc = check_size(targets, n_services, err);
	if (rc == 0)
		rc = dp_names_finish(&targets->names, err);
	if (rc == 0)
		rc = make_spans(targets);
	if (rc == 0)
		rc = make_buckets(targets);
	if (rc != 0)
		return rc;
	targets->n_services = dp_divisor_make(n_services);
	dp_perm_init(&targets->perm, targets->n_addresses * n_services, seed);
	targets->finished = true;
	dp_ranges_free(&targets->allow);
	dp_ranges_free(&targets->exclude);
	err[0] = '\0';
	return 0;
}

uint64_t dp_targets_count(const struct dp_targets *targets)
{
	return targets->perm.n;
}

struct dp_index_range dp_targets_shard(
	const struct dp_targets *targets, uint32_t shard, uint32_t n_shards)
{
	uint64_t n = targets->perm.n;
	uint64_t first = (uint64_t)((dp_u128)n * shard / n_shards);
	uint64_t end = (uint64_t)((dp_u128)n * (shard + 1) / n_shards);

	return (struct dp_index_range){.first = first, .n = end - first};
}

uint64_t dp_targets_n_addresses(const struct dp_targets *targets)
{
	return targets->n_addresses;
}

uint64_t dp_targets_n_excluded(const struct dp_targets *targets)
{
	return targets->n_excluded;
}

struct dp_target dp_targets_get(const struct dp_targets *targets, uint64_t index)
{
	uint64_t service;
	uint64_t at = dp_divide(targets->n_services, dp_perm_get(&targets->perm, index), &service);
	const uint32_t *bucket = &targets->buckets[at >> targets->bucket_shift];
	uint32_t low = bucket[0], high = bucket[1];

	while (__builtin_expect(low < high, 0)) {
		uint32_t middle = high - (high - low) / 2;

		if (targets->spans[middle].first_index <= at)
			low = middle;
		else
			high = middle - 1;
	}
	return (struct dp_target){
		.addr = dp_addr_from_number(
			targets->spans[low].first + (at - targets->spans[low].first_index)),
		.service = (uint16_t)service,
	};
}

/* The address index of a number: its span is the last that does not start above it. */
static bool find_address(const struct dp_targets *targets, dp_u128 number, uint64_t *at)
{
	const struct dp_span *spans = targets->spans;
	uint32_t low = 0, high = targets->n_spans;
	dp_u128 off;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (spans[middle].first <= number)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return false;
	off = number - spans[low - 1].first;
	if (off >= spans[low].first_index - spans[low - 1].first_index)
		return false;
	*at = spans[low - 1].first_index + (uint64_t)off;
	return true;
}

bool dp_targets_index(
	const struct dp_targets *targets, const struct dp_target *target, uint64_t *index)
{
	uint64_t at;

	if (target->service >= targets->n_services.by ||
		!find_address(targets, dp_number_from_addr(&target->addr), &at))
		return false;
	*index = dp_perm_inverse(&targets->perm, at * targets->n_services.by + target->service);
	return true;
}

bool dp_targets_contains(const struct dp_targets *targets, const struct ts_addr *addr)
{
	uint64_t at;

	return find_address(targets, dp_number_from_addr(addr), &at);
}

const char *dp_targets_name(const struct dp_targets *targets, const struct ts_addr *addr)
{
	return dp_names_find(&targets->names, dp_number_from_addr(addr));
}

bool dp_targets_has_v4(const struct dp_targets *targets)
{
	return targets->has_v4;
}

bool dp_targets_has_v6(const struct dp_targets *targets)
{
	return targets->has_v6;
}
