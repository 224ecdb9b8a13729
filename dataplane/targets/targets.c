/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From an index to an address in three steps, none of which searches in the usual case:
 *
 *     index ──perm──► pair ──÷ services──► address index ──bucket──► span ──► address
 *
 * The spans are the normal ranges of the set, each with the count of addresses before it. Address
 * indices are cut into equal buckets. A bucket is a power of two wide, there are at least twice as
 * many buckets as spans, and a table names the span at the start of each bucket.
 *
 * All of IPv4 without the default exclusions has about twenty spans and 7,062 buckets (28 kB). All
 * but one address in 400 are in a bucket that lies inside one span, so the branch that searches is
 * nearly always predicted. A million scattered addresses have a bucket each. If many spans share a
 * bucket, as with a list of single addresses next to a /1, a binary search finds the span. A span
 * is 32 bytes and takes the place of its range: ten million scattered addresses take 320 MB, and
 * 64 MB of buckets.
 */
#include "search.h"
#include "targets_internal.h"

#include <errno.h>
#include <stdlib.h>

/* Values that dp_targets_get_many() computes before it looks up their pairs. */
#define MANY 64
/* Spans and pairs beyond which they and their buckets do not fit a core's caches. */
#define FAR_SPANS 16384

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
	dp_ranges_free(&targets->taken);
	dp_names_free(&targets->names);
	free((void *)(uintptr_t)targets->spans);
	free((void *)(uintptr_t)targets->buckets);
	free((void *)(uintptr_t)targets->live_pairs);
	free(targets->pairs.items);
	free(targets->ports);
	free(targets);
}

int dp_targets_set_ports(struct dp_targets *targets, const uint16_t *ports, uint32_t n)
{
	uint16_t *copy = calloc(n + 1, sizeof(*copy));

	if (copy == NULL)
		return -ENOMEM;
	memcpy(copy, ports, n * sizeof(*copy));
	free(targets->ports);
	targets->ports = copy;
	targets->n_ports = n;
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
	return targets->n_addresses + targets->n_pair_addresses;
}

uint32_t dp_targets_n_services(const struct dp_targets *targets)
{
	return targets->n_ports;
}

uint16_t dp_targets_port(const struct dp_targets *targets, uint32_t service)
{
	return targets->ports == NULL ? 0 : targets->ports[service];
}

uint64_t dp_targets_n_excluded(const struct dp_targets *targets)
{
	return targets->n_excluded;
}

const struct dp_ranges *dp_targets_excluded(const struct dp_targets *targets)
{
	return &targets->exclude;
}

struct wanted {
	const struct dp_span *spans;
	uint64_t at;
};

static inline bool span_is_behind(const void *to, size_t i)
{
	const struct wanted *wanted = to;

	return wanted->spans[i].first_index > wanted->at;
}

/* The span from low to high that holds an address index. */
static uint32_t span_between(
	const struct dp_targets *targets, uint32_t low, uint32_t high, uint64_t at)
{
	const struct wanted wanted = {targets->spans, at};

	return (uint32_t)dp_search_first(low + 1, high + 1, span_is_behind, &wanted) - 1;
}

/* The pair that a value of the permutation stands for. */
static inline struct dp_target pair_of(const struct dp_targets *targets, uint64_t value)
{
	uint64_t at = value, service = 0;
	const struct dp_span *span;
	const uint32_t *bucket;
	uint32_t low, high;

	if (__builtin_expect(value >= targets->n_product, 0))
		return targets->live_pairs[value - targets->n_product];
	if (targets->n_services.by > 1)
		at = dp_divide(targets->n_services, value, &service);
	bucket = &targets->buckets[at >> targets->bucket_shift];
	low = bucket[0];
	high = bucket[1];
	if (__builtin_expect(low < high, 0))
		low = span_between(targets, low, high, at);
	span = &targets->spans[low];
	return (struct dp_target){
		.addr = dp_addr_from_number(span->first + (at - span->first_index)),
		.service = (uint16_t)service,
	};
}

struct dp_target dp_targets_get(const struct dp_targets *targets, uint64_t index)
{
	return pair_of(targets, dp_perm_get(&targets->perm, index));
}

/* Load what pair_of() will read for n values: first all buckets, then all spans. The loads of each
 * step are independent, so they wait for memory together. */
static void load_far(const struct dp_targets *targets, const uint64_t *values, size_t n)
{
	const uint32_t *buckets[MANY];
	uint64_t service;

	for (size_t i = 0; i < n; i++) {
		uint64_t at = values[i] < targets->n_product
				      ? dp_divide(targets->n_services, values[i], &service)
				      : 0;

		buckets[i] = &targets->buckets[at >> targets->bucket_shift];
		__builtin_prefetch(buckets[i]);
	}
	for (size_t i = 0; i < n; i++) {
		if (values[i] < targets->n_product)
			__builtin_prefetch(&targets->spans[*buckets[i]]);
		else
			__builtin_prefetch(&targets->live_pairs[values[i] - targets->n_product]);
	}
}

void dp_targets_get_many(const struct dp_targets *targets, uint64_t first, uint64_t stride,
	size_t n, struct dp_target *out)
{
	bool far = targets->n_spans + targets->n_live_pairs > FAR_SPANS;
	uint64_t values[MANY];

	for (size_t done = 0; done < n; done += MANY) {
		size_t n_now = n - done < MANY ? n - done : MANY;

		dp_perm_get_many(&targets->perm, first + done * stride, stride, n_now, values);
		if (far)
			load_far(targets, values, n_now);
		for (size_t i = 0; i < n_now; i++)
			out[done + i] = pair_of(targets, values[i]);
	}
}

bool dp_targets_index(
	const struct dp_targets *targets, const struct dp_target *target, uint64_t *index)
{
	uint64_t at;

	if (target->service < targets->n_product_ports &&
		dp_spans_find(targets, dp_number_from_addr(&target->addr), &at))
		at = at * targets->n_services.by + target->service;
	else if (dp_pairs_find(targets, target, &at))
		at += targets->n_product;
	else
		return false;
	*index = dp_perm_inverse(&targets->perm, at);
	return true;
}

bool dp_targets_represents(const struct dp_targets *targets, const struct dp_target *target)
{
	uint64_t at;

	/* It does not matter which pair of an address it is: the order of the indices mixes
	 * them. */
	if (dp_spans_find(targets, dp_number_from_addr(&target->addr), &at))
		return target->service == 0;
	return dp_pairs_find(targets, target, &at) &&
	       (at == 0 || !ts_addr_equal(&targets->live_pairs[at - 1].addr, &target->addr));
}

bool dp_targets_contains(const struct dp_targets *targets, const struct ts_addr *addr)
{
	uint64_t at;

	return dp_spans_find(targets, dp_number_from_addr(addr), &at) ||
	       dp_pairs_have(targets, addr);
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

size_t dp_targets_memory(const struct dp_targets *t)
{
	size_t n_ranges = t->allow.cap + t->exclude.cap + t->taken.cap;
	size_t n_buckets = t->buckets == NULL ? 0 : (t->n_addresses >> t->bucket_shift) + 2;

	return sizeof(*t) + n_ranges * sizeof(struct dp_range) + t->n_spans * sizeof(*t->spans) +
	       n_buckets * sizeof(*t->buckets) + t->names.cap * sizeof(*t->names.items) +
	       t->names.pool_cap + t->pairs.cap * sizeof(*t->pairs.items) +
	       t->n_live_pairs * sizeof(*t->live_pairs) + t->n_ports * sizeof(*t->ports);
}
