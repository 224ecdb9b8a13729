/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Our open questions: whose link-layer address we have asked for a moment ago.
 *
 * Any poll core may ask, and any may receive the answer, so they share one table. It is a filter:
 * a slot holds a keyed hash of the address, when it was asked for and what has been answered. Who
 * does not know the key cannot aim at a slot, and an answer to no question of ours finds one once
 * in 2^30. Where a bucket is full the oldest question in it is forgotten; its answer is not taken,
 * and the prober asks again.
 *
 *     slot:  hash 32 │ asked 16 │ who answered first 12 │ claims passed on 3 │ answered 1
 *
 * Slots are relaxed atomics that stand for themselves: written and read by all poll cores, a lost
 * update costs one question.
 */
#pragma once

#include <stdatomic.h>
#include <stddef.h>

#include "tcpstack/cookie/cookie.h"

/* How long an answer may take. */
#define DP_ASKED_WINDOW_US 3000000
/* No neighbour is asked for more often by all cores together, but for what the prober waits for. */
#define DP_ASKED_GAP_US 1000000
/* Questions a poll core may have open: twice what its row of waiting probes holds. */
#define DP_ASKED_PER_CORE 16384
#define DP_ASKED_WAYS	  4

struct dp_asked {
	struct ts_cookie_key key;
	uint32_t n_buckets; /* a power of two */
	_Atomic uint64_t slots[];
};

/* What becomes of an answer. */
enum dp_asked_reply {
	DP_REPLY_UNASKED, /* to no question, or too late */
	DP_REPLY_TAKEN,	  /* the first one; of a known neighbour, the first from where we know it */
	DP_REPLY_REPEATED,   /* the same again */
	DP_REPLY_CLAIM,	     /* from another link-layer address; to be told */
	DP_REPLY_CLAIM_MORE, /* the same, of which enough have been told */
};

/** Bytes for so many poll cores. */
size_t dp_asked_size(uint32_t n_poll);

/** Prepare zeroed memory of that size. @param key in: secret, of this scan; copied */
void dp_asked_init(struct dp_asked *asked, uint32_t n_poll, const struct ts_cookie_key *key);

/** A question leaves now: its answers of before do not count any more. Poll cores. */
void dp_asked_note(struct dp_asked *asked, const struct ts_addr *addr, uint64_t now_us);

/** Did a question for it leave less than DP_ASKED_GAP_US ago? Poll cores. */
bool dp_asked_lately(const struct dp_asked *asked, const struct ts_addr *addr, uint64_t now_us);

/**
 * Judge an answer.
 * @param mac    in: the link-layer address it tells
 * @param known  in: the one that we have, NULL: none
 * Poll cores.
 */
enum dp_asked_reply dp_asked_answer(struct dp_asked *asked, const struct ts_addr *addr,
	const uint8_t mac[6], const uint8_t *known, uint64_t now_us);
