/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the poll core and the TLS core of one session share: bytes on their way in, and how many
 * chunks are on their way out.
 *
 *        poll core                                              TLS core
 *     dp_pipe_put()                                           dp_pipe_peek()
 *          │           ┌────────┐   ┌────────┐   ┌──────┬─ ─┐     │
 *          └──────────►│        │◄──│        │◄──│ tail │    │◄────┘ head: the oldest
 *                      └────────┘   └────────┘   └──────┴─ ─┘
 *                   each chunk is filled to its end before the next one is begun
 *
 * The poll core alone puts bytes in, behind all that are there, so a tiny segment shares its chunk
 * with the next. It tells of them with DP_MSG_DATA, which says how far the stream then reaches, and
 * the TLS core reads no further than that: bytes before that point and a chunk behind a full one
 * never change again, and the message's ring makes them visible. The TLS core frees a chunk when it
 * begins the next one, so the last one is always the poll core's to append to.
 *
 * From DP_MSG_OPEN to DP_MSG_DONE each half has one writer, as marked below. Outside of that the
 * whole belongs to the poll core. What one side counts for the other is an atomic that the other
 * looks at only when by its own account a bound may be near.
 *
 *     bytes in    given - taken  <= DP_PIPE_BYTES      kept by the poll core: can_take, window
 *     chunks out  given - freed  <= DP_PIPE_TX_CHUNKS  kept by the TLS core: output waits
 *
 * A session that has no more than DP_PIPE_SURE chunks in, or DP_PIPE_TX_CHUNKS out, never waits for
 * a pool because of others: scan_sizes.c counts them.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

#include "chunk.h"
#include "dataplane/core/pool.h"

/* Chunks of one session on their way in; a segment beyond it waits at its sender. */
#define DP_PIPE_CHUNKS 16
#define DP_PIPE_BYTES  (DP_PIPE_CHUNKS * DP_CHUNK_BYTES)
/* Of them, those that the pool has for each session whatever the others hold. */
#define DP_PIPE_SURE 2
/* Messages about bytes under way for one session; a row of tiny segments needs no more of the ring
 * than others do, and what it brings is told of when the TLS core has read what it knows of. */
#define DP_PIPE_MSGS 8
/* Chunks of one session on their way out and not acknowledged: more than two flights. What does not
 * fit waits in the session, which holds TL_TX_MAX bytes. */
#define DP_PIPE_TX_CHUNKS 2

struct dp_pipe {
	/* The poll core's. */
	_Alignas(64) struct dp_chunk *tail; /* NULL: no byte yet */
	uint32_t fill;			    /* bytes in it */
	uint32_t given;			    /* bytes put in since DP_MSG_OPEN */
	uint32_t known;			    /* of them, taken as far as this side knows */
	uint32_t told;			    /* of them, told of with DP_MSG_DATA */
	uint32_t n_told;		    /* messages since all that was told had been taken */
	bool narrow;			    /* less than the whole window has been advertised */
	/* Chunks of DP_MSG_SEND that have gone back to their pool. Written by the poll core, read
	 * by the TLS core. */
	_Atomic uint32_t tx_freed;
	/* The TLS core's. */
	_Alignas(64) struct dp_chunk *head; /* set by the poll core with the first byte */
	uint32_t off;			    /* bytes of it that are done with */
	uint32_t tx_given;		    /* chunks handed over with DP_MSG_SEND */
	uint32_t tx_known;		    /* of them, freed as far as this side knows */
	/* Bytes done with. Written by the TLS core, read by the poll core. */
	_Atomic uint32_t taken;
};

/** Begin anew; the slot is free. Poll core, before DP_MSG_OPEN. */
void dp_pipe_open(struct dp_pipe *pipe);

/**
 * Give back what the session has not read. Its slot may be used again. Poll core, after
 * DP_MSG_DONE.
 * @param pipe  in/out
 * @param pool  in: of receive chunks
 */
void dp_pipe_close(struct dp_pipe *pipe, const struct dp_pool *pool);

/** Bytes that may still be put in, 0..DP_PIPE_BYTES. Poll core. */
uint32_t dp_pipe_room(struct dp_pipe *pipe);

/** Chunks that hold bytes not taken yet, as far as is known, once more bytes are put in. Poll core.
 */
uint32_t dp_pipe_n_chunks(const struct dp_pipe *pipe, uint32_t more);

/**
 * Put bytes in. Poll core; then DP_MSG_DATA tells of them.
 * @param pipe      in/out
 * @param bytes     in: len bytes, copied
 * @param spares    in: receive chunks, used from the end
 * @param n_spares  in/out: how many
 * @param len       in: at most dp_pipe_room()
 * @return false when the spares did not suffice and only the first bytes went in
 */
bool dp_pipe_put(struct dp_pipe *pipe, struct dp_chunk **spares, uint32_t *n_spares,
	const uint8_t *bytes, uint32_t len);

/** Are there bytes that no message has told of? Poll core. */
static inline bool dp_pipe_untold(const struct dp_pipe *pipe)
{
	return pipe->given != pipe->told;
}

/** May another message be under way? Poll core. */
bool dp_pipe_may_tell(struct dp_pipe *pipe);

/** A message has told of all that was put in. Poll core. */
static inline void dp_pipe_tell(struct dp_pipe *pipe)
{
	pipe->told = pipe->given;
	pipe->n_told++;
}

/**
 * The next bytes in one piece. TLS core.
 * @param pipe  in/out
 * @param end   in: how far the last message said that the stream reaches
 * @param len   out: their number, 0: none before end
 * @param pool  in: where a chunk goes that is done with
 * @return valid until dp_pipe_take() or DP_MSG_DONE
 */
const uint8_t *dp_pipe_peek(
	struct dp_pipe *pipe, uint32_t end, uint32_t *len, const struct dp_pool *pool);

/** The first len bytes of those are done with. TLS core, before DP_MSG_DONE. */
void dp_pipe_take(struct dp_pipe *pipe, uint32_t len);

/** May another chunk be handed over with DP_MSG_SEND? TLS core. */
bool dp_pipe_may_send(struct dp_pipe *pipe);

/** A chunk has been handed over with DP_MSG_SEND. TLS core; for a chunk of the dialog that the
 * session begins with the poll core, before DP_MSG_OPEN. */
static inline void dp_pipe_sent(struct dp_pipe *pipe)
{
	pipe->tx_given++;
}

/** A chunk of DP_MSG_SEND has gone back to its pool. Poll core. */
void dp_pipe_freed(struct dp_pipe *pipe);
