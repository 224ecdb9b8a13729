/* SPDX-License-Identifier: BSD-3-Clause */
#include "scan_sizes.h"

#include "dataplane/core/mempool.h"
#include "dataplane/flow/chunk.h"
#include "dataplane/flow/msg.h"
#include "poll_core.h"
#include "dataplane/port/port.h"
#include "dataplane/tlscore/tlscore.h"

static bool asks_http(const struct dp_scan_config *config)
{
	for (uint32_t i = 0; i < config->n_services; i++)
		if (config->services[i].proto == DL_HTTP)
			return true;
	return false;
}

static struct hp_plan_scan plan_scan(const struct dp_scan_config *config)
{
	return (struct hp_plan_scan){
		.n_poll = config->n_poll,
		.n_tls = config->n_tls,
		.max_conns = config->max_conns,
		.max_sessions = config->max_sessions,
		.max_body = asks_http(config) ? config->dialog.http_max_body : 0,
		.lab = config->lab,
		.all_outcomes = config->emit[DP_OUTCOME_CLOSED] ||
				config->emit[DP_OUTCOME_UNREACHABLE],
	};
}

struct hp_plan_counts dp_scan_sizes(const struct dp_scan_config *config)
{
	static const struct hp_plan_shares shares = {
		.poll_frames = 2 * DP_PORT_RING + DP_TXQ_DEPTH + DP_TXQ_SPARES +
			       DP_MISDIRECTED_RING,
		.lab_ring = DP_LAB_RING,
		.pool_cache = DP_POOL_CACHE,
		.session_rx_chunks = DP_PIPE_SURE,
		.session_tx_chunks = DP_PIPE_TX_CHUNKS,
		.session_msgs = DP_MSGS_PER_SLOT,
	};
	struct hp_plan_scan scan = plan_scan(config);

	return hp_plan_count(&scan, &shares);
}

static size_t pool_bytes(size_t n, size_t elt_size)
{
	struct rte_mempool_objsz size;

	rte_mempool_calc_obj_size((uint32_t)elt_size, DP_POOL_FLAGS, &size);
	/* The pool's own struct comes with a cache for each lcore there could be. */
	return n * size.total_size +
	       RTE_MEMPOOL_HEADER_SIZE((struct rte_mempool *)NULL, DP_POOL_CACHE) +
	       (size_t)rte_ring_get_memsize(rte_align32pow2((uint32_t)n + 1));
}

static size_t ring_bytes(size_t elt_size, uint32_t n)
{
	return (size_t)rte_ring_get_memsize_elem((unsigned int)elt_size, n);
}

static size_t queue_bytes(const struct dp_scan_config *config, const struct hp_plan_counts *sizes)
{
	struct hp_plan_scan scan = plan_scan(config);
	struct hp_plan_ring_bytes bytes = {
		.writer = ring_bytes(sizeof(struct dp_record), sizes->n_writer_ring),
		.control = ring_bytes(sizeof(struct dp_neigh_update), DP_CONTROL_RING),
		.msg = ring_bytes(sizeof(struct dp_msg), sizes->n_msg_ring),
		.misdirected = ring_bytes(sizeof(void *), DP_MISDIRECTED_RING),
		.lab = ring_bytes(sizeof(void *), DP_LAB_RING),
	};

	return hp_plan_queue_bytes(&scan, &bytes);
}

struct hp_plan_dpdk dp_scan_memory_parts(const struct dp_scan_config *config)
{
	struct hp_plan_counts sizes = dp_scan_sizes(config);
	size_t seen = config->n_poll * dp_dedup_size(config->n_seen);

	return (struct hp_plan_dpdk){
		.packet_buffers = pool_bytes(sizes.n_mbufs, sizeof(struct rte_mbuf) + DP_MBUF_ROOM),
		.chunks = pool_bytes(sizes.n_rx_chunks, sizeof(struct dp_chunk)) +
			  pool_bytes(sizes.n_tx_chunks, sizeof(struct dp_chunk)),
		.dialogs = pool_bytes(sizes.n_dialogs, sizeof(struct dl_dialog)),
		.connections = config->n_poll * dp_poll_core_memory(config) - seen,
		.answers_seen = seen,
		.sessions = config->n_tls * dp_tls_memory(config),
		.queues = queue_bytes(config, &sizes),
	};
}

size_t dp_scan_memory(const struct dp_scan_config *config)
{
	struct hp_plan_dpdk m = dp_scan_memory_parts(config);

	return hp_plan_dpdk_bytes(&m);
}

size_t dp_scan_tls_memory(const struct dp_scan_config *config)
{
	struct hp_plan_scan scan = plan_scan(config);

	return hp_plan_tls_bytes(&scan);
}
