/* SPDX-License-Identifier: BSD-3-Clause */
/* What a checkpoint takes for open work: everything that may still answer, and nothing that is
 * over. */
#include "tests/unit/probe/prober_world.h"

#define COOLDOWN_US 2000000
#define N_STEPS	    1000

static void start(struct world *w)
{
	world_new(w, 1, 1);
	w->config.snapshots = true;
	w->config.cooldown_us = COOLDOWN_US;
	world_start(w);
}

static struct dp_notes *notes_of(struct world *w)
{
	return &dp_poll_core_of(w->scan->poll[0])->work.notes;
}

/* @return targets in a copy made now */
static uint32_t copy(struct world *w)
{
	struct dp_poll *poll = w->scan->poll[0];

	poll->now_us = w->now_us;
	dp_snapshot_ask(w->scan);
	for (int i = 0; i < N_STEPS && !dp_snapshot_ready(w->scan); i++)
		dp_snapshot_step(&dp_poll_core_of(poll)->snapshot);
	must(dp_snapshot_ready(w->scan), "the copy is never complete");
	return dp_snapshot_copy(w->scan, 0)->n;
}

/* Targets that are probed out of turn are remembered by the prober. While it stands still, for want
 * of room or because the scan ends, it forgets none: an old one in a checkpoint was asked again by
 * the next run, although it had its line. */
static void test_recent(struct world *w)
{
	struct dp_target first, second;

	start(w);
	first = target_at(w, 0);
	second = target_at(w, 1);
	w->now_us = 1000000;
	w->scan->poll[0]->now_us = w->now_us;
	dp_notes_sent(notes_of(w), &first, w->now_us);
	w->now_us += COOLDOWN_US - 1;
	w->scan->poll[0]->now_us = w->now_us;
	dp_notes_sent(notes_of(w), &second, w->now_us);
	tap_eq(copy(w), 2, "what was probed out of turn less than a cooldown ago is open work");
	w->now_us += 1;
	tap_eq(copy(w), 1,
		"a cooldown later a target is no open work, though no probe has left since");
	tap_ok(ts_addr_equal(&notes_of(w)->copy[0].addr, &second.addr),
		"a target that was probed less than a cooldown ago is open work beside one that is "
		"not");
	w->now_us += COOLDOWN_US;
	tap_eq(copy(w), 0, "the second target is open work until its cooldown is over");
	world_free(w);
}

int main(void)
{
	struct world *w = world_open("snapshot");

	test_recent(w);
	world_close(w);
	return tap_done();
}
