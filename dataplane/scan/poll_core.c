/* SPDX-License-Identifier: BSD-3-Clause */
#include <urcu/urcu-qsbr.h>

#include "poll_core.h"

#include "dataplane/core/idle.h"
#include "dataplane/rx/carry_out.h"

/* A core that shares its CPU sleeps after this many turns without work. */
#define IDLE_LOOPS 16
/* How long the device may take for the last frames after an abort. */
#define ABORT_FLUSH_US 1000000
/* A device that has taken no frame for this long is taken for gone. */
#define TX_GONE_US 5000000
/* Messages taken from one TLS core in one turn. */
#define MSG_BUDGET 64
/* Probing stops if less than this share of the writer's ring is free. The rest is for answers that
 * are on their way. */
#define WRITER_STALL_SHARE 2
/* Time between two publications of the gauges. */
#define PUBLISH_US 1000

static uint32_t poll_messages(struct dp_poll_core *core)
{
	const struct dp_poll *poll = &core->poll;
	uint32_t n_all = 0;

	for (uint32_t t = 0; t < poll->scan->config.n_tls; t++) {
		struct dp_msg msgs[MSG_BUDGET];
		unsigned int n = rte_ring_sc_dequeue_burst_elem(
			core->from_tls[t], msgs, sizeof(msgs[0]), MSG_BUDGET, NULL);

		for (unsigned int i = 0; i < n; i++) {
			dp_flow_message(&core->rx.flows, t, &msgs[i], poll->now_us);
			dp_carry_out(&core->rx);
		}
		n_all += n;
	}
	return n_all;
}

/* Users and programs look at gauges once a second, so they are not published in every turn. */
static void publish_gauges(struct dp_poll_core *core)
{
	const struct dp_poll *poll = &core->poll;
	const struct dp_flows *flows = &core->rx.flows;
	struct dp_stats *stats = poll->stats;

	dp_gauge_set(stats, DP_G_OPEN_CONNS, ts_stack_n_open(flows->tcp));
	dp_gauge_set(stats, DP_G_TLS_SESSIONS, flows->n_sessions);
	dp_gauge_set(stats, DP_G_TLS_WAITING, flows->want_dialog.n + flows->want_credit.n);
	dp_gauge_set(stats, DP_G_RECORDS_PENDING, flows->records.n);
	dp_gauge_set(stats, DP_G_TIMER_LAG_US, ts_lag_us(flows->tcp, poll->now_us));
	dp_gauge_set(stats, DP_G_RATE_LOST, dp_budget_lost(&core->prober.budget));
	dp_gauge_set(stats, DP_G_RATE_OVERDRAWN, dp_budget_forgiven(&core->prober.budget));
	dp_gauge_set(stats, DP_G_LOOP_MAX_US,
		dp_clock_span_us(&poll->scan->clock, dp_stats_loop_max(&stats, 1)));
	core->publish_us = poll->now_us + PUBLISH_US;
}

enum dp_stall dp_poll_core_busy(const struct dp_poll_core *core)
{
	const struct dp_poll *poll = &core->poll;
	const struct dp_scan_config *config = &poll->scan->config;
	const struct dp_flows *flows = &core->rx.flows;
	const struct rte_ring *writer = poll->scan->to_writer[poll->index];

	if (poll->live->no_link)
		return DP_STALL_LINK;
	if (poll->live->no_room)
		return DP_STALL_DISK;
	/* Well below what stops the receive path (rx.c), so that answers are received while probes
	 * wait. Otherwise a far end that takes no frame until we receive would wait for ever. */
	if (core->tx.n > DP_TXQ_DEPTH / 4)
		return DP_STALL_TX;
	if (flows->records.n > 0 ||
		rte_ring_free_count(writer) < rte_ring_get_capacity(writer) / WRITER_STALL_SHARE)
		return DP_STALL_WRITER;
	if (flows->want_dialog.n + flows->want_credit.n >= config->max_sessions)
		return DP_STALL_TLS;
	if (ts_stack_n_open(flows->tcp) >= config->max_conns - config->max_conns / 4)
		return DP_STALL_CONNECTIONS;
	return DP_STALL_NONE;
}

/* Send new probes if the mode allows them. @return how much was done */
static uint32_t probe(struct dp_poll_core *core)
{
	const struct dp_poll *poll = &core->poll;
	_Atomic uint32_t *stall = &poll->stats->stall;
	uint32_t n;

	if (poll->live->mode != DP_RUN) {
		atomic_store_explicit(stall, DP_STALL_STOPPING, memory_order_relaxed);
		return 0;
	}
	n = dp_prober_run(&core->prober, dp_poll_core_busy(core));
	atomic_store_explicit(&core->probing_done,
		atomic_load_explicit(stall, memory_order_relaxed) == DP_STALL_DONE,
		memory_order_relaxed);
	return n;
}

/* The first core asks for the gateways, also if it does not probe: connections need them, too. */
static void look_after_gateways(struct dp_poll_core *core)
{
	const struct dp_poll *poll = &core->poll;
	const struct dp_route *route = &poll->scan->config.route;
	const struct ts_addr *const gateway[] = {&route->gateway_v4, &route->gateway_v6};

	for (uint32_t i = 0; poll->index == 0 && i < RTE_DIM(gateway); i++) {
		if (poll->live->gateway_state[i] >= DP_GATEWAY_POLL)
			dp_hop_look_after_gateway(
				&core->prober, gateway[i], poll->live->gateway_state[i]);
	}
}

/* One turn. worked: the turn before it had work. @return how much was done */
static uint32_t turn(struct dp_poll_core *core, bool worked)
{
	struct dp_poll *poll = &core->poll;
	uint64_t now_ticks = rte_rdtsc();
	uint32_t n, n_sent;

	dp_loop_turn(&poll->stats->loops, now_ticks, worked);
	poll->now_us = dp_clock_at(&poll->scan->clock, now_ticks);
	dp_replies_turn(&poll->replies, core->tx.n_frames, poll->now_us);
	look_after_gateways(core);
	n = dp_rx_poll(&core->rx);
	n += poll_messages(core);
	n += dp_carry_turn(&core->rx);
	n += probe(core);
	/* The queue is fullest now, before it is flushed. */
	dp_gauge_peak(poll->stats, DP_G_TX_QUEUE_PEAK, core->tx.n);
	if (core->abort_us == 0)
		dp_snapshot_step(&core->snapshot);
	n_sent = dp_txq_flush(&core->tx);
	if (n_sent > 0 || core->tx.n == 0)
		poll->tx_moved_us = poll->now_us;
	return n + n_sent;
}

/* In DP_DRAIN and DP_ABORT: is there anything left to wait for? */
static bool drained(const struct dp_poll_core *core)
{
	const struct dp_poll *poll = &core->poll;
	if (poll->live->mode < DP_DRAIN || ts_stack_n_open(core->rx.flows.tcp) > 0)
		return false;
	/* The device may be gone, so the last frames do not wait for ever. */
	return core->tx.n == 0 || poll->now_us - poll->tx_moved_us > TX_GONE_US ||
	       (core->abort_us != 0 && poll->now_us - core->abort_us > ABORT_FLUSH_US);
}

int dp_poll_core_main(void *arg)
{
	struct dp_poll *poll = arg;
	struct dp_poll_core *core = dp_poll_core_of(poll);
	struct dp_idle idle = dp_idle_naps(
		poll->scan->config.shared_cpus ? IDLE_LOOPS : UINT32_MAX);
	uint32_t n = 0;

	urcu_qsbr_register_thread();
	for (;;) {
		poll->live = dp_live_get(&poll->scan->live);
		dp_carry_look(&core->rx, poll->live->exclude_gen != core->purge.done_gen);
		if (poll->live->mode == DP_ABORT && core->abort_us == 0) {
			core->abort_us = poll->now_us + 1;
			dp_carry_abort_all(&core->rx);
		}
		dp_purge_run(&core->purge);
		n = turn(core, n > 0);
		dp_count(poll->stats, DP_LOOPS);
		if (poll->now_us >= core->publish_us)
			publish_gauges(core);
		if (!poll->done && drained(core)) {
			poll->done = true;
			atomic_fetch_add_explicit(&poll->scan->n_drained, 1, memory_order_relaxed);
		}
		/* All poll cores leave the loop together. Until then each serves its queue, where
		 * frames of other cores come, too. */
		if (atomic_load_explicit(&poll->scan->n_drained, memory_order_relaxed) ==
			poll->scan->config.n_poll)
			break;
		urcu_qsbr_quiescent_state();
		if (n > 0)
			dp_idle_worked(&idle);
		else
			dp_idle_wait(&idle, poll->stats);
	}
	publish_gauges(core);
	dp_decoy_abandon(&core->work.decoys);
	dp_count_n(poll->stats, DP_RETRIES_ABANDONED, dp_retry_n_open(&core->work.retries));
	dp_purge_end(&core->purge);
	urcu_qsbr_unregister_thread();
	return 0;
}
