/* SPDX-License-Identifier: BSD-3-Clause */
/* Time: ticks, the owner's deadline, and the one place where timers expire. */
#include "stack.h"

/* A time-out and a deadline in one visit: resend, or RST and CLOSED, and TIMER. */
#define TICK_ACTS_PER_CONN 3

/* A tick further away than this would look as if it had passed. */
#define TICK_MAX_AHEAD (UINT32_C(1) << 30)

static uint32_t tick_now(const struct ts_stack *s, uint64_t now_us)
{
	return (uint32_t)((now_us - s->origin_us) / s->config.tick_us) + 1;
}

/* Rounded up, so that nothing expires early. */
uint32_t ts_tick_of(const struct ts_stack *s, uint64_t us)
{
	uint64_t since = us > s->origin_us ? us - s->origin_us : 0;
	uint64_t tick = since / s->config.tick_us + (since % s->config.tick_us > 0) + 1;
	uint64_t max = (uint64_t)s->wheel.cursor + TICK_MAX_AHEAD;

	return (uint32_t)(tick < max ? tick : max);
}

void ts_deadline_arm(struct ts_stack *s, struct ts_conn *c, uint64_t us)
{
	c->deadline_at = ts_tick_of(s, us);
	ts_wheel_arm(&s->wheel, ts_conn_index(s, c), c->deadline_at);
}

static bool tick_is_due(uint32_t at, uint32_t now)
{
	return at != 0 && ts_seq_leq(at, now);
}

static void timer_requeue(struct ts_stack *s, const struct ts_conn *c)
{
	uint32_t i = ts_conn_index(s, c);

	if (c->rto_at != 0)
		ts_wheel_arm(&s->wheel, i, c->rto_at);
	if (c->deadline_at != 0)
		ts_wheel_arm(&s->wheel, i, c->deadline_at);
}

/* Visit a connection. @return true if a timer was due; a postponed timer is only queued again. */
static bool timer_visit(struct ts_call *k, uint32_t now)
{
	struct ts_conn *c = k->c;
	bool due = false;

	if (tick_is_due(c->deadline_at, now)) {
		due = true;
		c->deadline_at = 0;
		if (ts_conn_is_closing(c)) {
			ts_out_bare(k, TS_TCP_RST | TS_TCP_ACK);
			ts_conn_finish(k, TS_CLOSE_FIN_TIMEOUT);
			return true;
		}
		ts_act_push(k, TS_ACT_TIMER);
	}
	if (tick_is_due(c->rto_at, now)) {
		due = true;
		ts_out_timeout(k);
	}
	timer_requeue(k->s, c);
	return due;
}

uint32_t ts_tick(struct ts_stack *s, uint64_t now_us, uint32_t budget, struct ts_acts *acts)
{
	uint32_t now = tick_now(s, now_us), n = 0;

	for (; budget > 0 && TS_ACTS_MAX - acts->n >= TICK_ACTS_PER_CONN; budget--) {
		uint32_t i = ts_wheel_pop(&s->wheel, now);
		struct ts_call k = {.s = s, .acts = acts, .now_us = now_us};

		if (i == TS_CONN_NONE)
			break;
		k.c = &s->conns[i];
		n += timer_visit(&k, now);
	}
	return n;
}

uint64_t ts_lag_us(const struct ts_stack *s, uint64_t now_us)
{
	uint32_t now = tick_now(s, now_us);

	if (ts_seq_lt(now, s->wheel.cursor))
		return 0;
	return (uint64_t)(now - s->wheel.cursor) * s->config.tick_us;
}
