/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Targets that answered when there was no room are asked until they answer again. They were asked
 * once, and a lost SYN or answer lost them for good, without a trace: at 5 % drops and 64
 * connections a scan found 1,139 of 2,048 hosts and said nothing of the others.
 */
#include "prober_world.h"

#define EVERY 5 /* targets of which one is put on the list */

static bool is_retried(uint64_t index)
{
	return index % EVERY == 0;
}

static struct dp_poll *core_of(const struct world *w, uint64_t index)
{
	return w->scan->poll[index % w->config.n_poll];
}

static uint16_t port_of(const struct dp_target *target)
{
	return services[target->service].port;
}

static void note(struct world *w, uint64_t index, enum dp_dedup_kind kind)
{
	struct dp_target target = target_at(w, index);

	dp_dedup_add(&core_of(w, index)->dedup, kind, &target.addr, port_of(&target));
}

/* All targets have been probed; then these are put on the list, as the receive path does it. */
static uint64_t put_off(struct world *w)
{
	uint64_t n = 0;

	world_start(w);
	world_run(w);
	for (uint64_t i = 0; i < w->config.n_indices; i += EVERY) {
		struct dp_target target = target_at(w, i);

		note(w, i, DP_DEDUP_SYNACK);
		must(dp_retry_add(&dp_poll_core_of(core_of(w, i))->work.retries, &target.addr,
			     target.service),
			"no room");
		n++;
	}
	return n;
}

static struct st_tally asked_in_vain(const struct world *w, uint64_t index)
{
	struct st_tally t = samples(w, index);

	t.n_primary += is_retried(index) ? DP_RETRY_TRIES : 0;
	return t;
}

static void test_silence(struct world *w, uint32_t n_poll, uint32_t n_services)
{
	uint64_t n, start_us;

	world_new(w, n_poll, n_services);
	n = put_off(w);
	start_us = w->now_us;
	tap_ok(!world_round(w), "the prober is not done while targets are on the list");
	world_run(w);
	check(w, asked_in_vain, "a host without an answer stays on the list");
	tap_eq(counted(w, DP_RETRIES_UNANSWERED), n,
		"a host that stays silent is given up after its tries, and counted");
	tap_eq(counted(w, DP_PROBES_RETRIED), n * DP_RETRY_TRIES,
		"each try of a host that stays silent is counted");
	tap_ok(w->now_us - start_us >= (uint64_t)(DP_RETRY_TRIES + 1) * DP_RETRY_GAP_US,
		"there is a gap before each try and behind the last one");
	world_free(w);
}

static uint32_t tries_needed(uint64_t index)
{
	return 1 + (uint32_t)(index / EVERY % DP_RETRY_TRIES);
}

static struct st_tally asked_until_answered(const struct world *w, uint64_t index)
{
	struct st_tally t = samples(w, index);

	t.n_primary += is_retried(index) ? (uint8_t)tries_needed(index) : 0;
	return t;
}

/* A wire that loses the first tries: each target answers the n-th, with SYN-ACK or RST. */
static void test_loss(struct world *w, uint32_t n_poll, uint32_t n_services)
{
	bool done = false;

	world_new(w, n_poll, n_services);
	put_off(w);
	for (uint32_t n = 0; !done; n++) {
		done = world_round(w);
		must(n < N_ROUNDS, "the prober never says that it is done");
		for (uint64_t i = 0; i < w->config.n_indices; i += EVERY) {
			if (w->tally[i].n_primary == 1 + tries_needed(i))
				note(w, i, i % 2 == 0 ? DP_DEDUP_SYNACK : DP_DEDUP_RST);
		}
	}
	check(w, asked_until_answered, "a host on the list is asked until it answers");
	tap_eq(counted(w, DP_RETRIES_UNANSWERED), 0,
		"no host that answers a later try is given up");
	world_free(w);
}

/* A RST from before says nothing about the answer that is waited for. */
static void test_had_rst(struct world *w)
{
	struct dp_target target;

	world_new(w, 1, 1);
	put_off(w);
	target = target_at(w, 0);
	note(w, 0, DP_DEDUP_RST);
	world_run(w);
	tap_eq(w->tally[0].n_primary, 1 + DP_RETRY_TRIES,
		"after an old RST it is asked all the same");
	tap_ok(dp_dedup_has(&w->scan->poll[0]->dedup, DP_DEDUP_RST, &target.addr, port_of(&target)),
		"a target that was reset before its answer is closed once");
	world_free(w);
}

/* Answered by one target, then excluded with all others. */
static void test_exclusion(struct world *w, uint32_t n_poll)
{
	struct dp_ranges all = {0};
	uint64_t n, n_sent;

	world_new(w, n_poll, 1);
	n = put_off(w);
	while (counted(w, DP_PROBES_RETRIED) < n)
		world_round(w);
	note(w, 0, DP_DEDUP_SYNACK);
	must(dp_ranges_push(&all, (struct dp_range){0, ~(dp_u128)0}) == 0, "memory");
	dp_ranges_normalize(&all);
	w->live.excluded = &all;
	n_sent = counted(w, DP_PROBES_SENT);
	world_run(w);
	tap_eq(counted(w, DP_PROBES_SENT), n_sent, "who is excluded is asked no more");
	tap_eq(counted(w, DP_RETRIES_EXCLUDED), n - 1,
		"hosts on the list that are excluded are counted, but for those that had answered");
	world_free(w);
	dp_ranges_free(&all);
}

/* Targets of core 0's copy of its open work. */
static uint32_t open_work(struct world *w)
{
	struct dp_poll_core *core = dp_poll_core_of(w->scan->poll[0]);

	dp_snapshot_ask(w->scan);
	while (!dp_snapshot_ready(w->scan))
		dp_snapshot_step(&core->snapshot);
	return dp_snapshot_copy(w->scan, 0)->n;
}

/* Open work for a checkpoint as long as it has no answer; what has one may have its line, and would
 * be asked for a second one. */
static void test_snapshot(struct world *w)
{
	struct dp_work *work;
	uint64_t n;

	world_new(w, 1, 1);
	w->config.snapshots = true;
	n = put_off(w);
	work = &dp_poll_core_of(w->scan->poll[0])->work;
	tap_eq(open_work(w), n, "all hosts on the list are open work");
	while (counted(w, DP_PROBES_RETRIED) < n)
		world_round(w);
	/* Without a cooldown nothing is sent so recently that it counts for that alone. */
	dp_notes_room(&work->notes, w->now_us);
	tap_eq(open_work(w), n, "hosts on the list that have been asked are open work");
	for (uint64_t i = 0; i < w->config.n_indices / 2; i += EVERY)
		note(w, i, DP_DEDUP_SYNACK);
	tap_eq(open_work(w), n / 2, "hosts on the list that have answered are no open work");
	tap_eq(dp_retry_n_open(&work->retries), n / 2,
		"hosts on the list that have answered are not abandoned when the scan ends");
	world_run(w);
	dp_notes_room(&work->notes, w->now_us);
	tap_eq(open_work(w), 0, "no host on the list is open work in the end");
	world_free(w);
}

/* On our own network a link-layer address may be forgotten: it is asked for, and then the
 * target. */
static void test_neighbour(struct world *w)
{
	static const uint8_t mac[6] = {2, 0, 0, 0, 0, 7};
	struct dp_target target;
	uint64_t n_asked;

	world_new(w, 1, 1);
	put_off(w);
	w->scan->config.route.has_fixed_mac = false;
	w->scan->config.route.prefix_v4_len = 15;
	w->scan->config.route.prefix_v6_len = 0;
	while (w->n_asked == 0)
		world_round(w);
	n_asked = w->n_asked;
	tap_ok(n_asked > 0 && counted(w, DP_PROBES_RETRIED) == 0,
		"without a link-layer address that is asked for first");
	target = target_at(w, 0);
	world_learn(w, &target.addr, mac);
	world_run(w);
	tap_eq(w->tally[0].n_primary, 1 + DP_RETRY_TRIES - 1,
		"after the link-layer address the target is asked with the tries that are left");
	tap_eq(counted(w, DP_RETRIES_UNANSWERED), w->config.n_indices / EVERY,
		"hosts without a link-layer address are given up");
	world_free(w);
}

/* A full list turns round all the same. */
static void test_full(struct world *w)
{
	struct dp_retries *retries;

	world_new(w, 1, 1);
	put_off(w);
	retries = &dp_poll_core_of(w->scan->poll[0])->work.retries;
	while (dp_retry_room(retries)) {
		struct dp_target target = target_at(w, 1);

		dp_retry_add(retries, &target.addr, target.service);
	}
	tap_ok(!dp_retry_add(retries, &w->config.route.source_v4, 0),
		"a list of hosts to be asked again is filled");
	w->now_us += DP_RETRY_GAP_US;
	while (counted(w, DP_PROBES_RETRIED) < DP_PROBE_BURST)
		world_round(w);
	tap_ok(!dp_retry_room(retries), "a full list keeps all hosts that have been asked");
	world_free(w);
}

int main(void)
{
	struct world *w = world_open("retry");

	for (uint32_t n_poll = 1; n_poll <= MAX_CORES; n_poll += 2) {
		for (uint32_t n_services = 1; n_services <= 2; n_services++) {
			test_silence(w, n_poll, n_services);
			test_loss(w, n_poll, n_services);
		}
		test_exclusion(w, n_poll);
	}
	test_had_rst(w);
	test_snapshot(w);
	test_neighbour(w);
	test_full(w);
	world_close(w);
	return tap_done();
}
