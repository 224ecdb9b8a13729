/* SPDX-License-Identifier: BSD-3-Clause */
/* The timer wheel against a plain list of what is due when. */
#include "tcpstack/tcp/wheel.h"

#include "random.h"
#include "tap.h"
#include "tcpstack/tcp/seq.h"
#include "tcpstack/tcp/tcp.h"

#define N_CONNS 300
#define N_STEPS 200000
/* Ticks wrap soon after the start. */
#define FIRST_TICK (UINT32_MAX - 5000)

struct model {
	struct ts_wheel wheel;
	struct ts_conn conns[N_CONNS];
	uint32_t heads[TS_WHEEL_SLOTS];
	bool armed[N_CONNS];
	uint32_t due[N_CONNS];
	uint32_t now, n_fired, n_far;
	uint64_t seed;
};

static uint32_t model_delay(struct model *m)
{
	switch (random_below(&m->seed, 4)) {
	case 0:
		return random_below(&m->seed, 3);
	case 1:
		return 4090 + random_below(&m->seed, 12);
	case 2:
		return random_below(&m->seed, 20000);
	default:
		return random_below(&m->seed, 500);
	}
}

/* One arm or removal. As the stack does, a timer that moves away is only noted, not moved. */
static void model_change(struct model *m)
{
	uint32_t i = random_below(&m->seed, N_CONNS);

	if (random_below(&m->seed, 10) == 0) {
		ts_wheel_remove(&m->wheel, i);
		m->armed[i] = false;
		return;
	}
	m->due[i] = m->now + model_delay(m);
	m->armed[i] = true;
	ts_wheel_arm(&m->wheel, i, m->due[i]);
}

/* Everything up to now must come out: what is due fires, what came early is queued again. */
static void model_drain(struct model *m)
{
	uint32_t i;

	while ((i = ts_wheel_pop(&m->wheel, m->now)) != TS_CONN_NONE) {
		if (!m->armed[i])
			continue;
		if (ts_seq_lt(m->now, m->due[i])) {
			m->n_far++;
			ts_wheel_arm(&m->wheel, i, m->due[i]);
			continue;
		}
		m->armed[i] = false;
		m->n_fired++;
	}
}

static bool model_none_is_late(const struct model *m)
{
	for (uint32_t i = 0; i < N_CONNS; i++)
		if (m->armed[i] && ts_seq_leq(m->due[i], m->now))
			return false;
	return true;
}

static void test_model(void)
{
	static struct model m = {.now = FIRST_TICK, .seed = 7};
	bool on_time = true;

	for (uint32_t i = 0; i < N_CONNS; i++)
		m.conns[i].wheel_slot = TS_WHEEL_UNLINKED;
	ts_wheel_init(&m.wheel, m.conns, m.heads, m.now);
	for (uint32_t step = 0; step < N_STEPS && on_time; step++) {
		for (uint32_t n = random_below(&m.seed, 4); n > 0; n--)
			model_change(&m);
		m.now += random_below(&m.seed, 50) == 0 ? 1 + model_delay(&m) : 1;
		model_drain(&m);
		on_time = model_none_is_late(&m);
	}
	tap_ok(on_time, "whatever is armed, moved and removed, nothing is late");
	tap_ok(m.n_fired > 1000 && m.n_far > 1000,
		"%u fired, %u came up early and were queued again", m.n_fired, m.n_far);
}

static void test_order_and_budget(void)
{
	static struct model m;
	uint32_t first, second;

	for (uint32_t i = 0; i < N_CONNS; i++)
		m.conns[i].wheel_slot = TS_WHEEL_UNLINKED;
	ts_wheel_init(&m.wheel, m.conns, m.heads, 1);
	ts_wheel_arm(&m.wheel, 0, 30);
	ts_wheel_arm(&m.wheel, 1, 20);
	ts_wheel_arm(&m.wheel, 2, 100);
	tap_eq(ts_wheel_pop(&m.wheel, 19), TS_CONN_NONE, "no timer comes before its tick");
	first = ts_wheel_pop(&m.wheel, 50);
	tap_eq(m.wheel.cursor, 20, "a drain that stops half way remembers where");
	second = ts_wheel_pop(&m.wheel, 50);
	tap_ok(first == 1 && second == 0, "timers come in the order of their ticks");
	ts_wheel_arm(&m.wheel, 3, 5);
	tap_eq(ts_wheel_pop(&m.wheel, 50), 3, "a tick in the past comes at the next pop");
	ts_wheel_arm(&m.wheel, 2, 60);
	tap_eq(ts_wheel_pop(&m.wheel, 60), 2, "a timer that moves nearer comes at the nearer tick");
	ts_wheel_arm(&m.wheel, 4, 70);
	tap_eq(ts_wheel_pop(&m.wheel, 70 + 100000), 4,
		"a pause longer than the wheel loses nothing");
	tap_eq(ts_wheel_pop(&m.wheel, 70 + 100000), TS_CONN_NONE,
		"a wheel that has given out all its timers is empty");
}

int main(void)
{
	test_model();
	test_order_and_budget();
	return tap_done();
}
