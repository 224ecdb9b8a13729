/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames waiting for the device, one queue per poll core; owner core only. */
#pragma once

#include <rte_mbuf.h>

#include "budget.h"
#include "stats.h"

/* Deep enough for a burst of receives that each answer several segments. */
#define DP_TXQ_DEPTH 1024
#define DP_TXQ_BURST 64

struct dp_txq {
	uint16_t port_id, queue;
	struct rte_mempool *mbufs;
	struct dp_stats *stats;
	uint64_t n_frames, wire_bytes; /* queued since the start: what the budget is charged */
	uint32_t n;
	struct rte_mbuf *frames[DP_TXQ_DEPTH];
};

/** Room for this many more frames? */
static inline bool dp_txq_has_room(const struct dp_txq *txq, uint32_t n)
{
	return DP_TXQ_DEPTH - txq->n >= n;
}

/**
 * A buffer to build a frame in.
 * @param cap  out: bytes writable at the returned address
 * @return where the frame starts, or NULL (counted) when no mbuf or no room is left
 */
uint8_t *dp_txq_begin(struct dp_txq *txq, uint32_t *cap);

/** Queue the frame just built; len 0 takes the buffer back. */
void dp_txq_commit(struct dp_txq *txq, uint32_t len);

/** Hand queued frames to the device; what it does not take stays queued. @return frames taken */
uint32_t dp_txq_flush(struct dp_txq *txq);
