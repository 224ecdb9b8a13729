/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Shares with their uncertainty: what a scan's samples say about what it did not see. Pure.
 *
 * Intervals are Wilson's (1927), 95 %: unlike the textbook one they hold for small samples and for
 * shares near 0 and 1, which is where losses and noise live.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Below this many a share's interval may be wider than 0.2: whoever shows it says how to get
 * more. */
#define SU_ESTIMATE_ENOUGH 100

struct su_estimate_share {
	uint64_t k, n;		 /* k of n */
	double share, low, high; /* n 0: share is NaN, and the interval all there is, 0..1 */
};

/** The share k / n with its interval. @param k in: more than n counts as n */
struct su_estimate_share su_estimate_share_of(uint64_t k, uint64_t n);

/** The share that is not: (n - k) / n. */
struct su_estimate_share su_estimate_complement(struct su_estimate_share share);

/** Is the sample large enough to speak of it? */
static inline bool su_estimate_is_enough(struct su_estimate_share share)
{
	return share.n >= SU_ESTIMATE_ENOUGH;
}

/* What a sample of targets that is probed a second time says about loss. */
struct su_estimate_loss {
	/* Of the targets that answered the second probe, those that had not answered the scan's
	 * own: the share of responsive targets that the scan as run has missed. */
	struct su_estimate_share missed;
	/* Of those that answered the scan's own probes, the share that did not answer the second:
	 * what a single probe misses. */
	struct su_estimate_share single;
};

/**
 * Capture and recapture (Lincoln, Petersen) on the sampled targets.
 * @param n_first, n_second, n_both  in: how many answered the scan's own probes, the second one,
 * both
 */
struct su_estimate_loss su_estimate_loss_of(uint64_t n_first, uint64_t n_second, uint64_t n_both);

#define SU_ESTIMATE_TEXT_LEN 64

/**
 * Write "1.9 % (1.5-2.4 %)": as many digits as the interval's width deserves.
 * @param text  out
 */
void su_estimate_print(struct su_estimate_share share, char text[SU_ESTIMATE_TEXT_LEN]);
