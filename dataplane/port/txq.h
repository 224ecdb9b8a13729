/* SPDX-License-Identifier: BSD-3-Clause */
/* The transmit queue of a poll core: frames that wait for the device. Owner core only. */
#pragma once

#include <rte_mbuf.h>

#include "dataplane/pace/budget.h"
#include "dataplane/core/stats.h"

/* Deep enough for a burst of received frames that each make us send several segments. */
#define DP_TXQ_DEPTH 1024
#define DP_TXQ_BURST 64
/* Buffers held ready, so that they are taken from the pool many at a time. */
#define DP_TXQ_SPARES 128

struct dp_txq {
	uint16_t port_id, queue;
	struct rte_mempool *mbufs;
	struct dp_stats *stats;
	uint32_t n, n_spare;
	uint64_t n_frames, wire_bytes; /* queued since the start: what the budget is charged */
	struct rte_mbuf *frames[DP_TXQ_DEPTH];
	struct rte_mbuf *spares[DP_TXQ_SPARES]; /* empty, as the pool gave them */
};

/** Is there room for n more frames? */
static inline bool dp_txq_has_room(const struct dp_txq *txq, uint32_t n)
{
	return DP_TXQ_DEPTH - txq->n >= n;
}

/**
 * Reserve buffers and room for frames. Hands frames to the device if there is no room.
 * @param txq  in/out
 * @param n    in: frames, at most DP_TXQ_SPARES
 * @return frames that can be queued, 0..n; fewer than n are counted as DP_TX_NO_BUFFER or
 *         DP_TX_RING_FULL
 */
uint32_t dp_txq_reserve(struct dp_txq *txq, uint32_t n);

/**
 * The reserved buffers, in the order in which dp_txq_commit_n() queues them.
 * @param txq  in
 * @param n    in: how many, at most what dp_txq_reserve() returned
 * @return n pointers, valid until the next dp_txq_reserve() or commit
 */
static inline struct rte_mbuf **dp_txq_reserved(struct dp_txq *txq, uint32_t n)
{
	return &txq->spares[txq->n_spare - n];
}

/**
 * Queue the reserved buffers, after frames have been written into them and their data_len and
 * pkt_len have been set.
 * @param txq         in/out
 * @param n           in: frames, the number that dp_txq_reserved() was called with
 * @param wire_bytes  in: the sum of their dp_wire_len(), in bytes
 */
void dp_txq_commit_n(struct dp_txq *txq, uint32_t n, uint64_t wire_bytes);

/**
 * A buffer to build one frame in. dp_txq_commit() queues it.
 * @param txq  in/out
 * @param cap  out: bytes that may be written
 * @return where the frame starts; NULL (counted): there is no buffer or no room
 */
uint8_t *dp_txq_begin(struct dp_txq *txq, uint32_t *cap);

/**
 * Queue the frame that was built.
 * @param txq  in/out: after dp_txq_begin()
 * @param len  in: bytes of the frame; 0: none was built, the buffer is kept for the next one
 */
void dp_txq_commit(struct dp_txq *txq, uint32_t len);

/** Hand queued frames to the device. Those that it does not take stay queued. @return frames
 * taken */
uint32_t dp_txq_flush(struct dp_txq *txq);

/** Give all buffers back to their pool, queued frames included. Main thread, after the core has
 * returned. */
void dp_txq_fini(struct dp_txq *txq);
