/* SPDX-License-Identifier: BSD-3-Clause */
/* Building a poll core and taking it apart. */
#include <errno.h>

#include <rte_malloc.h>

#include "poll_core.h"
#include "scan_sizes.h"

/* Timer granularity of TCP. */
#define TICK_US 10000

static struct ts_stack_config stack_config(const struct dp_scan_config *config)
{
	return (struct ts_stack_config){
		.n_conns = config->max_conns,
		/* One in 64 connections can have a full reorder buffer at the same time. */
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
		.offer = config->syn_offer,
	};
}

size_t dp_poll_core_memory(const struct dp_scan_config *config)
{
	struct ts_stack_config tcp = stack_config(config);

	return ts_stack_size(&tcp) + config->max_conns * sizeof(struct dp_flow) +
	       dp_dedup_size(config->n_seen) + dp_prober_memory() + dp_snapshot_memory(config) +
	       dp_retry_memory() + dp_decoy_memory() + sizeof(struct dp_poll_core) +
	       (size_t)config->n_tls * rte_align32pow2(config->max_sessions) * sizeof(uint32_t);
}

static int init_slots(struct dp_poll_core *core)
{
	const struct dp_scan *scan = core->poll.scan;
	const struct dp_scan_config *config = &scan->config;
	uint32_t n = rte_align32pow2(config->max_sessions);

	for (uint32_t t = 0; t < config->n_tls; t++) {
		core->slots[t] = rte_malloc_socket(
			"tls_free", n * sizeof(*core->slots[t]), 64, scan->socket_id);
		if (core->slots[t] == NULL)
			return -ENOMEM;
	}
	return 0;
}

static void init_flows(struct dp_poll_core *core, struct ts_stack *tcp, struct dp_flow *memory)
{
	struct dp_scan *scan = core->poll.scan;
	struct dp_flow_config config = {
		.dialog = &scan->config.dialog,
		.services = scan->config.services,
		.targets = scan->targets,
		.probe_id = &core->poll.probe_id,
		.tx_chunks = &scan->tx_pool,
		.rx_chunks = &scan->rx_pool,
		.dialogs = &scan->dialog_pool,
		.stats = core->poll.stats,
		.start_unix_us = scan->clock.start_unix_us,
		.seed = scan->config.seed,
		.n_conns = scan->config.max_conns,
		.n_tls = scan->config.n_tls,
		.conn_limit_us = scan->config.conn_limit_us,
		.answer_us = scan->config.dialog.handshake_us,
		.rx_reserve = dp_scan_sizes(&scan->config).n_rx_sure,
		.decoys = scan->config.n_decoys > 0,
	};

	dp_flows_init(&core->rx.flows, &config, tcp, memory);
}

static int init_memory(struct dp_poll_core *core)
{
	struct dp_poll *poll = &core->poll;
	const struct dp_scan *scan = poll->scan;
	struct ts_stack_config tcp = stack_config(&scan->config);
	size_t sizes[] = {
		ts_stack_size(&tcp),
		scan->config.max_conns * sizeof(struct dp_flow),
		dp_dedup_size(scan->config.n_seen),
		dp_prober_memory(),
		dp_snapshot_memory(&scan->config),
		dp_retry_memory(),
		dp_decoy_memory(),
	};

	_Static_assert(RTE_DIM(sizes) == RTE_DIM(core->memory), "a block for each");

	for (size_t i = 0; i < RTE_DIM(sizes); i++) {
		if (sizes[i] == 0)
			continue;
		core->memory[i] = rte_zmalloc_socket("poll", sizes[i], 64, scan->socket_id);
		if (core->memory[i] == NULL)
			return -ENOMEM;
	}
	poll->stats = rte_zmalloc_socket("poll_stats", sizeof(*poll->stats), 64, scan->socket_id);
	if (poll->stats == NULL)
		return -ENOMEM;
	tcp.hash_key[0] = scan->cookie_key.k0 ^ poll->index;
	tcp.hash_key[1] = scan->cookie_key.k1;
	tcp.stamp_key = poll->probe_id.stamp_key;
	init_flows(core, ts_stack_init(core->memory[0], &tcp, 0), core->memory[1]);
	dp_dedup_init(&poll->dedup, core->memory[2], scan->config.n_seen, &scan->cookie_key);
	core->work.retries = (struct dp_retries){.poll = poll, .slots = core->memory[5]};
	core->work.decoys = (struct dp_decoys){.poll = poll, .hosts = core->memory[6]};
	core->work.loss.poll = poll;
	return 0;
}

static void init_probe_id(struct dp_poll *poll)
{
	static const char stamp_purpose[] = "probe: stamp";
	const struct dp_scan *scan = poll->scan;
	const struct dp_scan_config *config = &scan->config;
	uint32_t n_all = (uint32_t)(config->source_port_last - config->source_port_first) + 1;

	poll->probe_id = (struct dp_probe_id){
		.key = scan->cookie_key,
		/* A peer that finds it out learns nothing of the key itself. */
		.stamp_key = ts_siphash(&scan->cookie_key, stamp_purpose, sizeof(stamp_purpose)),
		.n_ports = (uint16_t)(n_all / config->n_poll),
	};
	poll->probe_id.port_first = (uint16_t)(config->source_port_first +
					       poll->index * poll->probe_id.n_ports);
}

int dp_poll_core_init(struct dp_poll_core *core, struct dp_scan *scan, uint32_t index)
{
	struct dp_poll *poll = &core->poll;
	static const char random_purpose[] = "poll: random";
	int ret;

	poll->scan = scan;
	poll->index = index;
	init_probe_id(poll);
	ret = init_memory(core);
	if (ret == 0)
		ret = init_slots(core);
	if (ret != 0)
		return ret;
	/* Packets show it, so it is no part of the key itself. */
	poll->random = (uint32_t)ts_siphash(
			       &scan->cookie_key, random_purpose, sizeof(random_purpose)) +
		       index;
	poll->tx = &core->tx;
	core->rx.poll = poll;
	core->rx.work = &core->work;
	core->purge.rx = &core->rx;
	core->tx = (struct dp_txq){
		.port_id = scan->port_id,
		.queue = (uint16_t)index,
		.mbufs = scan->mbufs,
		.stats = poll->stats,
	};
	dp_prober_init(&core->prober, poll, &core->work, core->memory[3]);
	dp_snapshot_init(&core->snapshot, &core->rx, &core->prober, core->memory[4]);
	return 0;
}

void dp_poll_core_fini(struct dp_poll_core *core)
{
	dp_txq_fini(&core->tx);
	for (size_t i = 0; i < RTE_DIM(core->memory); i++)
		rte_free(core->memory[i]);
	for (uint32_t t = 0; t < DP_MAX_TLS; t++)
		rte_free(core->slots[t]);
	rte_free(core->poll.stats);
}
