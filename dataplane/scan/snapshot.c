/* SPDX-License-Identifier: BSD-3-Clause */
#include "snapshot.h"

#include "dataplane/core/poll.h"
#include "dataplane/core/work.h"
#include "dataplane/probe/prober.h"
#include "dataplane/rx/rx.h"

/* What the connections, all three rings and the notes can hold. */
static uint32_t snapshot_cap(const struct dp_scan_config *config)
{
	return config->max_conns + config->max_conns / 4 + DP_RETRY_SLOTS + DP_DEFER_SLOTS +
	       DP_RECENT_SLOTS;
}

size_t dp_snapshot_memory(const struct dp_scan_config *config)
{
	return config->snapshots ? dp_notes_memory(snapshot_cap(config)) : 0;
}

void dp_snapshot_init(
	struct dp_snapshot *s, struct dp_rx *rx, const struct dp_prober *prober, void *memory)
{
	const struct dp_scan_config *config = &rx->poll->scan->config;

	s->rx = rx;
	s->prober = prober;
	if (config->snapshots)
		dp_notes_init(&rx->work->notes, memory, snapshot_cap(config), config->cooldown_us);
}

/* The parts of the walk. Each returns true if it is complete. */

static bool walk_conns(struct dp_snapshot *s)
{
	uint32_t n_conns = s->rx->poll->scan->config.max_conns;
	uint32_t end = RTE_MIN(s->at + DP_SNAPSHOT_STEP, n_conns);

	for (; s->at < end; s->at++) {
		const struct dp_flow *flow = &s->rx->flows.flows[s->at];

		if (flow->phase != DP_FLOW_FREE)
			dp_notes_copy(&s->rx->work->notes,
				&(struct dp_target){
					ts_conn(s->rx->flows.tcp, s->at)->raddr, flow->service});
	}
	return s->at == n_conns;
}

static bool walk_retries(struct dp_snapshot *s)
{
	const struct dp_retries *list = &s->rx->work->retries;
	uint32_t n = 0;

	/* Entries before the head were asked again during the walk. They are among the recent ones,
	 * and at the end of the list. */
	if ((int32_t)(list->queue.head - s->at) > 0)
		s->at = list->queue.head;
	for (; s->at != list->queue.tail && n < DP_SNAPSHOT_STEP; s->at++, n++) {
		const struct dp_retry *retry = &list->slots[dp_queue_place(s->at, DP_RETRY_SLOTS)];

		/* If a target has answered, it is a connection or has its record. That record may
		 * be older than the lines that a resumed scan reads back. */
		if (dp_retry_open(list, retry))
			dp_notes_copy(&s->rx->work->notes, &retry->target);
	}
	return s->at == list->queue.tail;
}

/* All at once, because the prober moves entries of this queue from head to tail. Only targets on
 * our own network are in it. */
static void walk_deferred(struct dp_snapshot *s)
{
	const struct dp_prober *prober = s->prober;

	for (uint32_t i = prober->defer_queue.head; i != prober->defer_queue.tail; i++) {
		const struct dp_deferred *d = &prober->deferred[dp_queue_place(i, DP_DEFER_SLOTS)];

		if (d->kind == DP_PROBE_PRIMARY)
			dp_notes_copy(&s->rx->work->notes, &d->target);
	}
}

/* Some entries may be over: the prober forgets them, but it may not have run for a while. */
static bool walk_recent(struct dp_snapshot *s)
{
	struct dp_notes *notes = &s->rx->work->notes;

	for (uint32_t n = 0; s->at != notes->queue.tail && n < DP_SNAPSHOT_STEP; s->at++, n++) {
		const struct dp_recent *recent =
			&notes->recent[dp_queue_place(s->at, DP_RECENT_SLOTS)];

		if (!dp_notes_over(notes, recent, s->rx->poll->now_us))
			dp_notes_copy(notes, &recent->target);
	}
	return s->at == notes->queue.tail;
}

static void start(struct dp_snapshot *s, uint32_t number)
{
	struct dp_notes *notes = &s->rx->work->notes;

	s->number = number;
	s->at = 0;
	s->phase = DP_SNAPSHOT_CONNS;
	notes->n = 0;
	notes->overflow = false;
	notes->walking = true;
}

static void publish(struct dp_snapshot *s)
{
	s->phase = DP_SNAPSHOT_IDLE;
	s->rx->work->notes.walking = false;
	s->n_records = atomic_load_explicit(
		&s->rx->poll->stats->counter[DP_RECORDS], memory_order_relaxed);
	/* Release; pairs with the acquire in dp_snapshot_ready(). */
	atomic_store_explicit(&s->published, s->number, memory_order_release);
}

void dp_snapshot_step(struct dp_snapshot *s)
{
	switch (s->phase) {
	case DP_SNAPSHOT_IDLE: {
		/* Acquire; pairs with the release in dp_snapshot_ask(): the writer does not read
		 * the last copy any more. */
		uint32_t wanted = atomic_load_explicit(
			&s->rx->poll->scan->snapshot_wanted, memory_order_acquire);

		if (wanted != s->number)
			start(s, wanted);
		return;
	}
	case DP_SNAPSHOT_CONNS:
		if (!walk_conns(s))
			return;
		s->at = s->rx->work->retries.queue.head;
		s->phase = DP_SNAPSHOT_RETRIES;
		return;
	case DP_SNAPSHOT_RETRIES:
		if (walk_retries(s))
			s->phase = DP_SNAPSHOT_DEFERRED;
		return;
	case DP_SNAPSHOT_DEFERRED:
		walk_deferred(s);
		s->at = s->rx->work->notes.queue.head;
		s->phase = DP_SNAPSHOT_RECENT;
		return;
	case DP_SNAPSHOT_RECENT:
		if (walk_recent(s))
			publish(s);
		return;
	}
}
