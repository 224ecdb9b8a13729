/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include <rte_malloc.h>
#include <rte_pause.h>
#include <urcu/urcu-qsbr.h>

#include "dataplane/rx/carry_out.h"
#include "poll.h"
#include "scan_sizes.h"

/* Idle loops before a core that shares its CPU lets the others run, and for how long. */
#define IDLE_LOOPS    16
#define IDLE_PAUSE_US 20
/* How long the device may take over the last frames after an abort. */
#define ABORT_FLUSH_US 1000000
/* A device that has taken nothing for so long takes nothing any more. */
#define TX_GONE_US 5000000
/* Between two looks at the levels. */
#define PUBLISH_US 1000
/* Timer granularity of TCP. */
#define TICK_US 10000

static struct ts_stack_config stack_config(const struct dp_scan_config *config)
{
	return (struct ts_stack_config){
		.n_conns = config->max_conns,
		/* One connection in 64 can have a full reorder buffer at the same time. */
		.n_reorder = RTE_MAX(config->max_conns / 64 * TS_REORDER_SEGS, 256u),
		.tick_us = TICK_US,
		.rcv_wnd = DP_RCV_WND,
		.mss = DP_MSS,
		.rto_initial_us = 1000000,
		.rto_min_us = 300000,
		.rto_max_us = 60000000,
		.max_tries = 4,
		.max_challenge = 3,
		.max_repeats = 16,
		.fin_wait_us = 2000000,
	};
}

size_t dp_poll_memory(const struct dp_scan_config *config)
{
	struct ts_stack_config tcp = stack_config(config);

	return ts_stack_size(&tcp) + config->max_conns * sizeof(struct dp_flow) +
	       dp_seen_size(config->n_seen) + dp_prober_memory() + dp_snapshot_memory(config) +
	       sizeof(struct dp_poll) +
	       (size_t)config->n_tls * rte_align32pow2(config->max_sessions) * sizeof(uint32_t);
}

static int init_slots(struct dp_poll *poll)
{
	const struct dp_scan_config *config = &poll->scan->config;
	uint32_t n = rte_align32pow2(config->max_sessions);

	for (uint32_t t = 0; t < config->n_tls; t++) {
		poll->slots[t] = rte_malloc_socket(
			"tls_free", n * sizeof(*poll->slots[t]), 64, poll->scan->socket_id);
		if (poll->slots[t] == NULL)
			return -ENOMEM;
	}
	return 0;
}

static void init_flows(struct dp_poll *poll, struct ts_stack *tcp, struct dp_flow *memory)
{
	struct dp_scan *scan = poll->scan;
	struct dp_flow_config config = {
		.dialog = &scan->config.dialog,
		.services = scan->config.services,
		.targets = scan->targets,
		.ident = &poll->ident,
		.tx_chunks = &scan->tx_pool,
		.rx_chunks = &scan->rx_pool,
		.talks = &scan->talk_pool,
		.stats = poll->stats,
		.start_unix_us = scan->clock.start_unix_us,
		.seed = scan->config.seed,
		.n_conns = scan->config.max_conns,
		.n_tls = scan->config.n_tls,
		.conn_limit_us = scan->config.conn_limit_us,
		.answer_us = scan->config.dialog.handshake_us,
		.rx_reserve = dp_scan_sizes(&scan->config).n_rx_sure,
		.decoys = scan->config.n_decoys > 0,
	};

	dp_flows_init(&poll->flows, &config, tcp, memory);
}

static int init_memory(struct dp_poll *poll)
{
	const struct dp_scan *scan = poll->scan;
	struct ts_stack_config tcp = stack_config(&scan->config);
	size_t sizes[] = {
		ts_stack_size(&tcp),
		scan->config.max_conns * sizeof(struct dp_flow),
		dp_seen_size(scan->config.n_seen),
		dp_prober_memory(),
		dp_snapshot_memory(&scan->config),
	};

	for (size_t i = 0; i < RTE_DIM(sizes); i++) {
		if (sizes[i] == 0)
			continue;
		poll->memory[i] = rte_zmalloc_socket("poll", sizes[i], 64, scan->socket_id);
		if (poll->memory[i] == NULL)
			return -ENOMEM;
	}
	poll->stats = rte_zmalloc_socket("poll_stats", sizeof(*poll->stats), 64, scan->socket_id);
	if (poll->stats == NULL)
		return -ENOMEM;
	tcp.hash_key[0] = scan->cookie_key.k0 ^ poll->index;
	tcp.hash_key[1] = scan->cookie_key.k1;
	init_flows(poll, ts_stack_init(poll->memory[0], &tcp, 0), poll->memory[1]);
	dp_seen_init(&poll->seen, poll->memory[2], scan->config.n_seen, &scan->cookie_key);
	return 0;
}

int dp_poll_init(struct dp_poll *poll, struct dp_scan *scan, uint32_t index)
{
	static const char random_purpose[] = "poll: random";
	const struct dp_scan_config *config = &scan->config;
	uint32_t n_all = (uint32_t)(config->source_port_last - config->source_port_first) + 1;
	int ret;

	poll->scan = scan;
	poll->index = index;
	ret = init_memory(poll);
	if (ret == 0)
		ret = init_slots(poll);
	if (ret != 0)
		return ret;
	poll->ident = (struct dp_ident){
		.key = scan->cookie_key,
		.n_ports = (uint16_t)(n_all / config->n_poll),
	};
	poll->ident.port_first = (uint16_t)(config->source_port_first +
					    index * poll->ident.n_ports);
	/* Goes out in every packet: no part of the key itself. */
	poll->random = (uint32_t)ts_siphash(
			       &scan->cookie_key, random_purpose, sizeof(random_purpose)) +
		       index;
	poll->tx = (struct dp_txq){
		.port_id = scan->port_id,
		.queue = (uint16_t)index,
		.mbufs = scan->mbufs,
		.stats = poll->stats,
	};
	dp_prober_init(poll, poll->memory[3]);
	dp_snapshot_init(poll, poll->memory[4]);
	return 0;
}

void dp_poll_fini(struct dp_poll *poll)
{
	dp_txq_fini(&poll->tx);
	for (size_t i = 0; i < RTE_DIM(poll->memory); i++)
		rte_free(poll->memory[i]);
	for (uint32_t t = 0; t < DP_MAX_TLS; t++)
		rte_free(poll->slots[t]);
	rte_free(poll->stats);
}

bool dp_poll_reply(
	struct dp_poll *poll, enum dp_reply reply, enum dp_counter suppressed, uint32_t frame_len)
{
	bool ok = dp_replies_take(&poll->replies, reply, dp_wire_len(frame_len), poll->now_us);

	dp_count(poll->stats, ok ? DP_REPLIES_SENT : suppressed);
	return ok;
}

static uint32_t poll_messages(struct dp_poll *poll)
{
	uint32_t n_all = 0;

	for (uint32_t t = 0; t < poll->scan->config.n_tls; t++) {
		struct dp_msg msgs[DP_MSG_BUDGET];
		unsigned int n = rte_ring_sc_dequeue_burst_elem(
			poll->from_tls[t], msgs, sizeof(msgs[0]), DP_MSG_BUDGET, NULL);

		for (unsigned int i = 0; i < n; i++) {
			dp_flow_message(&poll->flows, t, &msgs[i], poll->now_us);
			dp_carry_out(poll);
		}
		n_all += n;
	}
	return n_all;
}

/* Levels for people and programs that look once a second: dear to gather in every turn. */
static void publish_gauges(struct dp_poll *poll)
{
	struct dp_stats *stats = poll->stats;

	dp_gauge_set(stats, DP_G_OPEN_CONNS, ts_stack_n_open(poll->flows.tcp));
	dp_gauge_set(stats, DP_G_TLS_SESSIONS, poll->flows.n_sessions);
	dp_gauge_set(stats, DP_G_TLS_WAITING, poll->flows.want_talk.n + poll->flows.want_credit.n);
	dp_gauge_set(stats, DP_G_RECORDS_PENDING, poll->flows.records.n);
	dp_gauge_set(stats, DP_G_TIMER_LAG_US, ts_lag_us(poll->flows.tcp, poll->now_us));
	dp_gauge_set(stats, DP_G_RATE_LOST, dp_budget_lost(&poll->prober.budget));
	dp_gauge_set(stats, DP_G_RATE_OVERDRAWN, dp_budget_forgiven(&poll->prober.budget));
	dp_gauge_set(stats, DP_G_LOOP_MAX_US,
		dp_clock_span_us(&poll->scan->clock, dp_stats_loop_max(&stats, 1)));
	poll->publish_us = poll->now_us + PUBLISH_US;
}

/* New probes, while there may be any. @return how much was done */
static uint32_t probe(struct dp_poll *poll)
{
	_Atomic uint32_t *stall = &poll->stats->stall;
	uint32_t n;

	if (poll->live->mode != DP_RUN) {
		atomic_store_explicit(stall, DP_STALL_STOPPING, memory_order_relaxed);
		return 0;
	}
	n = dp_prober_run(poll);
	atomic_store_explicit(&poll->probing_done,
		atomic_load_explicit(stall, memory_order_relaxed) == DP_STALL_DONE,
		memory_order_relaxed);
	return n;
}

/* The first core asks for the gateways, whether it probes or not: connections need them, too. */
static void look_after_gateways(struct dp_poll *poll)
{
	const struct dp_route *route = &poll->scan->config.route;
	const struct ts_addr *const gateway[] = {&route->gateway_v4, &route->gateway_v6};

	for (uint32_t i = 0; poll->index == 0 && i < RTE_DIM(gateway); i++) {
		if (poll->live->gateway_state[i] >= DP_GATEWAY_POLL)
			dp_hop_look_after_gateway(poll, gateway[i], poll->live->gateway_state[i]);
	}
}

/* One turn; worked: the one before did something. Returns how much was done. */
static uint32_t turn(struct dp_poll *poll, bool worked)
{
	uint64_t now_ticks = rte_rdtsc();
	uint32_t n, n_sent;

	dp_loop_turn(&poll->stats->loops, now_ticks, worked);
	poll->now_us = dp_clock_at(&poll->scan->clock, now_ticks);
	dp_replies_turn(&poll->replies, poll->tx.n_frames, poll->now_us);
	look_after_gateways(poll);
	n = dp_rx_poll(poll);
	n += poll_messages(poll);
	n += dp_carry_turn(poll);
	n += probe(poll);
	/* Never fuller than before it is emptied. */
	dp_gauge_peak(poll->stats, DP_G_TX_QUEUE_PEAK, poll->tx.n);
	dp_snapshot_step(poll);
	n_sent = dp_txq_flush(&poll->tx);
	if (n_sent > 0 || poll->tx.n == 0)
		poll->tx_moved_us = poll->now_us;
	return n + n_sent;
}

/* In DP_DRAIN and DP_ABORT: is there anything left to wait for? */
static bool drained(const struct dp_poll *poll)
{
	if (poll->live->mode < DP_DRAIN || ts_stack_n_open(poll->flows.tcp) > 0)
		return false;
	/* The device may be gone: it does not get for ever to take the last frames. */
	return poll->tx.n == 0 || poll->now_us - poll->tx_moved_us > TX_GONE_US ||
	       (poll->abort_us != 0 && poll->now_us - poll->abort_us > ABORT_FLUSH_US);
}

static void sleep_a_little(struct dp_poll *poll)
{
	dp_loop_sleep(&poll->stats->loops);
	rte_delay_us_sleep(IDLE_PAUSE_US);
}

int dp_poll_main(void *arg)
{
	struct dp_poll *poll = arg;
	uint32_t n_idle = 0, n = 0;

	urcu_qsbr_register_thread();
	for (;;) {
		poll->live = dp_live_get(&poll->scan->live);
		dp_carry_look(poll);
		if (poll->live->mode == DP_ABORT && poll->abort_us == 0) {
			poll->abort_us = poll->now_us + 1;
			dp_carry_abort_all(poll);
		}
		dp_sweep_run(poll);
		n = turn(poll, n > 0);
		dp_count(poll->stats, DP_LOOPS);
		if (poll->now_us >= poll->publish_us)
			publish_gauges(poll);
		if (!poll->done && drained(poll)) {
			poll->done = true;
			atomic_fetch_add_explicit(&poll->scan->n_drained, 1, memory_order_relaxed);
		}
		/* All leave together: until then each serves its queue, where others' frames come
		 * too. */
		if (atomic_load_explicit(&poll->scan->n_drained, memory_order_relaxed) ==
			poll->scan->config.n_poll)
			break;
		urcu_qsbr_quiescent_state();
		if (n > 0) {
			n_idle = 0;
			continue;
		}
		dp_count(poll->stats, DP_LOOPS_IDLE);
		if (!poll->scan->config.shared_cpus)
			rte_pause();
		else if (++n_idle >= IDLE_LOOPS)
			sleep_a_little(poll);
	}
	publish_gauges(poll);
	dp_decoy_abandon(poll);
	dp_count_n(poll->stats, DP_RETRIES_ABANDONED, dp_prober_n_retries_open(poll));
	/* Release; pairs with the acquire in dp_scan_exclude(). */
	atomic_store_explicit(&poll->excluded_gen, UINT64_MAX, memory_order_release);
	urcu_qsbr_unregister_thread();
	return 0;
}
