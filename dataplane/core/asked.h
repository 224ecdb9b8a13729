/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Our open questions: the ARP and ND requests of the last three seconds.
 *
 * Any poll core may ask, and any may receive the answer, so they share one table. A slot holds a
 * keyed hash of the address, the time of the question and what has been answered. Without the key
 * nobody can aim at a slot, and an answer to no question of ours matches a slot once in 2^30. If a
 * bucket is full, the oldest question in it is forgotten. Its answer is not taken then, and the
 * prober asks again.
 *
 *     slot:  hash 32 │ asked 16 │ who answered first 12 │ claims passed on 3 │ answered 1
 *
 * All poll cores write and read the slots. They are relaxed atomics, because no slot says anything
 * about other memory. A lost update costs one question.
 */
#pragma once

#include <stdatomic.h>
#include <stddef.h>

#include "tcpstack/cookie/cookie.h"

/* An answer that takes longer than this is not believed. */
#define DP_ASKED_WINDOW_US 3000000
/* All cores together ask a known neighbour again no sooner than about this. */
#define DP_ASKED_GAP_US 1000000
/* Questions a poll core may have open: twice the size of its queue of probes that wait for one. */
#define DP_ASKED_PER_CORE 16384
#define DP_ASKED_WAYS	  4

struct dp_asked {
	struct ts_cookie_key key;
	uint32_t n_buckets; /* a power of two */
	_Atomic uint64_t slots[];
};

/* What an answer is. */
enum dp_asked_reply {
	DP_REPLY_UNASKED,    /* the answer to no question, or too late */
	DP_REPLY_TAKEN,	     /* the first answer; of a known neighbour, with the known address */
	DP_REPLY_REPEATED,   /* the same again */
	DP_REPLY_CLAIM,	     /* another link-layer address: control is told */
	DP_REPLY_CLAIM_MORE, /* the same, after enough claims to this question have been told */
};

/**
 * Size of a table. Any thread.
 * @param n_poll  in: poll cores, above 0
 * @return bytes
 */
size_t dp_asked_size(uint32_t n_poll);

/**
 * Prepare a table. Main thread, before the lcores start.
 * @param asked   out: zeroed memory of dp_asked_size() bytes
 * @param n_poll  in: as for dp_asked_size()
 * @param key     in: secret, of this scan; copied
 */
void dp_asked_init(struct dp_asked *asked, uint32_t n_poll, const struct ts_cookie_key *key);

/**
 * Note a question that leaves now. What has been answered before does not count for it. Poll cores.
 * @param asked   in/out
 * @param addr    in: the address in question
 * @param now_us  in: time
 */
void dp_asked_note(struct dp_asked *asked, const struct ts_addr *addr, uint64_t now_us);

/**
 * Was a question asked less than about DP_ASKED_GAP_US ago? Poll cores.
 * @param asked   in
 * @param addr    in: the address in question
 * @param now_us  in: time
 * @return true if it was; false also if it has been forgotten
 */
bool dp_asked_lately(const struct dp_asked *asked, const struct ts_addr *addr, uint64_t now_us);

/**
 * Judge an answer, and note it with its question. Poll cores.
 * @param asked   in/out
 * @param addr    in: the address that it is about
 * @param mac     in: the link-layer address that it gives
 * @param known   in: the link-layer address that we have of it, 6 bytes; NULL: none
 * @param now_us  in: time
 * @return what the answer is
 */
enum dp_asked_reply dp_asked_answer(struct dp_asked *asked, const struct ts_addr *addr,
	const uint8_t mac[6], const uint8_t *known, uint64_t now_us);
