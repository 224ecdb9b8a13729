/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A share of a thread's time for work that hostile peers can ask for: a token bucket of
 * microseconds.
 *
 *     time passes ──► + share % of it, up to the burst
 *     work is done ─► - what it took        level below 0: in debt, nothing is allowed
 *
 * What a piece of work will cost is not known before, so one is allowed while there is no debt and
 * paid for afterwards. Over any long time the work takes at most its share, and the burst lets a
 * handful of pieces through at once. Pure: time is handed in.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct tl_budget {
	uint64_t last_us; /* the latest time heard of */
	int64_t level;	  /* hundredths of a microsecond, so that a percentage needs no division */
	int64_t burst;	  /* likewise: the highest level */
	uint32_t share_percent;
	bool started;
};

/**
 * A full bucket.
 * @param share_percent  in: 0 to 100; 0 allows nothing, 100 everything
 * @param burst_us       in: work that may be done at once before the share counts
 */
void tl_budget_init(struct tl_budget *budget, uint32_t share_percent, uint32_t burst_us);

/** Time has passed. @param now_us  in: monotonic; the first call only sets the clock */
void tl_budget_earn(struct tl_budget *budget, uint64_t now_us);

/** May a piece of work be begun? */
bool tl_budget_allows(const struct tl_budget *budget);

/** Pay for work done. @param us  in: what it took */
void tl_budget_charge(struct tl_budget *budget, uint64_t us);
