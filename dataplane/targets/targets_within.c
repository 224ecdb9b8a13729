/* SPDX-License-Identifier: BSD-3-Clause */
/* How much of a network is in the set. */
#include "search.h"
#include "targets_internal.h"

/* Addresses of the set below a number. */
static uint64_t addresses_below(const struct dp_targets *targets, dp_u128 number)
{
	const struct dp_span *spans = targets->spans;
	size_t next = dp_search_number(
		spans, targets->n_spans, sizeof(*spans), offsetof(struct dp_span, first), number);
	uint64_t n_span;
	dp_u128 off;

	if (next == 0)
		return 0;
	n_span = spans[next].first_index - spans[next - 1].first_index;
	off = number - spans[next - 1].first;
	return spans[next - 1].first_index + (off < n_span ? (uint64_t)off : n_span);
}

/* Live pairs of lists whose address is below a number. */
static uint64_t pairs_below(const struct dp_targets *targets, dp_u128 number)
{
	struct ts_addr addr = dp_addr_from_number(number);

	return targets->n_live_pairs == 0 ? 0 : dp_pairs_from(targets, &addr, 0);
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
