/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the poll core and the TLS core of one session share: bytes on their way in, and the number
 * of chunks on their way out.
 *
 *        poll core                                              TLS core
 *     dp_pipe_put()                                           dp_pipe_peek()
 *          │           ┌────────┐   ┌────────┐   ┌──────┬─ ─┐     │
 *          └──────────►│        │◄──│        │◄──│ tail │    │◄────┘ head: the oldest
 *                      └────────┘   └────────┘   └──────┴─ ─┘
 *                   each chunk is filled to its end before the next one is begun
 *
 * The poll core alone puts bytes in, behind those that are there, so a tiny segment shares its
 * chunk with the next one. DP_MSG_DATA tells how far the stream reaches, and the TLS core reads no
 * further than that. Bytes before that point, and the link from a full chunk to the next, never
 * change again, and the ring of the message makes them visible. The TLS core frees a chunk when it
 * begins the next one. So the last chunk is never freed while the poll core may append to it.
 *
 * From DP_MSG_OPEN to DP_MSG_DONE each half has one writer, as marked below. At all other times the
 * whole pipe belongs to the poll core. What one side counts for the other is an atomic. The other
 * side reads it only if a bound may be near by its own count.
 *
 *     bytes in    given - taken  <= DP_PIPE_BYTES      kept by the poll core: can_take, window
 *     chunks out  given - freed  <= DP_PIPE_TX_CHUNKS  kept by the TLS core: output waits
 *
 * A session with at most DP_PIPE_SURE chunks in and DP_PIPE_TX_CHUNKS chunks out never finds a pool
 * empty because of other sessions: scan_sizes.c counts its share.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

#include "chunk.h"
#include "dataplane/core/pool.h"

/* Chunks of one session on their way in. A segment beyond them is not acknowledged. */
#define DP_PIPE_CHUNKS 16
#define DP_PIPE_BYTES  (DP_PIPE_CHUNKS * DP_CHUNK_BYTES)
/* The share of them that the pool has for each session, whatever other sessions hold. */
#define DP_PIPE_SURE 2
/* Messages of one session about new bytes that may be in the ring, so that a sequence of tiny
 * segments does not fill it. Further bytes are told of after the TLS core has read those that it
 * knows of. */
#define DP_PIPE_MSGS 8
/* Chunks of one session on their way out and not acknowledged: more than two flights. Output that
 * does not fit waits in the session, which holds TL_TX_MAX bytes. */
#define DP_PIPE_TX_CHUNKS 2

struct dp_pipe {
	/* The poll core's. */
	_Alignas(64) struct dp_chunk *tail; /* NULL: no byte yet */
	uint32_t fill;			    /* bytes in it */
	uint32_t given;			    /* bytes put in since DP_MSG_OPEN */
	uint32_t known;			    /* of them, taken as far as the poll core knows */
	uint32_t told;			    /* of them, told of with DP_MSG_DATA */
	uint32_t n_told;		    /* messages since told bytes were all taken */
	bool narrow;			    /* less than the whole window has been advertised */
	/* Chunks of DP_MSG_SEND that have gone back to their pool. Written by the poll core, read
	 * by the TLS core. */
	_Atomic uint32_t tx_freed;
	/* The TLS core's. */
	_Alignas(64) struct dp_chunk *head; /* set by the poll core with the first byte */
	uint32_t off;			    /* bytes of it that have been taken */
	uint32_t tx_given;		    /* chunks handed over with DP_MSG_SEND */
	uint32_t tx_known;		    /* of them, freed as far as the TLS core knows */
	/* Bytes taken since DP_MSG_OPEN. Written by the TLS core, read by the poll core. */
	_Atomic uint32_t taken;
};

/** Begin an empty pipe. The slot is free. Poll core, before DP_MSG_OPEN. */
void dp_pipe_open(struct dp_pipe *pipe);

/**
 * Give the chunks back that are left in a pipe. Then the slot may be used again. Poll core, after
 * DP_MSG_DONE.
 * @param pipe  in/out
 * @param pool  in: of receive chunks
 */
void dp_pipe_close(struct dp_pipe *pipe, const struct dp_pool *pool);

/** How many bytes may still be put in, 0..DP_PIPE_BYTES. Poll core. */
uint32_t dp_pipe_room(struct dp_pipe *pipe);

/**
 * How many chunks a pipe would use. Poll core.
 * @param pipe  in
 * @param more  in: bytes that would be put in
 * @return chunks with bytes that are not taken, as far as the poll core knows
 */
uint32_t dp_pipe_n_chunks(const struct dp_pipe *pipe, uint32_t more);

/**
 * Put bytes in. DP_MSG_DATA tells the TLS core of them later. Poll core.
 * @param pipe      in/out
 * @param spares    in: receive chunks, which are used from the end and belong to the pipe then
 * @param n_spares  in/out: how many are left
 * @param bytes     in: len bytes, copied
 * @param len       in: bytes, at most dp_pipe_room()
 * @return false if there were too few spares and only the first bytes have been put in
 */
bool dp_pipe_put(struct dp_pipe *pipe, struct dp_chunk **spares, uint32_t *n_spares,
	const uint8_t *bytes, uint32_t len);

/** Are there bytes that no DP_MSG_DATA has told of? Poll core. */
static inline bool dp_pipe_untold(const struct dp_pipe *pipe)
{
	return pipe->given != pipe->told;
}

/** May another DP_MSG_DATA be sent? Poll core. */
bool dp_pipe_may_tell(struct dp_pipe *pipe);

/** Note that a DP_MSG_DATA tells of all bytes that were put in. Poll core. */
static inline void dp_pipe_tell(struct dp_pipe *pipe)
{
	pipe->told = pipe->given;
	pipe->n_told++;
}

/**
 * The next bytes, in one piece. TLS core.
 * @param pipe  in/out: a chunk whose bytes have all been taken is given back
 * @param end   in: the argument of a DP_MSG_DATA: where the stream ends
 * @param len   out: how many bytes; 0: there are none before end
 * @param pool  in: of receive chunks
 * @return the bytes, valid until dp_pipe_take() or DP_MSG_DONE; NULL if len is 0
 */
const uint8_t *dp_pipe_peek(
	struct dp_pipe *pipe, uint32_t end, uint32_t *len, const struct dp_pool *pool);

/**
 * Take bytes, after they have been read. TLS core, before DP_MSG_DONE.
 * @param pipe  in/out
 * @param len   in: bytes, at most what dp_pipe_peek() gave
 */
void dp_pipe_take(struct dp_pipe *pipe, uint32_t len);

/** May one more chunk be handed over with DP_MSG_SEND? TLS core. */
bool dp_pipe_may_send(struct dp_pipe *pipe);

/** Count a chunk that is handed over with DP_MSG_SEND. TLS core. The poll core calls it before
 * DP_MSG_OPEN for a chunk of the dialog that is not acknowledged. */
static inline void dp_pipe_sent(struct dp_pipe *pipe)
{
	pipe->tx_given++;
}

/** Count a chunk of the session that has gone back to its pool. Poll core. */
void dp_pipe_freed(struct dp_pipe *pipe);
