/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Shares with their uncertainty: what a scan's samples say about what it did not see. Pure; any
 * thread.
 *
 * Intervals are Wilson's (1927), 95 %. Unlike the textbook's normal interval, they hold for small
 * samples and for shares near 0 and 1, and losses and noise are near 0.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* With fewer than this a share's interval may be wider than 0.2: the user is told how to get
 * more. */
#define SU_ESTIMATE_ENOUGH 100

struct su_estimate_share {
	uint64_t k, n;		 /* k of n */
	double share, low, high; /* 0 to 1; if n is 0, share is NaN, low 0 and high 1 */
};

/**
 * The share k / n with its interval.
 * @param k  in: how many of the sample; more than n counts as n
 * @param n  in: the size of the sample, may be 0
 */
struct su_estimate_share su_estimate_share_of(uint64_t k, uint64_t n);

/** The complement of a share: (n - k) / n with its interval. */
struct su_estimate_share su_estimate_complement(struct su_estimate_share share);

/** Is the sample large enough to be shown to the user? */
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
 * @param n_first   in: how many answered the scan's own probes
 * @param n_second  in: how many answered the second probe
 * @param n_both    in: how many answered both
 */
struct su_estimate_loss su_estimate_loss_of(uint64_t n_first, uint64_t n_second, uint64_t n_both);

#define SU_ESTIMATE_TEXT_LEN 64

/**
 * Write "1.9 % (1.5-2.4 %)", with as many digits as the interval's width justifies; "unknown" if n
 * is 0.
 * @param share  in: what is written
 * @param text   out: NUL-terminated
 */
void su_estimate_print(struct su_estimate_share share, char text[SU_ESTIMATE_TEXT_LEN]);
