/* SPDX-License-Identifier: BSD-3-Clause */
#include "guard.h"

#define WARM_UP_US 5000000
#define WINDOW_US  5000000

bool sc_guard_look(struct sc_guard *guard, uint64_t now_us, uint64_t n_answers, uint64_t n_targets)
{
	bool low = guard->min_share > 0 && n_targets > 0 &&
		   now_us - guard->start_us >= WARM_UP_US &&
		   (double)n_answers < guard->min_share * (double)n_targets;

	if (!low) {
		guard->low_since_us = 0;
		return false;
	}
	if (guard->low_since_us == 0)
		guard->low_since_us = now_us;
	return now_us - guard->low_since_us >= WINDOW_US;
}
