/* SPDX-License-Identifier: BSD-3-Clause */
#include "record.h"

const char *dp_outcome_name(enum dp_outcome outcome)
{
	static const char *const names[DP_N_OUTCOME] = {
		[DP_OUTCOME_OPEN] = "open",
		[DP_OUTCOME_CLOSED] = "closed",
		[DP_OUTCOME_UNREACHABLE] = "unreachable",
	};

	return names[outcome];
}
