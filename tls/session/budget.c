/* SPDX-License-Identifier: BSD-3-Clause */
#include "budget.h"

#define UNITS_PER_US 100 /* units of level in a microsecond */
/* A jump of the clock counts as at most a day, so that the products below fit 64 bits. */
#define STEP_MAX_US (86400ull * 1000 * 1000)

void tl_budget_init(struct tl_budget *budget, uint32_t share_percent, uint32_t burst_us)
{
	*budget = (struct tl_budget){
		.level = (int64_t)burst_us * UNITS_PER_US,
		.burst = (int64_t)burst_us * UNITS_PER_US,
		.share_percent = share_percent,
	};
}

void tl_budget_earn(struct tl_budget *budget, uint64_t now_us)
{
	uint64_t passed_us = now_us > budget->last_us ? now_us - budget->last_us : 0;

	if (budget->started) {
		if (passed_us > STEP_MAX_US)
			passed_us = STEP_MAX_US;
		budget->level += (int64_t)(passed_us * budget->share_percent);
		if (budget->level > budget->burst)
			budget->level = budget->burst;
	}
	budget->started = true;
	if (now_us > budget->last_us)
		budget->last_us = now_us;
}

bool tl_budget_allows(const struct tl_budget *budget)
{
	return budget->share_percent >= 100 || (budget->share_percent > 0 && budget->level >= 0);
}

void tl_budget_charge(struct tl_budget *budget, uint64_t us)
{
	budget->level -= (int64_t)(us < STEP_MAX_US ? us : STEP_MAX_US) * UNITS_PER_US;
}
