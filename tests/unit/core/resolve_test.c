/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What becomes of a gateway, in virtual time: it is kept whatever others claim, polled when nothing
 * comes from behind it, given up when it is silent, and followed when it has moved.
 */
#include "dataplane/core/resolve.h"
#include "tap.h"

#define MS	1000
#define SECOND	1000000
#define LOOK_US (5 * MS)

static const uint8_t old_mac[6] = {2, 0, 0, 0, 0, 1}, new_mac[6] = {2, 0, 0, 0, 0, 2};

struct world {
	struct dp_resolve resolve;
	struct ts_addr gateway;
	uint64_t now_us, n_heard[2];
	uint32_t n_heard_a_look; /* answers from behind it, each time control looks */
};

static void begin(struct world *w)
{
	struct dp_route route = {.has_gateway_v4 = true};

	ts_addr_parse("192.0.2.1", &route.gateway_v4);
	*w = (struct world){.gateway = route.gateway_v4, .now_us = SECOND};
	dp_resolve_init(&w->resolve, &route);
}

static enum dp_gateway_state state(const struct world *w)
{
	return w->resolve.gateway[0].state;
}

static bool answer(struct world *w, const uint8_t mac[6])
{
	struct dp_neigh_entry put;

	w->resolve.n_events = 0;
	return dp_resolve_answer(&w->resolve, NULL, &w->gateway, mac, w->now_us, &put) &&
	       put.gateway && memcmp(put.mac, mac, 6) == 0;
}

/* Let time pass until the gateway is in a state. @return how long that took, at most limit_us */
static uint64_t until(struct world *w, enum dp_gateway_state wanted, uint64_t limit_us)
{
	uint64_t start_us = w->now_us;

	while (state(w) != wanted && w->now_us - start_us < limit_us) {
		w->now_us += LOOK_US;
		w->n_heard[0] += w->n_heard_a_look;
		w->resolve.n_events = 0;
		dp_resolve_look(&w->resolve, w->n_heard, w->now_us);
	}
	return w->now_us - start_us;
}

static bool told(const struct world *w, enum dp_resolve_kind kind)
{
	return w->resolve.n_events == 1 && w->resolve.events[0].kind == kind;
}

static void test_start(void)
{
	struct world w;

	begin(&w);
	until(&w, DP_GATEWAY_POLL, 60 * SECOND);
	tap_eq(state(&w), DP_GATEWAY_UNKNOWN, "a gateway that nobody has asked for is left alone");
	tap_ok(answer(&w, old_mac) && state(&w) == DP_GATEWAY_REST,
		"the first answer of a gateway is taken");
	tap_ok(!answer(&w, new_mac) && told(&w, DP_RESOLVE_CLAIM),
		"a second claimant of a gateway is told, and changes nothing");
	tap_ok(memcmp(w.resolve.gateway[0].mac, old_mac, 6) == 0,
		"the first answer of a gateway is kept beside a second claimant");
}

static void test_quiet(void)
{
	struct world w;

	begin(&w);
	answer(&w, old_mac);
	w.n_heard_a_look = 1;
	tap_eq(until(&w, DP_GATEWAY_POLL, 60 * SECOND), 60 * SECOND,
		"a gateway from behind which answers come is not asked");
	w.n_heard_a_look = 0;
	tap_ok(until(&w, DP_GATEWAY_POLL, 60 * SECOND) <= DP_RESOLVE_QUIET_US + LOOK_US,
		"when many answers fall to none it is asked within a second");
	tap_ok(!answer(&w, new_mac) && state(&w) == DP_GATEWAY_POLL,
		"a claim from elsewhere is no answer to that");
	tap_ok(!answer(&w, old_mac) && state(&w) == DP_GATEWAY_REST,
		"the gateway's own answer is taken");
	until(&w, DP_GATEWAY_POLL, 60 * SECOND);
	w.n_heard_a_look = 1;
	until(&w, DP_GATEWAY_REST, SECOND);
	tap_eq(state(&w), DP_GATEWAY_REST,
		"an answer from behind the gateway shows that it is there");
	w.n_heard_a_look = 0;
	until(&w, DP_GATEWAY_POLL, 60 * SECOND);
	answer(&w, old_mac);
	/* The busy window is over by then. */
	for (uint32_t i = 0; i < 60; i++) {
		until(&w, DP_GATEWAY_POLL, SECOND);
		if (state(&w) == DP_GATEWAY_POLL)
			answer(&w, old_mac);
	}
	answer(&w, old_mac);
	tap_ok(until(&w, DP_GATEWAY_POLL, 60 * SECOND) >= DP_RESOLVE_CHECK_US,
		"where little comes from behind it, it is asked every ten seconds");
}

static void test_silent(bool moved)
{
	const uint8_t *mac = moved ? new_mac : old_mac;
	const char *what = moved ? "a gateway that moves" : "a gateway that comes back";
	struct world w;
	uint64_t took_us;

	begin(&w);
	answer(&w, old_mac);
	took_us = until(&w, DP_GATEWAY_SEEK, 60 * SECOND);
	tap_ok(told(&w, DP_RESOLVE_SILENT), "%s: that it fell silent is told", what);
	tap_ok(took_us <= DP_RESOLVE_CHECK_US + DP_RESOLVE_GIVE_UP_US + 2 * LOOK_US &&
			took_us > DP_RESOLVE_CHECK_US + 3 * SECOND,
		"%s: it is given up after three polls", what);
	tap_ok(answer(&w, mac) && told(&w, moved ? DP_RESOLVE_MOVED : DP_RESOLVE_BACK),
		"%s: its answer is taken and told", what);
	tap_ok(state(&w) == DP_GATEWAY_REST && memcmp(w.resolve.gateway[0].mac, mac, 6) == 0,
		"%s: it is known again", what);
}

/* Polls that a lost link has swallowed do not count against the gateway. */
static void test_pause(void)
{
	struct world w;

	begin(&w);
	answer(&w, old_mac);
	until(&w, DP_GATEWAY_POLL, 60 * SECOND);
	for (uint32_t i = 0; i < 1000; i++) {
		w.now_us += LOOK_US;
		dp_resolve_pause(&w.resolve, w.now_us);
	}
	dp_resolve_look(&w.resolve, w.n_heard, w.now_us);
	tap_eq(state(&w), DP_GATEWAY_POLL, "without a link a gateway is not given up");
	tap_ok(until(&w, DP_GATEWAY_SEEK, 60 * SECOND) >= 3 * SECOND,
		"when it is back the gateway has its time anew");
}

static void test_hosts(void)
{
	struct dp_neigh_entry known = {.mac = {2, 0, 0, 0, 0, 1}}, put;
	struct ts_addr host = ts_addr_from_v4(7);
	struct world w;

	begin(&w);
	tap_ok(dp_resolve_answer(&w.resolve, NULL, &host, old_mac, w.now_us, &put) && !put.gateway,
		"a host of our own network is learnt");
	tap_ok(!dp_resolve_answer(&w.resolve, &known, &host, old_mac, w.now_us, &put),
		"the same answer of a gateway again changes nothing");
	tap_ok(!dp_resolve_answer(&w.resolve, &known, &host, new_mac, w.now_us, &put) &&
			told(&w, DP_RESOLVE_CLAIM),
		"a second claimant is told");
	known.stale = true;
	tap_ok(dp_resolve_answer(&w.resolve, &known, &host, old_mac, w.now_us, &put),
		"a stale one that answers is fresh again");
	for (uint32_t i = 0; i < 100; i++)
		dp_resolve_answer(&w.resolve, &known, &host, new_mac, w.now_us, &put);
	tap_ok(w.resolve.n_events == DP_RESOLVE_CLAIMS &&
			w.resolve.n_events + w.resolve.n_claims_untold == 101,
		"a crowd of claims leaves room for what the gateways say, and is counted");
}

int main(void)
{
	test_start();
	test_quiet();
	test_silent(false);
	test_silent(true);
	test_pause();
	test_hosts();
	return tap_done();
}
