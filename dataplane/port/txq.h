/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames waiting for the device, one queue per poll core; owner core only. */
#pragma once

#include <rte_mbuf.h>

#include "dataplane/pace/budget.h"
#include "dataplane/core/stats.h"

/* Deep enough for a burst of receives that each answer several segments. */
#define DP_TXQ_DEPTH 1024
#define DP_TXQ_BURST 64
/* Buffers held ready, so that the pool is asked once for many. */
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

/** Room for this many more frames? */
static inline bool dp_txq_has_room(const struct dp_txq *txq, uint32_t n)
{
	return DP_TXQ_DEPTH - txq->n >= n;
}

/**
 * Make sure of buffers and room for n frames, DP_TXQ_SPARES at most.
 * @return how many there are: less than n is counted as no buffer or no room
 */
uint32_t dp_txq_reserve(struct dp_txq *txq, uint32_t n);

/** The first of n reserved buffers, in the order in which dp_txq_commit_n() queues them. */
static inline struct rte_mbuf **dp_txq_reserved(struct dp_txq *txq, uint32_t n)
{
	return &txq->spares[txq->n_spare - n];
}

/**
 * Queue n reserved buffers, in which frames have been written, data_len and pkt_len included.
 * @param wire_bytes  in: the sum of their dp_wire_len()
 */
void dp_txq_commit_n(struct dp_txq *txq, uint32_t n, uint64_t wire_bytes);

/**
 * A buffer to build a frame in.
 * @param cap  out: bytes writable at the returned address
 * @return where the frame starts, or NULL (counted) when no mbuf or no room is left
 */
uint8_t *dp_txq_begin(struct dp_txq *txq, uint32_t *cap);

/** Queue the frame just built; len 0 keeps the buffer for the next. */
void dp_txq_commit(struct dp_txq *txq, uint32_t len);

/** Hand queued frames to the device; what it does not take stays queued. @return frames taken */
uint32_t dp_txq_flush(struct dp_txq *txq);

/** Give all buffers back, sent or not. */
void dp_txq_fini(struct dp_txq *txq);
