/* SPDX-License-Identifier: BSD-3-Clause */
/* The stack as a container: configuration, slots, many timers, action arrays that run full. */
#include <stdlib.h>

#include "tap.h"
#include "tcpstack/tcp/check.h"
#include "tcpstack/packet/opts.h"
#include "tcpstack/tcp/tcp.h"

static const struct ts_stack_config good = {
	.n_conns = 200,
	.n_reorder = 16,
	.tick_us = 10000,
	.rcv_wnd = 16384,
	.mss = 1460,
	.rto_initial_us = 1000000,
	.rto_min_us = 300000,
	.rto_max_us = 60000000,
	.max_tries = 3,
	.max_challenge = 3,
	.max_repeats = 16,
	.fin_wait_us = 2000000,
	.hash_key = {3, 4},
};

static struct ts_stack *stack_new(const struct ts_stack_config *config)
{
	size_t size = ts_stack_size(config);
	void *mem = aligned_alloc(64, size);

	if (mem == NULL)
		abort();
	memset(mem, 0, size);
	return ts_stack_init(mem, config, 0);
}

static struct ts_addr addr_of(uint32_t i)
{
	struct ts_addr a = ts_addr_from_v4(0);

	a.b[12] = 198;
	a.b[13] = 18;
	a.b[14] = (uint8_t)(i >> 8);
	a.b[15] = (uint8_t)i;
	return a;
}

static uint32_t stack_accept(struct ts_stack *s, uint32_t i)
{
	struct ts_pkt pkt = {
		.kind = TS_PKT_TCP,
		.src = addr_of(i),
		.tcp = {.sport = 25, .dport = 40000, .seq = 99, .ack = 1, .wnd = 1000},
	};
	struct ts_acts acts = {.n = 0};

	pkt.tcp.flags = TS_TCP_SYN | TS_TCP_ACK;
	return ts_accept(
		s, ts_lookup_hash(s, &pkt.src, pkt.tcp.sport, pkt.tcp.dport), &pkt, 0, 0, &acts);
}

static void test_config(void)
{
	struct ts_stack_config bad = good;

	tap_ok(ts_stack_size(&good) > 0 && ts_stack_size(&good) % 64 == 0,
		"a stack of usual size asks for a sane amount of memory");
	bad.n_conns = 0;
	tap_eq((int64_t)ts_stack_size(&bad), 0, "a stack of no connections is out of range");
	bad = good;
	bad.mss = 1461;
	tap_eq((int64_t)ts_stack_size(&bad), 0,
		"segments larger than Ethernet carries are out of range");
	bad = good;
	bad.rto_min_us = 2000000;
	tap_eq((int64_t)ts_stack_size(&bad), 0,
		"a minimum above the initial time-out is out of range");
	bad = good;
	bad.n_conns = 1u << 20;
	bad.n_reorder = 0;
	tap_ok(ts_stack_size(&bad) / bad.n_conns <= 144 && ts_stack_size(&bad) >> 20 <= 144,
		"a million connections take at most 144 bytes each, table included");
}

static void test_slots(void)
{
	struct ts_stack *s = stack_new(&good);
	struct ts_acts acts = {.n = 0};
	struct ts_addr a = addr_of(7);
	uint32_t n = 0;

	while (n < 1000 && stack_accept(s, n) != TS_CONN_NONE)
		n++;
	tap_eq(n, good.n_conns, "every slot serves one connection, and then there is none");
	tap_eq(ts_stack_n_open(s), n, "connections in use are counted");
	tap_eq(ts_lookup(s, &a, 25, 40001), TS_CONN_NONE,
		"another local port is another connection");
	n = ts_lookup(s, &a, 25, 40000);
	tap_ok(n != TS_CONN_NONE && ts_addr_equal(&ts_conn(s, n)->raddr, &a),
		"one of many connections is found by its four-tuple");
	ts_release(s, n);
	tap_eq(ts_lookup(s, &a, 25, 40000), n, "a living connection cannot be released");
	ts_abort(s, n, 0, &acts);
	ts_release(s, n);
	tap_eq(ts_lookup(s, &a, 25, 40000), TS_CONN_NONE, "a released connection is not found");
	tap_eq(ts_next_in_use(s, n), n + 1, "a sweep passes over the free slot");
	tap_eq(stack_accept(s, 8), TS_CONN_NONE, "a four-tuple in use is not taken twice");
	tap_eq(stack_accept(s, 5000), n, "the slot given back last is taken first");
	tap_str(ts_check_stack(s) == NULL ? "ok" : ts_check_stack(s), "ok",
		"the counters of a stack add up");
	free(s);
}

/* Two hundred deadlines at once do not fit one array of actions. */
static void test_full_acts(void)
{
	struct ts_stack *s = stack_new(&good);
	struct ts_acts acts = {.n = 0};
	uint32_t n = 0, n_calls = 0;

	for (uint32_t i = 0; i < good.n_conns; i++)
		ts_set_deadline(s, stack_accept(s, i), 50000);
	do {
		acts.n = 0;
		ts_tick(s, 60000, 1000, &acts);
		for (uint32_t i = 0; i < acts.n; i++)
			n += acts.v[i].kind == TS_ACT_TIMER;
		n_calls++;
	} while (acts.n > 0);
	tap_eq(n, good.n_conns, "ticks into small arrays lose no timer");
	tap_ok(n_calls > good.n_conns / TS_ACTS_MAX,
		"ticks stop before the array of actions is full");
	for (uint32_t i = 0; i < good.n_conns; i++)
		ts_set_deadline(s, i, 100000);
	acts.n = 0;
	tap_eq(ts_tick(s, 200000, 5, &acts), 5, "a tick handles no more than its budget");
	tap_eq((int64_t)ts_lag_us(s, 200000), 100000,
		"deadlines beyond the budget of a tick show as lag");
	for (uint32_t i = 0; i < 100; i++) {
		acts.n = 0;
		ts_tick(s, 200000, 5, &acts);
	}
	tap_eq((int64_t)ts_lag_us(s, 200000), 0, "the lag of a tick is worked off");
	free(s);
}

static void test_full_flush(void)
{
	struct ts_stack *s = stack_new(&good);
	struct ts_acts acts = {.n = 0};
	uint32_t n = 0;
	bool done;

	for (uint32_t i = 0; i < good.n_conns; i++) {
		uint8_t byte = 'x';
		struct ts_pkt pkt = {
			.kind = TS_PKT_TCP,
			.tcp = {.seq = 100, .ack = 1, .wnd = 1000, .payload = &byte},
		};

		pkt.tcp.flags = TS_TCP_ACK;
		pkt.tcp.payload_len = 1;
		acts.n = 0;
		ts_input(s, stack_accept(s, i), &pkt, 0, &acts);
	}
	do {
		acts.n = 0;
		done = ts_flush_acks(s, 0, &acts);
		n += acts.n;
	} while (!done);
	tap_eq(n, good.n_conns, "a flush into small arrays forgets no ACK and sends none twice");
	free(s);
}

/* The wheel is 41 s long; this deadline is an hour away. */
static void test_far_deadline(void)
{
	struct ts_stack *s = stack_new(&good);
	uint32_t conn = stack_accept(s, 1);
	uint64_t hour_us = UINT64_C(3600000000), now_us = 0;
	struct ts_acts acts = {.n = 0};

	ts_set_deadline(s, conn, hour_us);
	while (acts.n == 0 && now_us < 2 * hour_us) {
		now_us += good.tick_us;
		ts_tick(s, now_us, 10, &acts);
	}
	tap_eq((int64_t)now_us, (int64_t)hour_us,
		"a deadline further away than the wheel is punctual");
	ts_set_deadline(s, conn, 1);
	acts.n = 0;
	ts_tick(s, now_us + good.tick_us, 10, &acts);
	tap_ok(acts.n == 1 && acts.v[0].kind == TS_ACT_TIMER,
		"a deadline in the past comes with the next tick");
	ts_set_deadline(s, conn, UINT64_MAX);
	tap_str(ts_check_stack(s) == NULL ? "ok" : ts_check_stack(s), "ok",
		"a deadline at the end of time is never due");
	free(s);
}

static void test_opts(void)
{
	static const char *const orders[] = {
		"", "M", "MSTNW", "MNNSNW", "UUUUUUUUUUU", "WWWWWWWWWWW"};
	bool same = true;

	for (uint32_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		char order[TS_OPTS_ORDER_LEN] = {0}, back[TS_OPTS_ORDER_LEN];

		memcpy(order, orders[i], strlen(orders[i]));
		ts_opts_unpack(ts_opts_pack(order), back);
		same = same && strcmp(order, back) == 0;
	}
	tap_ok(same, "the order of options survives its packing");
}

int main(void)
{
	test_config();
	test_slots();
	test_full_acts();
	test_full_flush();
	test_far_deadline();
	test_opts();
	return tap_done();
}
