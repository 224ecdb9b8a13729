/* SPDX-License-Identifier: BSD-3-Clause */
#include <rte_ethdev.h>

#include "txq.h"

/* Take spares from the pool until there are n, or as many as it has. */
static void refill(struct dp_txq *txq, uint32_t n)
{
	if (txq->n_spare < n && rte_pktmbuf_alloc_bulk(txq->mbufs, &txq->spares[txq->n_spare],
					n - txq->n_spare) == 0)
		txq->n_spare = n;
	/* The bulk call takes all or none. If the pool is nearly empty, take what is left. */
	while (txq->n_spare < n) {
		struct rte_mbuf *m = rte_pktmbuf_alloc(txq->mbufs);

		if (m == NULL) {
			dp_count(txq->stats, DP_TX_NO_BUFFER);
			return;
		}
		txq->spares[txq->n_spare++] = m;
	}
}

uint32_t dp_txq_reserve(struct dp_txq *txq, uint32_t n)
{
	if (!dp_txq_has_room(txq, n))
		dp_txq_flush(txq);
	if (!dp_txq_has_room(txq, n)) {
		dp_count(txq->stats, DP_TX_RING_FULL);
		n = DP_TXQ_DEPTH - txq->n;
	}
	if (txq->n_spare < n)
		refill(txq, RTE_MIN(n, (uint32_t)DP_TXQ_SPARES));
	return RTE_MIN(n, txq->n_spare);
}

void dp_txq_commit_n(struct dp_txq *txq, uint32_t n, uint64_t wire_bytes)
{
	memcpy(&txq->frames[txq->n], dp_txq_reserved(txq, n), n * sizeof(txq->frames[0]));
	txq->n_spare -= n;
	txq->n += n;
	txq->n_frames += n;
	txq->wire_bytes += wire_bytes;
}

uint8_t *dp_txq_begin(struct dp_txq *txq, uint32_t *cap)
{
	struct rte_mbuf *m;

	if (dp_txq_reserve(txq, 1) == 0)
		return NULL;
	m = *dp_txq_reserved(txq, 1);
	*cap = rte_pktmbuf_tailroom(m);
	return rte_pktmbuf_mtod(m, uint8_t *);
}

void dp_txq_commit(struct dp_txq *txq, uint32_t len)
{
	struct rte_mbuf *m = *dp_txq_reserved(txq, 1);

	if (len == 0)
		return;
	m->data_len = (uint16_t)len;
	m->pkt_len = len;
	dp_txq_commit_n(txq, 1, dp_wire_len(len));
}

uint32_t dp_txq_flush(struct dp_txq *txq)
{
	uint64_t n_bytes = 0;
	uint32_t sent = 0;

	while (sent < txq->n) {
		uint16_t want = (uint16_t)RTE_MIN(txq->n - sent, (uint32_t)DP_TXQ_BURST);
		uint32_t lens[DP_TXQ_BURST];
		uint16_t taken;

		/* The device owns a frame that it has taken, so lengths are read before. */
		for (uint16_t i = 0; i < want; i++)
			lens[i] = txq->frames[sent + i]->pkt_len;
		taken = rte_eth_tx_burst(txq->port_id, txq->queue, &txq->frames[sent], want);
		for (uint16_t i = 0; i < taken; i++)
			n_bytes += lens[i];
		sent += taken;
		if (taken < want)
			break;
	}
	if (sent == 0)
		return 0;
	memmove(txq->frames, &txq->frames[sent], (txq->n - sent) * sizeof(txq->frames[0]));
	txq->n -= sent;
	dp_count_n(txq->stats, DP_TX_FRAMES, sent);
	dp_count_n(txq->stats, DP_TX_BYTES, n_bytes);
	/* Published only if the queue is empty: then all that was queued has been taken. */
	if (txq->n == 0)
		atomic_store_explicit(&txq->stats->counter[DP_TX_WIRE_BYTES], txq->wire_bytes,
			memory_order_relaxed);
	return sent;
}

void dp_txq_fini(struct dp_txq *txq)
{
	rte_pktmbuf_free_bulk(txq->frames, txq->n);
	rte_pktmbuf_free_bulk(txq->spares, txq->n_spare);
	txq->n = txq->n_spare = 0;
}
