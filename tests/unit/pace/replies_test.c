/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Replies to what others send, in virtual time. They had the whole rate and went first: whoever
 * pinged us faster than we scanned stopped the scan, and ARP had no limit at all.
 */
#include "dataplane/pace/budget.h"
#include "dataplane/pace/replies.h"

#include "tap.h"

#define US	  1000000.0
#define STEP_US	  1000
#define SECONDS	  40
#define WINDOW_S  10
#define PROBE_LEN 58
#define SMALL	  84 /* bytes on the wire */
#define N_STEPS	  (SECONDS * 1000)

/* One core that has something to probe at any time, and is asked for more than it may answer. */
struct core {
	struct dp_budget budget;
	struct dp_replies replies;
	uint64_t now_us, n_frames, n_bytes;
	uint64_t n_probes, n_taken[DP_N_REPLY];
};

static void core_init(struct core *c, double pps, double bps)
{
	*c = (struct core){0};
	dp_budget_init(&c->budget, pps, bps, PROBE_LEN, (uint64_t)US, 0);
	dp_replies_init(&c->replies, 1, dp_budget_pps(&c->budget, pps, bps),
		bps > 0 ? c->budget.probe_wire_len : 0, 0);
}

static bool ask(struct core *c, enum dp_reply reply, uint32_t wire_len)
{
	if (!dp_replies_take(&c->replies, reply, wire_len, c->now_us))
		return false;
	c->n_taken[reply]++;
	c->n_frames++;
	c->n_bytes += wire_len;
	return true;
}

/* A turn: what is asked for, then probes. */
static void turn(struct core *c, bool flood, uint32_t wire_len)
{
	uint32_t n;

	c->now_us += STEP_US;
	dp_replies_turn(&c->replies, c->n_frames, c->now_us);
	for (int r = 0; flood && r < DP_N_REPLY; r++) {
		while (ask(c, (enum dp_reply)r, wire_len))
			;
	}
	n = dp_budget_probes(&c->budget, c->now_us, c->n_frames - c->replies.n_frames,
		c->n_bytes - c->replies.n_bytes);
	c->n_probes += n;
	c->n_frames += n;
	c->n_bytes += (uint64_t)n * dp_wire_len(PROBE_LEN);
	dp_budget_sent(
		&c->budget, c->n_frames - c->replies.n_frames, c->n_bytes - c->replies.n_bytes);
}

static uint64_t n_replies(const struct core *c)
{
	uint64_t n = 0;

	for (int r = 0; r < DP_N_REPLY; r++)
		n += c->n_taken[r];
	return n;
}

/* All four parts are asked for without end. The burst of a turn holds 32 probes, so that a turn of
 * a millisecond carries no more than 32,000 a second. */
static void test_flood(double pps, double frames_most)
{
	static uint64_t sent[N_STEPS + 1];
	uint64_t most = 0, replies_most;
	struct core c;

	core_init(&c, pps, 0);
	for (uint32_t i = 1; i <= N_STEPS; i++) {
		turn(&c, true, SMALL);
		sent[i] = c.n_frames;
		if (i >= WINDOW_S * 1000 && sent[i] - sent[i - WINDOW_S * 1000] > most)
			most = sent[i] - sent[i - WINDOW_S * 1000];
	}
	tap_ok((double)c.n_probes >= 0.9 * pps * SECONDS - 1,
		"%g a second, a flood: probes keep nine tenths (%.1f %%)", pps,
		100 * (double)c.n_probes / (pps * SECONDS));
	tap_ok((double)most <= frames_most * pps * WINDOW_S + DP_RATE_BURST + 1,
		"no ten seconds hold more than %g of the rate (%.3f)", frames_most,
		(double)most / (pps * WINDOW_S));
	/* Of a twentieth, or five a second, and what four full parts held at the start. */
	replies_most = (uint64_t)(0.05 * (pps < 100 ? 100 : pps) * SECONDS) + 4 * 8 + 4;
	tap_ok(n_replies(&c) <= replies_most && n_replies(&c) + 40 >= replies_most,
		"replies have their twentieth or their floor, all of it (%.0f of %.0f)",
		(double)n_replies(&c), (double)replies_most);
}

static void test_parts(void)
{
	static const uint64_t want[DP_N_REPLY] = {5, 15, 10, 20};
	uint64_t before[DP_N_REPLY];
	bool each = true;
	struct core c;

	core_init(&c, 1000, 0);
	for (int i = 0; i < 1000; i++) {
		c.now_us += STEP_US;
		while (ask(&c, DP_REPLY_ECHO, SMALL))
			;
		while (ask(&c, DP_REPLY_NEIGHBOUR, SMALL))
			;
	}
	tap_ok(ask(&c, DP_REPLY_GATEWAY, SMALL),
		"beside floods of pings and of strangers' ARP the gateway is answered");
	tap_ok(ask(&c, DP_REPLY_TCP, SMALL),
		"a repeated SYN-ACK is answered beside floods of pings and of strangers' ARP");
	for (int i = 0; i < 2000; i++) {
		if (i == 1000)
			memcpy(before, c.n_taken, sizeof(before));
		turn(&c, true, SMALL);
	}
	for (int r = 0; r < DP_N_REPLY; r++) {
		each &= c.n_taken[r] - before[r] + 1 >= want[r] &&
			c.n_taken[r] - before[r] <= want[r] + 1;
	}
	tap_ok(each, "at 1,000 a second the four parts have 5, 15, 10 and 20 a second");
	dp_replies_set(&c.replies, 2000, 0, c.now_us);
	for (int i = 0; i < 1000; i++) {
		if (i == 0)
			memcpy(before, c.n_taken, sizeof(before));
		turn(&c, true, SMALL);
	}
	tap_ok(c.n_taken[DP_REPLY_TCP] - before[DP_REPLY_TCP] >= 39,
		"another rate gives the replies another share");
}

static void test_cores(void)
{
	struct dp_replies replies;
	uint32_t n = 0;

	dp_replies_init(&replies, 4, 0.125, 0, 0);
	for (uint64_t s = 1; s <= 100; s++) {
		while (dp_replies_take(&replies, DP_REPLY_ECHO, SMALL, s * 1000000))
			n++;
	}
	tap_eq(n, 8 + 24, "each of four cores has a quarter of the floor of one ping a second");
}

/* Without a rate: of what was sent in the last second. */
static void test_no_rate(void)
{
	struct core c;
	uint64_t before = 0;

	core_init(&c, 0, 0);
	for (int i = 0; i < 3000; i++) {
		if (i == 2000)
			before = n_replies(&c);
		c.n_frames += 100;
		turn(&c, true, SMALL);
		c.n_frames -= DP_RATE_BURST; /* what the budget allows where none is set */
	}
	tap_ok(n_replies(&c) - before >= 4800 && n_replies(&c) - before <= 5600,
		"no rate, 100,000 frames a second: replies are a twentieth (%.0f)",
		(double)(n_replies(&c) - before));
	before = c.n_frames;
	for (int i = 0; i < 1500; i++) {
		c.now_us += STEP_US;
		dp_replies_turn(&c.replies, before, c.now_us);
	}
	for (int r = 0; r < DP_N_REPLY; r++) {
		while (ask(&c, (enum dp_reply)r, SMALL))
			;
	}
	before = n_replies(&c);
	for (int i = 0; i < 4000; i++) {
		c.now_us += STEP_US;
		for (int r = 0; r < DP_N_REPLY; r++) {
			while (ask(&c, (enum dp_reply)r, SMALL))
				;
		}
	}
	tap_ok(n_replies(&c) - before >= 16 && n_replies(&c) - before <= 20,
		"nothing sent: the floor, five a second (%.0f in four)",
		(double)(n_replies(&c) - before));
}

/* 10 Mbit/s are 14,880 probes a second; pings of 1,538 bytes cost nineteen of them each. */
static void test_bandwidth(void)
{
	struct core c;

	core_init(&c, 0, 10e6);
	for (int i = 0; i < N_STEPS; i++)
		turn(&c, true, 1538);
	tap_ok((double)c.n_bytes * 8 <= 1.05 * 10e6 * SECONDS,
		"a bandwidth: long replies do not pass it");
	tap_ok((double)n_replies(&c) * 1538 * 8 <= 0.055 * 10e6 * SECONDS,
		"replies have a twentieth of the bits (%.4f)",
		(double)n_replies(&c) * 1538 * 8 / (10e6 * SECONDS));
	tap_ok((double)c.n_probes >= 0.9 * 10e6 / 8 / SMALL * SECONDS,
		"probes have nine tenths of the bits");
}

/* The first pings of a scan of a probe in two seconds do not stop it. */
static void test_slow(void)
{
	struct core c;

	core_init(&c, 0.5, 0);
	turn(&c, true, SMALL);
	tap_eq((int64_t)n_replies(&c), 4 * 8, "a slow scan answers what comes at once");
	tap_ok(c.budget.frames.tokens >= -1,
		"a slow scan owes no more than a probe for what it answers");
}

/* Replies that may go uncharged and then find no room: nothing is charged twice for them. */
static void test_no_room(void)
{
	struct dp_budget budget;

	dp_budget_init(&budget, 1000, 0, PROBE_LEN, (uint64_t)US, 0);
	dp_budget_sent(&budget, 10, 840);
	dp_budget_sent(&budget, 9, 756);
	dp_budget_sent(&budget, 11, 924);
	tap_eq(budget.frames.tokens, 1 - 11, "what was to be charged shrinks: it is charged once");
}

int main(void)
{
	test_flood(0.5, 12);
	test_flood(10, 1.5);
	test_flood(34, 1.05);
	test_flood(50, 1.05);
	test_flood(100, 1.05);
	test_flood(1000, 1.05);
	test_flood(20000, 1.05);
	test_parts();
	test_cores();
	test_no_rate();
	test_bandwidth();
	test_slow();
	test_no_room();
	return tap_done();
}
