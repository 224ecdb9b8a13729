/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A share of a thread's time for work that hostile peers can ask for: a token bucket of
 * microseconds.
 *
 *     time passes ──► + share % of it, up to the burst
 *     work is done ─► - what it took        level below 0: an overdraft, nothing is allowed
 *
 * The cost of a piece of work is not known before. So work is allowed while there is no overdraft,
 * and is charged afterwards. Over any long time the work takes at most its share; the burst allows
 * a few pieces at once. Pure: the time is an argument.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct tl_budget {
	uint64_t last_us; /* the latest time given */
	int64_t level;	  /* hundredths of a microsecond, so that a percentage needs no division */
	int64_t burst;	  /* likewise: the highest level */
	uint32_t share_percent;
	bool started;
};

/**
 * Start with a full bucket.
 * @param budget         out: the bucket
 * @param share_percent  in: 0 to 100; 0 allows nothing, 100 everything
 * @param burst_us       in: work that may be done at once before the share counts
 */
void tl_budget_init(struct tl_budget *budget, uint32_t share_percent, uint32_t burst_us);

/** Time has passed. @param budget  in/out: the bucket. @param now_us  in: monotonic; the first call
 * only sets the clock */
void tl_budget_earn(struct tl_budget *budget, uint64_t now_us);

/** May a piece of work be begun? */
bool tl_budget_allows(const struct tl_budget *budget);

/** Charge work that was done. @param budget  in/out: the bucket. @param us  in: the time it took */
void tl_budget_charge(struct tl_budget *budget, uint64_t us);
