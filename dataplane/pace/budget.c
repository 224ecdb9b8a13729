/* SPDX-License-Identifier: BSD-3-Clause */
#include "budget.h"

#define BITS 8

void dp_budget_init(struct dp_budget *budget, double pps, double bps, uint32_t probe_len,
	uint64_t tsc_hz, uint64_t now_tsc)
{
	*budget = (struct dp_budget){
		.limited = pps > 0 || bps > 0,
		.probe_wire_len = dp_wire_len(probe_len),
	};
	dp_rate_init(&budget->frames, pps, tsc_hz, now_tsc);
	dp_rate_init_cost(&budget->bytes, bps / BITS, budget->probe_wire_len, tsc_hz, now_tsc);
}

double dp_budget_pps(const struct dp_budget *budget, double pps, double bps)
{
	double by_bytes = bps / BITS / budget->probe_wire_len;

	if (pps <= 0 || bps <= 0)
		return pps > 0 ? pps : by_bytes;
	return pps < by_bytes ? pps : by_bytes;
}

void dp_budget_set(struct dp_budget *budget, double pps, double bps, uint64_t now_tsc)
{
	budget->limited = pps > 0 || bps > 0;
	dp_rate_set(&budget->frames, pps, now_tsc);
	dp_rate_set(&budget->bytes, bps / BITS, now_tsc);
}

/* The total can fall by one: a reply that was not to be charged may have found no room to be sent.
 * The next frame makes up for it. */
static void charge_up_to(struct dp_rate *rate, uint64_t *n_charged, uint64_t n)
{
	if (n <= *n_charged)
		return;
	dp_rate_charge(rate, n - *n_charged);
	*n_charged = n;
}

void dp_budget_sent(struct dp_budget *budget, uint64_t n_frames, uint64_t n_bytes)
{
	charge_up_to(&budget->frames, &budget->n_frames, n_frames);
	charge_up_to(&budget->bytes, &budget->n_bytes, n_bytes);
}

uint32_t dp_budget_probes(
	struct dp_budget *budget, uint64_t now_tsc, uint64_t n_frames, uint64_t n_bytes)
{
	uint32_t by_frames, by_bytes;

	/* Earn before charging. In the other order a full bucket would earn back the charge. */
	dp_rate_look(&budget->frames, now_tsc);
	dp_rate_look(&budget->bytes, now_tsc);
	dp_budget_sent(budget, n_frames, n_bytes);
	by_frames = dp_rate_look(&budget->frames, now_tsc);
	by_bytes = dp_rate_look(&budget->bytes, now_tsc) / budget->probe_wire_len;
	return by_frames < by_bytes ? by_frames : by_bytes;
}

void dp_budget_rest(struct dp_budget *budget, uint64_t now_tsc, uint64_t n_frames, uint64_t n_bytes)
{
	dp_rate_rest(&budget->frames, now_tsc);
	dp_rate_rest(&budget->bytes, now_tsc);
	dp_budget_sent(budget, n_frames, n_bytes);
}

uint64_t dp_budget_lost(const struct dp_budget *budget)
{
	uint64_t by_frames = budget->frames.n_lost;
	uint64_t by_bytes = budget->bytes.n_lost / budget->probe_wire_len;

	/* If there are two limits, the stricter one is in force. It is the one that loses less. */
	if (budget->frames.limited && budget->bytes.limited)
		return by_frames < by_bytes ? by_frames : by_bytes;
	return budget->frames.limited ? by_frames : by_bytes;
}

uint64_t dp_budget_forgiven(const struct dp_budget *budget)
{
	uint64_t by_frames = budget->frames.n_forgiven;
	uint64_t by_bytes = budget->bytes.n_forgiven / budget->probe_wire_len;

	return by_frames > by_bytes ? by_frames : by_bytes;
}
