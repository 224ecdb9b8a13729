/* SPDX-License-Identifier: BSD-3-Clause */
#include "snapshot.h"

#include "poll.h"

/* What the connections, all three rings and the notes can hold. */
static uint32_t snapshot_cap(const struct dp_scan_config *config)
{
	return config->max_conns + config->max_conns / 4 + DP_RETRY_SLOTS + DP_DEFER_SLOTS +
	       DP_RECENT_SLOTS;
}

size_t dp_snapshot_memory(const struct dp_scan_config *config)
{
	if (!config->snapshots)
		return 0;
	return DP_RECENT_SLOTS * sizeof(struct dp_recent) +
	       snapshot_cap(config) * sizeof(struct dp_target);
}

void dp_snapshot_init(struct dp_poll *poll, void *memory)
{
	struct dp_snapshot *s = &poll->snapshot;

	if (!poll->scan->config.snapshots)
		return;
	s->recent = memory;
	s->targets = (struct dp_target *)(void *)&s->recent[DP_RECENT_SLOTS];
	s->cap = snapshot_cap(&poll->scan->config);
}

static const struct dp_recent *recent_at(const struct dp_poll *poll, uint32_t at)
{
	return &poll->snapshot.recent[at % DP_RECENT_SLOTS];
}

/* Nothing is waited for any more: it has had its answer, and its line, or it has none. */
static bool is_over(const struct dp_poll *poll, const struct dp_recent *recent)
{
	return poll->now_us - recent->sent_us >= poll->scan->config.cooldown_us;
}

bool dp_recent_room(struct dp_poll *poll)
{
	struct dp_snapshot *s = &poll->snapshot;
	uint32_t n_look = DP_SNAPSHOT_STEP;

	if (s->recent == NULL)
		return true;
	/* During a walk nothing is forgotten: what is sent now has to be found at its end. */
	while (s->phase == DP_SNAPSHOT_IDLE && s->recent_head != s->recent_tail && n_look-- > 0 &&
		is_over(poll, recent_at(poll, s->recent_head)))
		s->recent_head++;
	return s->recent_tail - s->recent_head < DP_RECENT_SLOTS;
}

void dp_recent_add(struct dp_poll *poll, const struct dp_target *target)
{
	struct dp_snapshot *s = &poll->snapshot;

	if (s->recent == NULL)
		return;
	s->recent[s->recent_tail++ % DP_RECENT_SLOTS] = (struct dp_recent){*target, poll->now_us};
}

static void copy(struct dp_snapshot *s, const struct dp_target *target)
{
	if (s->n < s->cap)
		s->targets[s->n++] = *target;
	else
		s->overflow = true;
}

void dp_snapshot_note(struct dp_poll *poll, const struct ts_addr *addr, uint16_t service)
{
	struct dp_target target = {*addr, service};

	if (poll->snapshot.phase != DP_SNAPSHOT_IDLE)
		copy(&poll->snapshot, &target);
}

/* Each part of the walk: true when it is through. */

static bool walk_conns(struct dp_poll *poll)
{
	struct dp_snapshot *s = &poll->snapshot;
	uint32_t end = RTE_MIN(s->at + DP_SNAPSHOT_STEP, poll->scan->config.max_conns);

	for (; s->at < end; s->at++) {
		const struct dp_flow *flow = &poll->flows.flows[s->at];

		if (flow->phase != DP_FLOW_FREE)
			copy(s, &(struct dp_target){
					ts_conn(poll->flows.tcp, s->at)->raddr, flow->service});
	}
	return s->at == poll->scan->config.max_conns;
}

static bool walk_retries(struct dp_poll *poll)
{
	struct dp_snapshot *s = &poll->snapshot;
	const struct dp_prober *prober = &poll->prober;
	uint32_t n = 0;

	/* What was sent before the walk came to it is among the recent ones, and behind the
	 * others. */
	if ((int32_t)(prober->retry_head - s->at) > 0)
		s->at = prober->retry_head;
	for (; s->at != prober->retry_tail && n < DP_SNAPSHOT_STEP; s->at++, n++) {
		const struct dp_retry *retry = &prober->retry[s->at % DP_RETRY_SLOTS];

		/* One that has answered is a connection, or has its line, which may stand before
		 * the place from which on lines are read back. */
		if (dp_prober_retry_open(poll, retry))
			copy(s, &retry->target);
	}
	return s->at == prober->retry_tail;
}

/* All at once: this row is turned round while it is looked through. It is empty but on our own
 * network. */
static void walk_deferred(struct dp_poll *poll)
{
	const struct dp_prober *prober = &poll->prober;

	for (uint32_t i = prober->defer_head; i != prober->defer_tail; i++) {
		const struct dp_deferred *d = &prober->deferred[i % DP_DEFER_SLOTS];

		if (d->kind == DP_PROBE_PROPER)
			copy(&poll->snapshot, &d->target);
	}
}

/* Some may be long over: the prober forgets them, and it may have stood still. */
static bool walk_recent(struct dp_poll *poll)
{
	struct dp_snapshot *s = &poll->snapshot;

	for (uint32_t n = 0; s->at != s->recent_tail && n < DP_SNAPSHOT_STEP; s->at++, n++) {
		if (!is_over(poll, recent_at(poll, s->at)))
			copy(s, &recent_at(poll, s->at)->target);
	}
	return s->at == s->recent_tail;
}

static void publish(struct dp_poll *poll)
{
	struct dp_snapshot *s = &poll->snapshot;

	s->phase = DP_SNAPSHOT_IDLE;
	s->n_records = atomic_load_explicit(
		&poll->stats->counter[DP_RECORDS], memory_order_relaxed);
	/* Release; pairs with the acquire in dp_snapshot_ready(). */
	atomic_store_explicit(&s->published, s->number, memory_order_release);
}

void dp_snapshot_step(struct dp_poll *poll)
{
	struct dp_snapshot *s = &poll->snapshot;

	/* After an abort the connections are gone and their work is still open: the checkpoint
	 * before it stands. */
	if (poll->abort_us != 0)
		return;
	switch (s->phase) {
	case DP_SNAPSHOT_IDLE: {
		/* Acquire; pairs with the release in dp_snapshot_ask(): the writer has let go of
		 * the copy before. */
		uint32_t wanted = atomic_load_explicit(
			&poll->scan->snapshot_wanted, memory_order_acquire);

		if (wanted == s->number)
			return;
		s->number = wanted;
		s->n = s->at = 0;
		s->overflow = false;
		s->phase = DP_SNAPSHOT_CONNS;
		return;
	}
	case DP_SNAPSHOT_CONNS:
		if (!walk_conns(poll))
			return;
		s->at = poll->prober.retry_head;
		s->phase = DP_SNAPSHOT_RETRIES;
		return;
	case DP_SNAPSHOT_RETRIES:
		if (walk_retries(poll))
			s->phase = DP_SNAPSHOT_DEFERRED;
		return;
	case DP_SNAPSHOT_DEFERRED:
		walk_deferred(poll);
		s->at = s->recent_head;
		s->phase = DP_SNAPSHOT_RECENT;
		return;
	case DP_SNAPSHOT_RECENT:
		if (walk_recent(poll))
			publish(poll);
		return;
	}
}

void dp_snapshot_ask(struct dp_scan *scan)
{
	/* Release; pairs with the acquire in dp_snapshot_step(). */
	atomic_fetch_add_explicit(&scan->snapshot_wanted, 1, memory_order_release);
}

bool dp_snapshot_ready(const struct dp_scan *scan)
{
	uint32_t wanted = atomic_load_explicit(&scan->snapshot_wanted, memory_order_relaxed);

	for (uint32_t p = 0; p < scan->config.n_poll; p++) {
		/* Acquire; pairs with the release in publish(). */
		if (atomic_load_explicit(
			    &scan->poll[p]->snapshot.published, memory_order_acquire) != wanted)
			return false;
	}
	return true;
}

/* Own indices of a core, and the index of the n-th of them. */
static uint64_t own_indices(const struct dp_scan *scan, uint32_t p)
{
	uint64_t n = scan->config.n_indices;

	return n / scan->config.n_poll + (n % scan->config.n_poll > p);
}

static uint64_t index_of(const struct dp_scan *scan, uint32_t p, uint64_t nth)
{
	return scan->config.index_first + nth * scan->config.n_poll + p;
}

bool dp_snapshot_progress(const struct dp_scan *scan, uint64_t *begun, uint64_t *settled)
{
	*begun = scan->config.index_first;
	*settled = scan->config.index_first + scan->config.n_indices;
	for (uint32_t p = 0; p < scan->config.n_poll; p++) {
		const struct dp_poll *poll = scan->poll[p];
		uint64_t n_begun = atomic_load_explicit(&poll->n_begun, memory_order_relaxed);
		uint64_t n_settled = atomic_load_explicit(&poll->n_settled, memory_order_relaxed);

		if (atomic_load_explicit(&poll->n_again_left, memory_order_relaxed) > 0)
			return false;
		if (n_begun > 0)
			*begun = RTE_MAX(*begun, index_of(scan, p, n_begun - 1) + 1);
		if (n_settled < own_indices(scan, p))
			*settled = RTE_MIN(*settled, index_of(scan, p, n_settled));
	}
	return true;
}

bool dp_snapshot_finish(struct dp_scan *scan)
{
	for (uint32_t p = 0; p < scan->config.n_poll; p++) {
		if (scan->poll[p]->abort_us != 0)
			return false;
	}
	while (!dp_snapshot_ready(scan)) {
		for (uint32_t p = 0; p < scan->config.n_poll; p++)
			dp_snapshot_step(scan->poll[p]);
	}
	return true;
}
