/* SPDX-License-Identifier: BSD-3-Clause */
/* How much of a network is in the set. */
#include "targets_internal.h"

/* Addresses of the set below a number. */
static uint64_t addresses_below(const struct dp_targets *targets, dp_u128 number)
{
	const struct dp_span *spans = targets->spans;
	uint32_t low = 0, high = targets->n_spans;
	uint64_t n_span;
	dp_u128 off;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (spans[middle].first < number)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return 0;
	n_span = spans[low].first_index - spans[low - 1].first_index;
	off = number - spans[low - 1].first;
	return spans[low - 1].first_index + (off < n_span ? (uint64_t)off : n_span);
}

/* The first pair at or above a number. */
static size_t pair_at(const struct dp_pairs *pairs, dp_u128 number)
{
	size_t low = 0, high = pairs->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (dp_number_from_addr(&pairs->items[middle].addr) < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint64_t dp_targets_count_within(
	const struct dp_targets *targets, const struct ts_addr *first, uint8_t len)
{
	unsigned int host_bits = (ts_addr_is_v4(first) ? 32u : 128u) - len;
	dp_u128 hosts = host_bits == 128 ? DP_U128_MAX : ((dp_u128)1 << host_bits) - 1;
	struct dp_range range = {dp_number_from_addr(first), dp_number_from_addr(first) | hosts};
	uint64_t below = addresses_below(targets, range.first);
	uint64_t until = range.last == DP_U128_MAX ? targets->n_addresses
						   : addresses_below(targets, range.last + 1);
	uint64_t n = (until - below) * targets->n_services.by;

	for (size_t i = pair_at(&targets->pairs, range.first); i < targets->pairs.n; i++) {
		dp_u128 number = dp_number_from_addr(&targets->pairs.items[i].addr);

		if (number > range.last)
			break;
		n += dp_ranges_find(&targets->exclude, number) == NULL;
	}
	return n;
}
