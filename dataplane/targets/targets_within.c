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

/* Pairs of lists that are to be scanned, below a number. */
static uint64_t pairs_below(const struct dp_targets *targets, dp_u128 number)
{
	uint64_t low = 0, high = targets->n_live_pairs;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (dp_number_from_addr(&targets->live_pairs[middle].addr) < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint64_t below(const struct dp_targets *targets, dp_u128 number)
{
	return addresses_below(targets, number) * targets->n_services.by +
	       pairs_below(targets, number);
}

uint64_t dp_targets_count_within(
	const struct dp_targets *targets, const struct ts_addr *first, uint8_t len)
{
	unsigned int host_bits = (ts_addr_is_v4(first) ? 32u : 128u) - len;
	dp_u128 hosts = host_bits == 128 ? DP_U128_MAX : ((dp_u128)1 << host_bits) - 1;
	dp_u128 low = dp_number_from_addr(first), high = low | hosts;
	uint64_t until = high == DP_U128_MAX ? dp_targets_count(targets) : below(targets, high + 1);

	return until - below(targets, low);
}
