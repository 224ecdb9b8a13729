/* SPDX-License-Identifier: BSD-3-Clause */
/* Looking an address up in the spans of a set. */
#include "search.h"
#include "targets_internal.h"

bool dp_spans_find(const struct dp_targets *targets, dp_u128 number, uint64_t *at)
{
	const struct dp_span *spans = targets->spans;
	size_t next = dp_search_number(
		spans, targets->n_spans, sizeof(*spans), offsetof(struct dp_span, first), number);
	dp_u128 off;

	/* The span of a number is the last that does not start above it. */
	if (next < targets->n_spans && spans[next].first == number)
		next++;
	if (next == 0)
		return false;
	off = number - spans[next - 1].first;
	if (off >= spans[next].first_index - spans[next - 1].first_index)
		return false;
	*at = spans[next - 1].first_index + (uint64_t)off;
	return true;
}
