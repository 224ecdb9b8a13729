/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/sim/tls_core.h"

#include <stdlib.h>

#include "dataplane/flow/tls_dialog.h"

static void breaks(struct sim_tls *tls, const char *promise)
{
	if (tls->broken == NULL)
		tls->broken = promise;
}

static uint32_t queue_len(const struct sim_queue *queue)
{
	return queue->tail - queue->head;
}

static bool queue_push(struct sim_queue *queue, const struct dp_msg *msg)
{
	if (queue_len(queue) == queue->cap)
		return false;
	queue->msgs[queue->tail++ % queue->cap] = *msg;
	return true;
}

static bool queue_pop(struct sim_queue *queue, struct dp_msg *msg)
{
	if (queue_len(queue) == 0)
		return false;
	*msg = queue->msgs[queue->head++ % queue->cap];
	return true;
}

struct sim_tls *sim_tls_new(const struct sim_session_ops *ops, const struct dl_config *dialog,
	struct dp_pipe *pipes, uint32_t n_slots, const struct dp_pool *tx_chunks,
	const struct dp_pool *rx_chunks)
{
	struct sim_tls *tls = calloc(1, sizeof(*tls));
	uint32_t cap = 2 * DP_MSGS_PER_SLOT * n_slots;

	*tls = (struct sim_tls){
		.ops = *ops,
		.dialog = dialog,
		.tx_chunks = tx_chunks,
		.rx_chunks = rx_chunks,
		.pipes = pipes,
		.slots = calloc(n_slots, sizeof(*tls->slots)),
		.n_slots = n_slots,
		.in = {.cap = cap, .msgs = calloc(cap, sizeof(struct dp_msg))},
		.out = {.cap = cap, .msgs = calloc(cap, sizeof(struct dp_msg))},
	};
	return tls;
}

void sim_tls_free(struct sim_tls *tls)
{
	free(tls->slots);
	free(tls->in.msgs);
	free(tls->out.msgs);
	free(tls);
}

void sim_tls_tell(struct sim_tls *tls, const struct dp_msg *msg)
{
	if (!queue_push(&tls->in, msg))
		breaks(tls, "a message to a TLS core finds room");
}

uint32_t sim_tls_data_room(const struct sim_tls *tls)
{
	uint32_t half = tls->in.cap / 2, n = queue_len(&tls->in);

	return n < half ? half - n : 0;
}

bool sim_tls_hear(struct sim_tls *tls, struct dp_msg *msg)
{
	return queue_pop(&tls->out, msg);
}

static uint32_t slot_index(const struct sim_tls *tls, const struct sim_slot *slot)
{
	return (uint32_t)(slot - tls->slots);
}

static void say(
	struct sim_tls *tls, struct sim_slot *slot, enum dp_msg_op op, void *ptr, uint64_t arg)
{
	struct dp_msg msg = {
		.op = (uint16_t)op,
		.answered = slot->asked,
		.slot = slot_index(tls, slot),
		.gen = slot->gen,
		.conn = slot->conn,
		.ptr = ptr,
		.arg = arg,
	};

	slot->asked = false;
	if (!queue_push(&tls->out, &msg))
		breaks(tls, "a message of a TLS core finds room");
}

/* Output in as many chunks as the pipe allows; the rest stays in its session. */
static void flush(struct sim_tls *tls, struct sim_slot *slot)
{
	struct dp_pipe *pipe = &tls->pipes[slot_index(tls, slot)];
	struct dp_chunk *chunk;

	while (tls->ops.has_output(slot->session) && dp_pipe_may_send(pipe) &&
		dp_pool_take(tls->tx_chunks, (void **)&chunk, 1)) {
		chunk->len = (uint32_t)tls->ops.output(
			slot->session, chunk->bytes, sizeof(chunk->bytes));
		chunk->of_session = true;
		slot->told = true;
		dp_pipe_sent(pipe);
		say(tls, slot, DP_MSG_SEND, chunk, slot->deadline_us);
	}
}

static void end(struct sim_tls *tls, struct sim_slot *slot, enum dl_next next)
{
	struct tl_result *result;

	flush(tls, slot);
	result = tls->ops.take_result(slot->session);
	tls->ops.free(slot->session);
	slot->session = NULL;
	slot->dialog = NULL;
	say(tls, slot, DP_MSG_DONE, result, (uint64_t)next);
}

/* Do what the dialog asks inside TLS; why is why the session is to fail, NULL: it is not to.
 * @return false when the session has ended */
static bool apply(
	struct sim_tls *tls, struct sim_slot *slot, const struct dl_out *out, const char *why)
{
	bool up = dl_in_tls(slot->dialog);

	if (why != NULL)
		tls->ops.fail(slot->session, why);
	if (out->len > 0 && up)
		tls->ops.write(slot->session, out->bytes, out->len);
	if (out->next == DL_NEXT_READ) {
		slot->told = slot->told && slot->deadline_us == out->deadline_us;
		slot->deadline_us = out->deadline_us;
		return true;
	}
	if (up)
		tls->ops.close_notify(slot->session);
	end(tls, slot, out->next);
	return false;
}

/* @return false when the session has ended */
static bool drive(struct sim_tls *tls, struct sim_slot *slot)
{
	struct dl_out out;

	for (uint32_t i = 0; i < DP_TLS_MAX_STEPS; i++) {
		const uint8_t *plain;
		size_t len;
		enum tl_step step = tls->ops.step(slot->session, &plain, &len);

		if (!dp_tls_dialog_step(
			    slot->dialog, tls->dialog, step, plain, len, tls->now_us, &out))
			return true;
		if (!apply(tls, slot, &out, NULL))
			return false;
	}
	dp_tls_dialog_fail(slot->dialog, DL_HANDSHAKE_ERROR, &out);
	return apply(tls, slot, &out, "too many records at once");
}

static void open(struct sim_tls *tls, struct sim_slot *slot, const struct dp_msg *msg)
{
	const uint8_t *early;
	size_t n_early;

	if (slot->session != NULL)
		breaks(tls, "a credit is handed out once");
	*slot = (struct sim_slot){
		.dialog = msg->ptr,
		.gen = msg->gen,
		.conn = msg->conn,
		.deadline_us = tls->now_us + tls->dialog->handshake_us,
	};
	slot->session = tls->ops.open(tls->ops.ctx, msg->arg, slot->dialog);
	if (slot->session == NULL) {
		say(tls, slot, DP_MSG_REFUSED, NULL, 0);
		return;
	}
	n_early = dl_tls_bytes(slot->dialog, &early);
	tls->ops.feed(slot->session, early, n_early);
	drive(tls, slot);
}

/* What lies in the pipe up to end. @return false when the session has ended */
static bool data(struct sim_tls *tls, struct sim_slot *slot, uint32_t until)
{
	struct dp_pipe *pipe = &tls->pipes[slot_index(tls, slot)];

	for (;;) {
		uint32_t len;
		const uint8_t *bytes = dp_pipe_peek(pipe, until, &len, tls->rx_chunks);

		if (len == 0)
			return true;
		tls->ops.feed(slot->session, bytes, len);
		if (!drive(tls, slot))
			return false;
		dp_pipe_take(pipe, len);
	}
}

static void broken(struct sim_tls *tls, struct sim_slot *slot, enum dp_broken how, uint32_t until)
{
	struct dl_out out;
	const char *why;

	if (!data(tls, slot, until))
		return;
	why = dp_tls_dialog_broken(slot->dialog, how, &out);
	apply(tls, slot, &out, why);
}

static void timer(struct sim_tls *tls, struct sim_slot *slot)
{
	struct dl_out out;
	const char *why;

	slot->told = false;
	slot->asked = true;
	if (tls->now_us < slot->deadline_us)
		return;
	why = dp_tls_dialog_timer(slot->dialog, tls->dialog, tls->now_us, &out);
	apply(tls, slot, &out, why);
}

static void handle(struct sim_tls *tls, const struct dp_msg *msg)
{
	struct sim_slot *slot = &tls->slots[msg->slot];
	bool ours = slot->session != NULL && slot->gen == msg->gen && slot->conn == msg->conn;

	if (msg->op == DP_MSG_OPEN)
		open(tls, slot, msg);
	else if (!ours)
		return;
	else if (msg->op == DP_MSG_DATA)
		data(tls, slot, (uint32_t)msg->arg);
	else if (msg->op == DP_MSG_TIMER)
		timer(tls, slot);
	else if (msg->op == DP_MSG_EOF)
		broken(tls, slot, DP_BROKEN_BY_PEER, (uint32_t)msg->arg);
	else
		broken(tls, slot, (enum dp_broken)(msg->arg >> 32), (uint32_t)msg->arg);
}

/* The rest of the output, then the deadline: WAIT alone may have to be said later. */
static void settle(struct sim_tls *tls)
{
	uint32_t sure = (DP_PIPE_TX_CHUNKS + 1) * tls->n_slots;

	for (uint32_t i = 0; i < tls->n_slots; i++) {
		struct sim_slot *slot = &tls->slots[i];

		if (slot->session == NULL)
			continue;
		flush(tls, slot);
		if (slot->told || tls->out.cap - queue_len(&tls->out) <= sure)
			continue;
		say(tls, slot, DP_MSG_WAIT, NULL, slot->deadline_us);
		slot->told = true;
	}
}

void sim_tls_run(struct sim_tls *tls, uint32_t n, uint64_t now_us)
{
	struct dp_msg msg;

	tls->now_us = now_us;
	for (; n > 0 && queue_pop(&tls->in, &msg); n--)
		handle(tls, &msg);
	settle(tls);
}
