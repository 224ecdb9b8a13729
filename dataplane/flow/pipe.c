/* SPDX-License-Identifier: BSD-3-Clause */
#include "pipe.h"

#include <string.h>

void dp_pipe_open(struct dp_pipe *pipe)
{
	memset(pipe, 0, sizeof(*pipe));
}

void dp_pipe_close(struct dp_pipe *pipe, const struct dp_pool *pool)
{
	struct dp_chunk *chunk = pipe->tail == NULL ? NULL : pipe->head;

	/* Bound: the chunks of one pipe. */
	while (chunk != NULL) {
		struct dp_chunk *next = chunk == pipe->tail ? NULL : chunk->next;

		dp_pool_give(pool, chunk);
		chunk = next;
	}
	pipe->tail = NULL;
	pipe->head = NULL;
}

uint32_t dp_pipe_room(struct dp_pipe *pipe)
{
	/* The other core's cache line is read only if it matters. */
	if (pipe->given - pipe->known > DP_CHUNK_BYTES)
		pipe->known = atomic_load_explicit(&pipe->taken, memory_order_relaxed);
	return DP_PIPE_BYTES - (pipe->given - pipe->known);
}

static uint32_t chunks_of(uint32_t n_bytes)
{
	return (n_bytes + DP_CHUNK_BYTES - 1) / DP_CHUNK_BYTES;
}

uint32_t dp_pipe_n_chunks(const struct dp_pipe *pipe, uint32_t more)
{
	uint32_t n_bytes = pipe->given - pipe->known;
	/* The last chunk may hold bytes that have been taken, and may have room. */
	uint32_t begun = pipe->tail == NULL ? 0 : pipe->fill;
	uint32_t before = n_bytes > begun ? n_bytes - begun : 0;

	return chunks_of(before) + chunks_of(begun + more);
}

bool dp_pipe_may_tell(struct dp_pipe *pipe)
{
	if (pipe->n_told < DP_PIPE_MSGS)
		return true;
	pipe->known = atomic_load_explicit(&pipe->taken, memory_order_relaxed);
	if (pipe->known != pipe->told)
		return false;
	pipe->n_told = 0;
	return true;
}

bool dp_pipe_put(struct dp_pipe *pipe, struct dp_chunk **spares, uint32_t *n_spares,
	const uint8_t *bytes, uint32_t len)
{
	while (len > 0) {
		uint32_t n;

		if (pipe->tail == NULL || pipe->fill == DP_CHUNK_BYTES) {
			struct dp_chunk *chunk;

			if (*n_spares == 0)
				break;
			chunk = spares[--*n_spares];
			if (pipe->tail == NULL)
				pipe->head = chunk;
			else
				pipe->tail->next = chunk;
			pipe->tail = chunk;
			pipe->fill = 0;
		}
		n = DP_CHUNK_BYTES - pipe->fill;
		n = len < n ? len : n;
		memcpy(&pipe->tail->bytes[pipe->fill], bytes, n);
		pipe->fill += n;
		pipe->given += n;
		bytes += n;
		len -= n;
	}
	return len == 0;
}

const uint8_t *dp_pipe_peek(
	struct dp_pipe *pipe, uint32_t end, uint32_t *len, const struct dp_pool *pool)
{
	uint32_t n = end - atomic_load_explicit(&pipe->taken, memory_order_relaxed);

	*len = 0;
	/* The bytes of this message may have been read with an earlier one. */
	if (n == 0 || n > DP_PIPE_BYTES)
		return NULL;
	if (pipe->off == DP_CHUNK_BYTES) {
		struct dp_chunk *done = pipe->head;

		pipe->head = done->next;
		pipe->off = 0;
		dp_pool_give(pool, done);
	}
	*len = n < DP_CHUNK_BYTES - pipe->off ? n : DP_CHUNK_BYTES - pipe->off;
	return &pipe->head->bytes[pipe->off];
}

void dp_pipe_take(struct dp_pipe *pipe, uint32_t len)
{
	uint32_t taken = atomic_load_explicit(&pipe->taken, memory_order_relaxed);

	pipe->off += len;
	/* Relaxed: only a count. The chunks themselves go back through their pool. */
	atomic_store_explicit(&pipe->taken, taken + len, memory_order_relaxed);
}

bool dp_pipe_may_send(struct dp_pipe *pipe)
{
	if (pipe->tx_given - pipe->tx_known < DP_PIPE_TX_CHUNKS)
		return true;
	/* Acquire; pairs with the release in dp_pipe_freed(): a chunk that was counted is back in
	 * its pool. */
	pipe->tx_known = atomic_load_explicit(&pipe->tx_freed, memory_order_acquire);
	return pipe->tx_given - pipe->tx_known < DP_PIPE_TX_CHUNKS;
}

void dp_pipe_freed(struct dp_pipe *pipe)
{
	uint32_t freed = atomic_load_explicit(&pipe->tx_freed, memory_order_relaxed);

	/* Release; pairs with the acquire in dp_pipe_may_send(). */
	atomic_store_explicit(&pipe->tx_freed, freed + 1, memory_order_release);
}
