/* SPDX-License-Identifier: BSD-3-Clause */
#include "rto.h"

static uint32_t rtt_clamp(uint64_t us, uint32_t low, uint32_t high)
{
	if (us < low)
		return low;
	return us > high ? high : (uint32_t)us;
}

void ts_rtt_sample(struct ts_rtt *rtt, uint32_t sample_us, const struct ts_rtt_limits *limits)
{
	uint64_t r = rtt_clamp(sample_us, 1, limits->max_us);
	uint64_t spread;

	if (rtt->srtt_us == 0) {
		rtt->srtt_us = (uint32_t)r;
		rtt->rttvar_us = (uint32_t)(r / 2);
	} else {
		uint64_t srtt = rtt->srtt_us;
		uint64_t err = srtt > r ? srtt - r : r - srtt;

		/* alpha = 1/8, beta = 1/4; the variance first, from the old mean. */
		rtt->rttvar_us = (uint32_t)((3 * (uint64_t)rtt->rttvar_us + err) / 4);
		rtt->srtt_us = (uint32_t)((7 * srtt + r) / 8);
		if (rtt->srtt_us == 0)
			rtt->srtt_us = 1;
	}
	spread = 4 * (uint64_t)rtt->rttvar_us;
	if (spread < limits->granularity_us)
		spread = limits->granularity_us;
	rtt->rto_us = rtt_clamp(rtt->srtt_us + spread, limits->min_us, limits->max_us);
}

void ts_rtt_back_off(struct ts_rtt *rtt, const struct ts_rtt_limits *limits)
{
	rtt->rto_us = rtt_clamp(2 * (uint64_t)rtt->rto_us, limits->min_us, limits->max_us);
}
