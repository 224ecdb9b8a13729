/* SPDX-License-Identifier: BSD-3-Clause */
/* What a TLS core sends to its poll cores. It never waits for room or for a chunk. */
#include <assert.h>

#include "dataplane/core/ring.h"
#include "tlscore_internal.h"

/* Sessions looked at in one turn: each look may read the poll core's cache line. */
#define BEHIND_BUDGET 64
/* Entries of the ring for each slot that WAIT leaves free for messages that must not wait. */
#define SURE_PER_SLOT (DP_PIPE_TX_CHUNKS + 1)

static bool put(const struct dp_tls_ref *ref, enum dp_msg_op op, void *ptr, uint64_t arg)
{
	struct dp_tls_slot *slot = ref->slot;
	struct dp_msg msg = {
		.op = (uint16_t)op,
		.answered = slot->asked,
		.slot = ref->index,
		.gen = slot->gen,
		.conn = slot->conn,
		.ptr = ptr,
		.arg = arg,
	};

	if (!dp_ring_put(ref->core->to_poll[ref->poll], &msg, sizeof(msg), ref->core->stats,
		    DP_G_TLS_RING_PEAK))
		return false;
	slot->asked = false;
	return true;
}

void dp_tls_tell(const struct dp_tls_ref *ref, enum dp_msg_op op, void *ptr, uint64_t arg)
{
	bool done = put(ref, op, ptr, arg);

	assert(done);
	(void)done;
}

void dp_tls_flush(const struct dp_tls_ref *ref)
{
	struct dp_tls_slot *slot = ref->slot;
	const struct dp_pool *pool = &ref->core->scan->tx_pool;

	/* Bound: DP_PIPE_TX_CHUNKS. */
	while (tl_session_has_output(slot->session) && dp_pipe_may_send(ref->pipe)) {
		struct dp_chunk *chunk;

		if (!dp_pool_take(pool, (void **)&chunk, 1))
			return;
		chunk->len = (uint32_t)tl_session_output(
			slot->session, chunk->bytes, sizeof(chunk->bytes));
		chunk->of_session = true;
		slot->told = true;
		dp_pipe_sent(ref->pipe);
		dp_tls_tell(ref, DP_MSG_SEND, chunk, slot->deadline_us);
	}
}

/* Announce the deadline. WAIT is the only message that may be sent later. */
static void say_deadline(const struct dp_tls_ref *ref)
{
	struct dp_tls_slot *slot = ref->slot;
	uint32_t sure = SURE_PER_SLOT * ref->core->scan->config.max_sessions;

	if (!slot->told && rte_ring_free_count(ref->core->to_poll[ref->poll]) > sure)
		slot->told = put(ref, DP_MSG_WAIT, NULL, slot->deadline_us);
}

void dp_tls_settle(const struct dp_tls_ref *ref)
{
	struct dp_tls_slot *slot = ref->slot;

	dp_tls_flush(ref);
	say_deadline(ref);
	if (slot->behind || (slot->told && !tl_session_has_output(slot->session)))
		return;
	slot->behind = true;
	dp_count(ref->core->stats, DP_TLS_BEHIND);
	dp_fifo_push(
		&ref->core->behind, ref->poll * ref->core->scan->config.max_sessions + ref->index);
}

uint32_t dp_tls_serve_behind(struct dp_tls_core *core)
{
	uint32_t max_sessions = core->scan->config.max_sessions, n = 0, item;

	for (uint32_t n_look = RTE_MIN(dp_fifo_len(&core->behind), (uint32_t)BEHIND_BUDGET);
		n_look > 0 && dp_fifo_pop(&core->behind, &item); n_look--) {
		uint32_t poll = item / max_sessions, index = item % max_sessions;
		struct dp_tls_ref ref = {
			core, &core->slots[poll][index], &core->pipes[poll][index], poll, index};

		ref.slot->behind = false;
		if (ref.slot->session != NULL)
			dp_tls_settle(&ref);
		n += !ref.slot->behind;
	}
	return n;
}
