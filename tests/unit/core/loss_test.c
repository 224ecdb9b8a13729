/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the loss estimate counts, in each order of events. It once counted a sampled target as soon
 * as it had answered: a scan that was stopped, and one that went on with an earlier run's open
 * work, then took all those for lost whose second probe had never left, 65 % on a wire that loses
 * nothing.
 */
#include "dataplane/core/loss.h"
#include "tests/unit/probe/prober_world.h"

#define EVERY 4

static uint64_t hash_of(const struct world *w, const struct dp_poll *poll, uint64_t index)
{
	struct dp_target target = target_at(w, index);

	return dp_probe_id_hash(&poll->probe_id, &target.addr, services[target.service].port);
}

/* The core that an index of the range is dealt to, as the prober deals them. */
static struct dp_poll *core_of(const struct world *w, uint64_t index)
{
	return w->scan->poll[(index - w->config.index_first) % w->config.n_poll];
}

static void answer_on(struct world *w, struct dp_poll *poll, uint64_t index)
{
	struct dp_target target = target_at(w, index);

	dp_loss_first(&dp_poll_core_of(poll)->work.loss, &target.addr, target.service,
		hash_of(w, poll, index));
}

/* Every target answers its probe proper, and again. */
static void all_answer(struct world *w)
{
	for (uint64_t i = 0; i < dp_targets_count(w->targets); i++) {
		if (!in_range(w, i))
			continue;
		answer_on(w, core_of(w, i), i);
		answer_on(w, core_of(w, i), i);
	}
}

/* As rx_answer.c notes the answer to a second probe. */
static void second_answers(struct world *w, uint64_t index)
{
	struct dp_poll *poll = core_of(w, index);

	dp_dedup_add_hash(&poll->dedup, DP_DEDUP_SAMPLE_SECOND, hash_of(w, poll, index));
}

static uint64_t n_sampled(const struct world *w)
{
	uint64_t n = 0;

	for (uint64_t i = 0; i < dp_targets_count(w->targets); i++)
		n += in_range(w, i) && dp_sample_has(w->config.loss_sample, i);
	return n;
}

static void world_of(struct world *w, uint32_t n_poll, uint32_t n_services)
{
	world_new(w, n_poll, n_services);
	w->config.loss_sample.every = EVERY;
	w->config.index_first = 101;
	w->config.n_indices = 399;
}

/* The usual order: answer, gap, second probe. */
static void test_answer_first(struct world *w, uint32_t n_poll, uint32_t n_services)
{
	world_of(w, n_poll, n_services);
	world_start(w);
	world_round(w);
	all_answer(w);
	tap_eq(counted(w, DP_SAMPLE_FIRST), 0, "an answer alone counts for no sample");
	world_run(w);
	tap_eq(counted(w, DP_SAMPLE_FIRST), n_sampled(w),
		"a sampled answer counts when the second probe leaves");
	tap_eq(counted(w, DP_SAMPLE_FIRST), counted(w, DP_PROBES_SAMPLED),
		"a sampled answer counts for the probe that it answers");
	all_answer(w);
	tap_eq(counted(w, DP_SAMPLE_FIRST), n_sampled(w),
		"a sampled answer counts once, however often it comes");
	tap_eq(counted(w, DP_SAMPLE_BOTH), 0, "no sampled target has answered both probes");
	world_free(w);
}

/* An answer that takes longer than the gap, of targets whose second probe was answered or not. */
static void test_answer_last(struct world *w, uint32_t n_poll, uint32_t n_services)
{
	uint64_t n_both = 0;

	world_of(w, n_poll, n_services);
	world_start(w);
	world_run(w);
	tap_eq(counted(w, DP_SAMPLE_FIRST), 0, "second probes alone count nothing");
	for (uint64_t i = 0; i < dp_targets_count(w->targets); i += 2) {
		if (!in_range(w, i) || !dp_sample_has(w->config.loss_sample, i))
			continue;
		second_answers(w, i);
		n_both++;
	}
	all_answer(w);
	tap_eq(counted(w, DP_SAMPLE_FIRST), n_sampled(w), "a late answer counts at once, once");
	tap_eq(counted(w, DP_SAMPLE_BOTH), n_both,
		"a late answer counts for both probes if the second one was answered sooner");
	world_free(w);
}

/* Stopped in the middle: those that count are those that were probed twice. */
static void test_early_end(struct world *w, uint32_t n_poll, uint32_t n_services)
{
	uint64_t n_sent;

	world_of(w, n_poll, n_services);
	world_start(w);
	while (counted(w, DP_PROBES_SAMPLED) == 0)
		world_round(w);
	n_sent = counted(w, DP_PROBES_SAMPLED);
	must(n_sent < n_sampled(w), "the scan was over before it could be stopped");
	all_answer(w);
	tap_eq(counted(w, DP_SAMPLE_FIRST), n_sent,
		"of a scan that ends early, as many count as were probed twice");
	world_free(w);
}

/* An earlier run's open work is asked again and answers: it is no sample of this run. */
static void test_resume(struct world *w, uint32_t n_poll, uint32_t n_services)
{
	struct dp_target again[100];
	uint64_t done[2] = {101, 102}, n_done = 0;

	world_of(w, n_poll, n_services);
	for (uint64_t i = 0; i < 100; i++)
		again[i] = target_at(w, i);
	w->config.again = again;
	w->config.n_again = 100;
	w->config.done = done;
	w->config.n_done = 2;
	world_start(w);
	world_run(w);
	for (uint64_t i = 0; i < 100; i++)
		answer_on(w, w->scan->poll[i % n_poll], i);
	for (uint64_t i = 500; i < dp_targets_count(w->targets); i++)
		answer_on(w, w->scan->poll[i % n_poll], i);
	tap_eq(counted(w, DP_SAMPLE_FIRST), 0,
		"open work and what is beyond the range is no sample");
	for (size_t i = 0; i < 2; i++)
		n_done += dp_sample_has(w->config.loss_sample, done[i]);
	tap_eq(counted(w, DP_PROBES_SAMPLED), n_sampled(w) - n_done,
		"what an earlier run has probed is no sample");
	all_answer(w);
	tap_eq(counted(w, DP_SAMPLE_FIRST), n_sampled(w), "the rest of a resumed run counts");
	world_free(w);
}

/* Excluded after its answer: no second probe, no sample. */
static void test_exclusion(struct world *w, uint32_t n_poll, uint32_t n_services)
{
	struct dp_ranges all = {0};

	world_of(w, n_poll, n_services);
	world_start(w);
	world_round(w);
	all_answer(w);
	must(dp_ranges_push(&all, (struct dp_range){0, ~(dp_u128)0}) == 0, "memory");
	dp_ranges_normalize(&all);
	w->live.excluded = &all;
	world_run(w);
	tap_eq(counted(w, DP_SAMPLE_FIRST), 0, "an exclusion takes a target out of the sample");
	world_free(w);
	dp_ranges_free(&all);
}

int main(void)
{
	struct world *w = world_open("loss");

	for (uint32_t n_services = 1; n_services <= 2; n_services++) {
		for (uint32_t n_poll = 1; n_poll <= MAX_CORES; n_poll += 2) {
			test_answer_first(w, n_poll, n_services);
			test_answer_last(w, n_poll, n_services);
			test_early_end(w, n_poll, n_services);
			test_resume(w, n_poll, n_services);
			test_exclusion(w, n_poll, n_services);
		}
	}
	world_close(w);
	return tap_done();
}
