/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which answers about neighbours are believed. Every ARP reply that came used to be: one forged
 * reply a second for the gateway's address lost five targets in six.
 */
#include <stdlib.h>

#include "dataplane/core/asked.h"
#include "tap.h"

#define SECOND 1000000

static const uint8_t first_mac[6] = {2, 0, 0, 0, 0, 1}, other_mac[6] = {2, 0, 0, 0, 0, 2};

static struct dp_asked *asked_new(uint32_t n_poll)
{
	struct ts_cookie_key key = {.k0 = 1, .k1 = 2};
	struct dp_asked *asked = calloc(1, dp_asked_size(n_poll));

	dp_asked_init(asked, n_poll, &key);
	return asked;
}

static void test_unknown(void)
{
	struct dp_asked *asked = asked_new(1);
	struct ts_addr host = ts_addr_from_v4(1), never = ts_addr_from_v4(2);
	uint64_t now = 100 * (uint64_t)SECOND;

	tap_eq(dp_asked_answer(asked, &host, first_mac, NULL, now), DP_REPLY_UNASKED,
		"an answer before the question is not taken");
	dp_asked_note(asked, &host, now);
	tap_eq(dp_asked_answer(asked, &never, first_mac, NULL, now), DP_REPLY_UNASKED,
		"an answer for an address that nobody asked for is not taken");
	tap_eq(dp_asked_answer(asked, &host, first_mac, NULL, now + SECOND), DP_REPLY_TAKEN,
		"the first answer to a question is taken");
	tap_eq(dp_asked_answer(asked, &host, first_mac, NULL, now + SECOND), DP_REPLY_REPEATED,
		"the same answer again says nothing new");
	tap_eq(dp_asked_answer(asked, &host, other_mac, NULL, now + SECOND), DP_REPLY_CLAIM,
		"an answer from elsewhere is a second claimant");
	tap_eq(dp_asked_answer(asked, &host, first_mac, NULL, now + 4 * SECOND), DP_REPLY_UNASKED,
		"after some seconds the question is closed");
	dp_asked_note(asked, &host, now + 5 * SECOND);
	tap_eq(dp_asked_answer(asked, &host, other_mac, NULL, now + 5 * SECOND), DP_REPLY_TAKEN,
		"a new question has a new first answer");
	free(asked);
}

/* The liar is loud and quick: his answers must not use up the question that the true one is for. */
static void test_known(void)
{
	struct dp_asked *asked = asked_new(1);
	struct ts_addr host = ts_addr_from_v4(1);
	uint32_t n_told = 0, n_more = 0;

	dp_asked_note(asked, &host, SECOND);
	for (uint32_t i = 0; i < 1000; i++) {
		enum dp_asked_reply reply = dp_asked_answer(
			asked, &host, other_mac, first_mac, SECOND);

		n_told += reply == DP_REPLY_CLAIM;
		n_more += reply == DP_REPLY_CLAIM_MORE;
	}
	tap_eq(n_told + n_more, 1000,
		"a thousand answers from elsewhere for a known neighbour are claims");
	tap_ok(n_told > 0 && n_told < 10,
		"a few of the claims for a known neighbour are passed on");
	tap_eq(dp_asked_answer(asked, &host, first_mac, first_mac, SECOND), DP_REPLY_TAKEN,
		"a known neighbour's own answer behind a thousand claims is taken");
	free(asked);
}

static void test_lately(void)
{
	struct dp_asked *asked = asked_new(1);
	struct ts_addr host = ts_addr_from_v4(1);
	uint64_t two_hours_us = UINT64_C(2) * 3600 * SECOND;

	tap_ok(!dp_asked_lately(asked, &host, SECOND),
		"without a question nobody was asked lately");
	dp_asked_note(asked, &host, SECOND);
	tap_ok(dp_asked_lately(asked, &host, SECOND + SECOND / 2),
		"who was asked half a second ago was asked lately");
	tap_ok(!dp_asked_lately(asked, &host, 3 * SECOND),
		"who was asked two seconds ago was not asked lately");
	tap_eq(dp_asked_answer(asked, &host, first_mac, NULL, SECOND + two_hours_us),
		DP_REPLY_UNASKED, "a question of two hours ago does not count as asked lately");
	free(asked);
}

/* As many questions as the prober can have open, and a flood of answers to none of them. */
static void test_crowd(uint32_t n_poll)
{
	struct dp_asked *asked = asked_new(n_poll);
	uint32_t n = n_poll * (DP_ASKED_PER_CORE / 2), n_lost = 0, n_forged = 0;

	for (uint32_t i = 0; i < n; i++) {
		struct ts_addr host = ts_addr_from_v4(i);

		dp_asked_note(asked, &host, SECOND);
	}
	for (uint32_t i = 0; i < 1000000; i++) {
		struct ts_addr host = ts_addr_from_v4(0x80000000 + i);

		n_forged += dp_asked_answer(asked, &host, other_mac, NULL, SECOND) !=
			    DP_REPLY_UNASKED;
	}
	for (uint32_t i = 0; i < n; i++) {
		struct ts_addr host = ts_addr_from_v4(i);

		n_lost += dp_asked_answer(asked, &host, first_mac, NULL, SECOND) != DP_REPLY_TAKEN;
	}
	tap_ok(n_forged == 0, "%u cores: none of a million answers to no question is taken",
		n_poll);
	tap_ok(n_lost < n / 16, "%u cores: of %u open questions %u are forgotten for want of room",
		n_poll, n, n_lost);
	free(asked);
}

int main(void)
{
	test_unknown();
	test_known();
	test_lately();
	test_crowd(1);
	test_crowd(3);
	return tap_done();
}
