/* SPDX-License-Identifier: BSD-3-Clause */
#include "plan.h"

/* A wolfSSL session at its peak, with the chain kept for the record; bench/ counts it. */
#define TLS_SESSION_BYTES (20 * 1024 + 8 * 1024)
#define MSG_RING_MIN	  4096
/* Findings that may wait for the writer while a disk hiccups. */
#define WRITER_RING	16384
#define WRITER_RING_ALL 131072 /* with closed and unreachable ports reported too */

/* Sessions at once over all cores: no more than there are connections. */
static uint32_t all_sessions(const struct hp_plan_scan *scan)
{
	uint64_t n = (uint64_t)scan->max_sessions * scan->n_tls;
	uint64_t n_conns = (uint64_t)scan->max_conns * scan->n_poll;

	return (uint32_t)(n < n_conns ? n : n_conns);
}

/* The entries of a ring that holds n: a power of two. */
static uint32_t msg_ring(uint32_t n)
{
	uint32_t entries = MSG_RING_MIN;

	while (entries < n && entries <= UINT32_MAX / 2)
		entries *= 2;
	return entries;
}

struct hp_plan_counts hp_plan_count(
	const struct hp_plan_scan *scan, const struct hp_plan_shares *shares)
{
	uint32_t sessions = all_sessions(scan);
	/* What lies in the caches of other cores, up to one and a half times their nominal size, is
	 * not there for the one that wants it. */
	uint32_t cached = (scan->n_poll + scan->n_tls) * shares->pool_cache * 3 / 2;
	struct hp_plan_counts counts = {
		.n_mbufs = scan->n_poll * shares->poll_frames + 1023,
		.n_rx_sure = shares->session_rx_chunks * sessions,
		.n_msg_ring = msg_ring(2 * shares->session_msgs * scan->max_sessions),
		.n_writer_ring = scan->all_outcomes ? WRITER_RING_ALL : WRITER_RING,
	};

	if (scan->lab)
		counts.n_mbufs += 2 * shares->lab_ring * scan->n_poll;
	/* A dialog for each session, for an eighth of the plain connections, and for records that
	 * are under way. */
	counts.n_dialogs = sessions + scan->max_conns * scan->n_poll / 8 + 1024;
	/* Each session's sure share, and what may be taken beyond it. The latter is also for the
	 * spare chunks of the poll cores. */
	counts.n_rx_chunks = counts.n_rx_sure + 1024 * scan->n_poll + cached;
	/* A chunk for each dialog, which is one of its session's, and each session's others. */
	counts.n_tx_chunks = counts.n_dialogs + (shares->session_tx_chunks - 1) * sessions +
			     scan->n_poll + cached;
	return counts;
}

size_t hp_plan_queue_bytes(const struct hp_plan_scan *scan, const struct hp_plan_ring_bytes *bytes)
{
	size_t n_misdirected = (size_t)scan->n_poll * (scan->n_poll - 1);
	size_t pairs = (size_t)scan->n_poll * scan->n_tls;
	size_t n_lab = scan->lab ? 2 * (size_t)scan->n_poll : 0;

	return scan->n_poll * (bytes->writer + bytes->control) + 2 * pairs * bytes->msg +
	       n_misdirected * bytes->misdirected + n_lab * bytes->lab;
}

size_t hp_plan_tls_bytes(const struct hp_plan_scan *scan)
{
	return all_sessions(scan) * ((size_t)TLS_SESSION_BYTES + scan->max_body);
}

size_t hp_plan_dpdk_bytes(const struct hp_plan_dpdk *plan)
{
	return plan->packet_buffers + plan->chunks + plan->dialogs + plan->connections +
	       plan->answers_seen + plan->sessions + plan->queues;
}

size_t hp_plan_heap_bytes(const struct hp_plan_heap *plan)
{
	return plan->targets + plan->output_buffers + plan->certificates_peak +
	       plan->tls_sessions_peak + plan->lab_peak;
}
