/* SPDX-License-Identifier: BSD-3-Clause */
#include "scan_sizes.h"

#include "dataplane/core/mempool.h"
#include "dataplane/flow/chunk.h"
#include "dataplane/flow/msg.h"
#include "poll_core.h"
#include "dataplane/port/port.h"
#include "dataplane/tlscore/tlscore.h"

/* A wolfSSL session at its peak, with the chain kept for the record; bench/ counts it. */
#define TLS_SESSION_BYTES (20 * 1024 + 8 * 1024)
#define MSG_RING_MIN	  4096
/* Findings that may wait for the writer while a disk hiccups. */
#define WRITER_RING	16384
#define WRITER_RING_ALL 131072 /* with closed and unreachable ports reported too */

/* Sessions at once over all cores: no more than there are connections. */
static uint32_t all_sessions(const struct dp_scan_config *config)
{
	uint64_t n = (uint64_t)config->max_sessions * config->n_tls;

	return (uint32_t)RTE_MIN(n, (uint64_t)config->max_conns * config->n_poll);
}

struct dp_sizes dp_scan_sizes(const struct dp_scan_config *config)
{
	uint32_t sessions = all_sessions(config);
	/* What lies in the caches of other cores, up to one and a half times their nominal size, is
	 * not there for the one that wants it. */
	uint32_t cached = (config->n_poll + config->n_tls) * DP_POOL_CACHE * 3 / 2;
	bool all = config->emit[DP_OUTCOME_CLOSED] || config->emit[DP_OUTCOME_UNREACHABLE];
	struct dp_sizes sizes = {
		.n_mbufs = config->n_poll * (2 * DP_PORT_RING + DP_TXQ_DEPTH + DP_TXQ_SPARES +
						    DP_MISDIRECTED_RING) +
			   1023,
		.n_rx_sure = DP_PIPE_SURE * sessions,
		.n_msg_ring = rte_align32pow2(RTE_MAX(
			2 * DP_MSGS_PER_SLOT * config->max_sessions, (uint32_t)MSG_RING_MIN)),
		.n_writer_ring = all ? WRITER_RING_ALL : WRITER_RING,
	};

	if (config->lab)
		sizes.n_mbufs += 2 * DP_LAB_RING * config->n_poll;
	/* A dialog for each session, for an eighth of the plain connections, and for records on their
	 * way. */
	sizes.n_dialogs = sessions + config->max_conns * config->n_poll / 8 + 1024;
	/* Each session's sure share, and what may be taken beyond it, which is also for the spare
	 * rows of the poll cores. */
	sizes.n_rx_chunks = sizes.n_rx_sure + 1024 * config->n_poll + cached;
	/* A chunk for each dialog, which is one of its session's, and the others of each session. */
	sizes.n_tx_chunks = sizes.n_dialogs + (DP_PIPE_TX_CHUNKS - 1) * sessions + config->n_poll +
			    cached;
	return sizes;
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

static size_t queue_bytes(const struct dp_scan_config *config, const struct dp_sizes *sizes)
{
	size_t n_misdirected = (size_t)config->n_poll * (config->n_poll - 1);
	size_t pairs = (size_t)config->n_poll * config->n_tls;
	size_t n_lab = config->lab ? 2 * (size_t)config->n_poll : 0;

	return config->n_poll *
		       (ring_bytes(sizeof(struct dp_record), sizes->n_writer_ring) +
			       ring_bytes(sizeof(struct dp_neigh_update), DP_CONTROL_RING)) +
	       2 * pairs * ring_bytes(sizeof(struct dp_msg), sizes->n_msg_ring) +
	       n_misdirected * ring_bytes(sizeof(void *), DP_MISDIRECTED_RING) +
	       n_lab * ring_bytes(sizeof(void *), DP_LAB_RING);
}

struct dp_memory dp_scan_memory_parts(const struct dp_scan_config *config)
{
	struct dp_sizes sizes = dp_scan_sizes(config);
	size_t seen = config->n_poll * dp_dedup_size(config->n_seen);

	return (struct dp_memory){
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
	struct dp_memory m = dp_scan_memory_parts(config);

	return m.packet_buffers + m.chunks + m.dialogs + m.connections + m.answers_seen +
	       m.sessions + m.queues;
}

size_t dp_scan_tls_memory(const struct dp_scan_config *config)
{
	return (size_t)all_sessions(config) * TLS_SESSION_BYTES;
}
