/* SPDX-License-Identifier: BSD-3-Clause */
/* The passes over a core's positions, which choose the next targets. */
#include "dataplane/targets/search.h"
#include "prober_internal.h"

/* Steps of a pass in one call: a bound, because targets that are passed over cost no token. */
#define STEPS_PER_CALL (4 * DP_PROBE_BURST)

/* How many of n things this core gets if they are dealt to the cores in turn. */
static uint64_t share(uint64_t n, const struct dp_prober *prober)
{
	uint32_t n_poll = prober->config->n_poll;

	return n / n_poll + (n % n_poll > prober->poll->index);
}

/* The index at a position behind the open work. */
static uint64_t index_at(const struct dp_prober *prober, uint64_t pos)
{
	const struct dp_scan_config *config = prober->config;

	return config->index_first + (pos - prober->n_again) * config->n_poll + prober->poll->index;
}

struct wanted {
	const uint64_t *done;
	uint64_t index;
};

static inline bool done_reaches(const void *to, size_t at)
{
	const struct wanted *wanted = to;

	return wanted->done[at] >= wanted->index;
}

/* Which entry of config.done is the first that is not below an index. */
static uint64_t done_from(const struct dp_scan_config *config, uint64_t index)
{
	const struct wanted wanted = {config->done, index};

	return dp_search_first(0, config->n_done, done_reaches, &wanted);
}

/* The first position of a sample's pass, from pos on; n_positions: there is none. */
static uint64_t sample_pos(const struct dp_prober *prober, struct dp_sample sample, uint64_t pos)
{
	const struct dp_scan_config *config = prober->config;
	uint64_t end = config->index_first + config->n_indices;
	uint64_t index = index_at(prober, pos);

	for (;;) {
		index = dp_sample_next(sample, index);
		if (index >= end)
			return prober->n_positions;
		if ((index - config->index_first) % config->n_poll == prober->poll->index)
			return prober->n_again + (index - config->index_first) / config->n_poll;
		index++;
	}
}

static struct dp_pass pass_new(const struct dp_prober *prober, enum dp_probe_kind kind,
	struct dp_sample sample, uint64_t pos)
{
	const struct dp_scan_config *config = prober->config;
	uint64_t index = index_at(prober, RTE_MAX(pos, prober->n_again));

	return (struct dp_pass){
		.kind = kind,
		.sample = sample,
		.pos = pos,
		.done_at = done_from(config, index),
	};
}

/* A pass over the indices of this core that are in a sample. */
static void init_sample_pass(
	struct dp_prober *prober, enum dp_probe_kind kind, struct dp_sample sample)
{
	if (sample.every == 0)
		return;
	prober->pass[prober->n_passes++] = pass_new(
		prober, kind, sample, sample_pos(prober, sample, prober->n_again));
}

void dp_pass_init(struct dp_prober *prober)
{
	const struct dp_scan_config *config = prober->config;

	prober->n_again = share(config->n_again, prober);
	prober->n_positions = prober->n_again + share(config->n_indices, prober);
	atomic_store_explicit(&prober->n_again_left, prober->n_again, memory_order_relaxed);
	prober->n_passes = config->n_probes;
	for (uint32_t p = 0; p < config->n_probes; p++)
		prober->pass[p] = pass_new(prober, DP_PROBE_PRIMARY, (struct dp_sample){0}, 0);
	init_sample_pass(prober, DP_PROBE_SECOND, config->loss_sample);
	if (config->loss_sample.every != 0)
		prober->work->loss.n_second = prober->pass[config->n_probes].pos - prober->n_again;
	init_sample_pass(prober, DP_PROBE_CANARY, config->canary_sample);
}

/* How far a pass may go now: to the end, or to where the pass before it was one gap ago. Both
 * sample passes follow the last regular one. */
static uint64_t pass_limit(struct dp_prober *prober, uint32_t p)
{
	struct dp_pass *before;

	if (p == 0)
		return prober->n_positions;
	before = &prober->pass[RTE_MIN(p, prober->config->n_probes) - 1];
	while (!dp_queue_is_empty(&before->mark_queue)) {
		const struct dp_pass_mark *mark =
			&before->marks[dp_queue_place(before->mark_queue.head, DP_PASS_MARKS)];

		if (prober->poll->now_us - mark->at_us < prober->config->probe_gap_us)
			break;
		before->limit = mark->pos;
		before->mark_queue.head++;
	}
	return before->limit;
}

/* Note how far a pass has come. If a mark is skipped, the next one covers it. A deferred probe has
 * not left, so the pass has come no further than its position. */
static void mark_pass(struct dp_prober *prober, struct dp_pass *pass)
{
	uint64_t step_us = prober->config->probe_gap_us / (DP_PASS_MARKS / 2);
	const struct dp_pass_mark *last =
		&pass->marks[dp_queue_place(pass->mark_queue.tail - 1, DP_PASS_MARKS)];
	bool any = !dp_queue_is_empty(&pass->mark_queue);
	uint64_t reached = RTE_MIN(pass->pos, prober->defer_floor);

	if (reached <= (any ? last->pos : pass->limit))
		return;
	if (any && (prober->poll->now_us - last->at_us < step_us ||
			   dp_queue_len(&pass->mark_queue) == DP_PASS_MARKS))
		return;
	pass->marks[dp_queue_push(&pass->mark_queue, DP_PASS_MARKS)] = (struct dp_pass_mark){
		prober->poll->now_us, reached};
}

/* The targets at a pass's next n positions. For a sample's pass n is 1. */
static void next_targets(const struct dp_prober *prober, const struct dp_pass *pass, uint32_t n,
	struct dp_target *targets)
{
	const struct dp_scan *scan = prober->poll->scan;
	uint32_t n_poll = scan->config.n_poll;
	uint64_t pos = pass->pos;

	for (; n > 0 && pos < prober->n_again; pos++, n--)
		*targets++ = scan->config.again[pos * n_poll + prober->poll->index];
	if (n > 0)
		dp_targets_get_many(scan->targets, index_at(prober, pos), n_poll, n, targets);
}

/* Has an earlier run recorded the pass's next position? Walks along config.done. */
static bool done_earlier(const struct dp_prober *prober, struct dp_pass *pass)
{
	const struct dp_scan_config *config = prober->config;
	uint64_t index;

	if (pass->pos < prober->n_again)
		return false;
	index = index_at(prober, pass->pos);
	while (pass->done_at < config->n_done && config->done[pass->done_at] < index)
		pass->done_at++;
	return pass->done_at < config->n_done && config->done[pass->done_at] == index;
}

static bool answered(const struct dp_prober *prober, const struct dp_target *target)
{
	const struct dp_dedup *dedup = &prober->poll->dedup;
	uint16_t port = dp_poll_port(prober->poll, target->service);

	return dp_dedup_has(dedup, DP_DEDUP_SYNACK, &target->addr, port) ||
	       dp_dedup_has(dedup, DP_DEDUP_RST, &target->addr, port);
}

/* Does the pass's next target need no probe? */
static inline bool passed_over(
	struct dp_prober *prober, struct dp_pass *pass, bool first, const struct dp_target *target)
{
	if (pass->done_at < prober->config->n_done && done_earlier(prober, pass)) {
		if (first)
			dp_count(prober->poll->stats, DP_TARGETS_DONE_EARLIER);
		return true;
	}
	if (!first && pass->kind == DP_PROBE_PRIMARY && answered(prober, target)) {
		dp_count(prober->poll->stats, DP_PROBES_SKIPPED_ANSWERED);
		return true;
	}
	return false;
}

static bool defer(struct dp_burst *burst, struct dp_prober *prober, const struct dp_pass *pass,
	bool first, const struct dp_target *target)
{
	struct dp_deferred deferred = {
		.target = *target,
		.kind = (uint8_t)pass->kind,
		.tries = 1,
		.first = first,
		.pos = pass->kind == DP_PROBE_PRIMARY ? pass->pos : UINT64_MAX,
	};

	return dp_hop_defer(burst, prober, deferred);
}

/* A target that was passed over or must wait. False if the pass must stop here for now. */
static bool not_queued(struct dp_burst *burst, struct dp_prober *prober, const struct dp_pass *pass,
	bool first, const struct dp_target *target, enum dp_burst_result result)
{
	if (result == DP_BURST_BLOCKED)
		return false;
	if (result == DP_BURST_DEFERRED)
		return defer(burst, prober, pass, first, target);
	if (result == DP_BURST_EXCLUDED && first)
		dp_count(prober->poll->stats, DP_TARGETS_EXCLUDED);
	burst->n_passed_over++;
	return true;
}

static uint64_t next_pos(const struct dp_prober *prober, const struct dp_pass *pass)
{
	if (pass->sample.every == 0)
		return pass->pos + 1;
	return sample_pos(prober, pass->sample, pass->pos + 1);
}

/* One step for each target. False if the pass must stop here for now. */
static bool take_steps(struct dp_burst *burst, struct dp_prober *prober, struct dp_pass *pass,
	bool first, const struct dp_target *targets, uint32_t n)
{
	uint32_t n_again = 0, n_before = burst->n;
	bool complete = true;

	for (uint32_t i = 0; i < n; i++) {
		enum dp_burst_result result = DP_BURST_NEEDLESS;

		if (!passed_over(prober, pass, first, &targets[i]))
			result = dp_burst_add(burst, prober, &targets[i], pass->kind);
		if (result == DP_BURST_QUEUED)
			n_again += pass->pos < prober->n_again;
		else if (!not_queued(burst, prober, pass, first, &targets[i], result)) {
			complete = false;
			break;
		}
		if (pass->kind == DP_PROBE_SECOND &&
			(result == DP_BURST_QUEUED || result == DP_BURST_DEFERRED))
			dp_loss_second_begun(&prober->work->loss, &targets[i]);
		pass->pos = next_pos(prober, pass);
		if (pass->kind == DP_PROBE_SECOND)
			prober->work->loss.n_second = pass->pos - prober->n_again;
	}
	if (first) {
		dp_count_n(prober->poll->stats, DP_TARGETS_AGAIN, n_again);
		dp_count_n(prober->poll->stats, DP_TARGETS_STARTED, burst->n - n_before - n_again);
	}
	return complete;
}

static void run_pass(struct dp_burst *burst, struct dp_prober *prober, uint32_t p)
{
	struct dp_pass *pass = &prober->pass[p];
	uint64_t limit = pass_limit(prober, p);
	uint32_t n_steps = STEPS_PER_CALL;

	while (dp_burst_left(burst) > 0 && n_steps > 0 && pass->pos < limit) {
		/* Written to their final place in the burst, which has room for its budget. */
		struct dp_target *targets = &burst->targets[burst->n];
		uint64_t n_left = pass->sample.every == 0 ? limit - pass->pos : 1;
		uint32_t n = (uint32_t)RTE_MIN(
			n_left, (uint64_t)RTE_MIN(n_steps, dp_burst_left(burst)));

		next_targets(prober, pass, n, targets);
		if (!take_steps(burst, prober, pass, p == 0, targets, n))
			return;
		n_steps -= n;
	}
}

void dp_pass_run(struct dp_burst *burst, struct dp_prober *prober)
{
	/* The last pass goes first: a repetition is due, and a first probe can wait. */
	for (uint32_t p = prober->n_passes; p-- > 0;) {
		run_pass(burst, prober, p);
		if (p < prober->config->n_probes && p + 1 < prober->n_passes)
			mark_pass(prober, &prober->pass[p]);
	}
}

bool dp_pass_all_done(const struct dp_prober *prober)
{
	for (uint32_t p = 0; p < prober->n_passes; p++) {
		if (prober->pass[p].pos < prober->n_positions)
			return false;
	}
	return true;
}

void dp_pass_publish(struct dp_prober *prober)
{
	const struct dp_pass *last = &prober->pass[prober->config->n_probes - 1];
	uint64_t begun = RTE_MAX(prober->pass[0].pos, prober->n_again);
	uint64_t settled = RTE_MAX(RTE_MIN(last->pos, prober->defer_floor), prober->n_again);

	/* A deferred probe is not settled. */
	atomic_store_explicit(&prober->n_again_left,
		prober->n_again - RTE_MIN(prober->n_again, RTE_MIN(last->pos, prober->defer_floor)),
		memory_order_relaxed);
	atomic_store_explicit(&prober->n_begun, begun - prober->n_again, memory_order_relaxed);
	atomic_store_explicit(&prober->n_settled, settled - prober->n_again, memory_order_relaxed);
}
