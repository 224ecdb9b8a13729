/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include <rte_malloc.h>
#include <rte_pause.h>

#include "ring.h"
#include "tlscore.h"

#define MSG_BURST 32
/* Steps one delivery of bytes may take: each yields plaintext or ends it. */
#define MAX_STEPS     256
#define IDLE_PAUSE_US 20
#define IDLE_LOOPS    64
/* After so many naps they are twice as long, as often as this. */
#define IDLE_NAPS      128
#define IDLE_DOUBLINGS 4

/* Where a session's words go: its slot and the ring back. */
struct slot_ref {
	struct dp_tls_core *core;
	struct dp_tls_slot *slot;
	uint32_t poll, index;
};

static void tell(const struct slot_ref *ref, enum dp_msg_op op, void *ptr, uint64_t arg)
{
	struct dp_msg msg = {
		.op = (uint16_t)op,
		.slot = ref->index,
		.gen = ref->slot->gen,
		.conn = ref->slot->conn,
		.ptr = ptr,
		.arg = arg,
	};

	/* The poll core drains this ring in every loop whatever else it does. */
	while (!dp_ring_put(ref->core->to_poll[ref->poll], &msg, sizeof(msg), ref->core->stats,
		DP_G_TLS_RING_PEAK))
		rte_delay_us_sleep(IDLE_PAUSE_US);
}

/* Hand everything the session wants to send to the poll core. Chunks come back when the peer
 * acknowledges. */
static void flush_output(const struct slot_ref *ref)
{
	struct dp_tls_slot *slot = ref->slot;

	for (;;) {
		struct dp_chunk *chunk;
		size_t len;

		while (rte_mempool_get(ref->core->scan->tx_chunks, (void **)&chunk) != 0)
			rte_delay_us_sleep(IDLE_PAUSE_US);
		len = tl_session_output(slot->session, chunk->bytes, sizeof(chunk->bytes));
		if (len == 0) {
			rte_mempool_put(ref->core->scan->tx_chunks, chunk);
			return;
		}
		chunk->len = (uint32_t)len;
		slot->told = true;
		tell(ref, DP_MSG_SEND, chunk, slot->deadline_us);
	}
}

static void end_session(const struct slot_ref *ref, enum dl_next next)
{
	struct dp_tls_slot *slot = ref->slot;
	struct tl_result *result;

	flush_output(ref);
	slot->ticks += rte_rdtsc() - slot->entered;
	slot->entered = rte_rdtsc();
	result = tl_session_take_result(slot->session);
	if (result != NULL)
		result->cpu_us = (uint32_t)((double)slot->ticks *
					    ref->core->scan->clock.us_per_tick);
	tl_session_free(slot->session);
	slot->session = NULL;
	slot->talk = NULL;
	ref->core->n_sessions--;
	tell(ref, DP_MSG_DONE, result, (uint64_t)next);
}

/* Do what the dialog asks inside TLS. False when the session has ended. */
static bool apply(const struct slot_ref *ref, const struct dl_out *out)
{
	struct dp_tls_slot *slot = ref->slot;

	if (out->len > 0 && slot->up)
		tl_session_write(slot->session, out->bytes, out->len);
	if (out->next == DL_NEXT_READ) {
		slot->told = slot->told && slot->deadline_us == out->deadline_us;
		slot->deadline_us = out->deadline_us;
		return true;
	}
	if (slot->up)
		tl_session_close_notify(slot->session);
	end_session(ref, out->next);
	return false;
}

static bool fail(const struct slot_ref *ref, enum dl_status status)
{
	struct dl_out out = {.next = DL_NEXT_DONE};

	if (!ref->slot->up)
		dl_tls_failed(ref->slot->talk, status);
	else
		dl_eof(ref->slot->talk, &out);
	if (ref->slot->up && status == DL_IO_TIMEOUT)
		ref->slot->talk->status = status;
	out.len = 0;
	out.next = DL_NEXT_DONE;
	return apply(ref, &out);
}

/* Run the session until it wants more bytes. False when it has ended. */
static bool drive(const struct slot_ref *ref)
{
	struct dp_tls_slot *slot = ref->slot;
	const struct dl_config *config = &ref->core->scan->config.dialog;

	for (uint32_t i = 0; i < MAX_STEPS; i++) {
		uint64_t now_us = dp_clock_us(&ref->core->scan->clock);
		const uint8_t *plain;
		size_t plain_len;
		struct dl_out out;

		switch (tl_session_step(slot->session, &plain, &plain_len)) {
		case TL_WANT_READ:
			flush_output(ref);
			return true;
		case TL_ESTABLISHED:
			slot->up = true;
			dl_tls_up(slot->talk, config, now_us, &out);
			break;
		case TL_PLAINTEXT:
			dl_input(slot->talk, config, plain, plain_len, now_us, &out);
			break;
		case TL_CLOSED:
			dl_eof(slot->talk, &out);
			out.next = DL_NEXT_DONE;
			break;
		case TL_FAILED:
			return fail(ref, DL_HANDSHAKE_ERROR);
		}
		if (!apply(ref, &out))
			return false;
	}
	tl_session_fail(slot->session, "too many records at once");
	return fail(ref, DL_HANDSHAKE_ERROR);
}

static void open_session(const struct slot_ref *ref, const struct dp_msg *msg)
{
	struct dp_tls_slot *slot = ref->slot;
	struct dp_scan *scan = ref->core->scan;
	struct dl_talk *talk = msg->ptr;
	struct tl_open open = {
		.seed = msg->arg,
		.sni = talk->host[0] != '\0' ? talk->host : scan->config.sni,
		.alpn = talk->proto == DL_HTTP ? "http/1.1" : NULL,
	};

	*slot = (struct dp_tls_slot){
		.talk = talk,
		.gen = msg->gen,
		.conn = msg->conn,
		.entered = slot->entered,
		.deadline_us = dp_clock_us(&scan->clock) + scan->config.dialog.handshake_us,
	};
	slot->session = tl_session_open(ref->core->worker, &open);
	if (slot->session == NULL) {
		tell(ref, DP_MSG_REFUSED, NULL, 0);
		return;
	}
	ref->core->n_sessions++;
	drive(ref);
}

static void timer(const struct slot_ref *ref)
{
	struct dp_tls_slot *slot = ref->slot;
	uint64_t now_us = dp_clock_us(&ref->core->scan->clock);
	struct dl_out out;

	/* The poll core's timer is spent: what stands must be announced again. */
	slot->told = false;
	if (now_us < slot->deadline_us)
		return;
	if (!slot->up) {
		tl_session_fail(slot->session, "the peer stopped answering during the handshake");
		fail(ref, DL_IO_TIMEOUT);
		return;
	}
	dl_timer(slot->talk, &ref->core->scan->config.dialog, now_us, &out);
	if (apply(ref, &out))
		flush_output(ref);
}

static void broken(const struct slot_ref *ref, enum dl_status status)
{
	if (!ref->slot->up)
		tl_session_fail(ref->slot->session, status == DL_IO_TIMEOUT
							    ? "data was never acknowledged"
							    : "connection closed by the peer");
	fail(ref, status);
}

static void handle(struct dp_tls_core *core, uint32_t poll, const struct dp_msg *msg)
{
	struct slot_ref ref = {core, &core->slots[poll][msg->slot], poll, msg->slot};
	struct dp_tls_slot *slot = ref.slot;
	struct dp_chunk *chunk = msg->op == DP_MSG_DATA ? msg->ptr : NULL;
	bool ours = slot->session != NULL && slot->gen == msg->gen && slot->conn == msg->conn;

	slot->entered = rte_rdtsc();
	tl_worker_now(core->worker, dp_clock_us(&core->scan->clock));
	if (msg->op == DP_MSG_OPEN) {
		open_session(&ref, msg);
	} else if (ours) {
		switch ((enum dp_msg_op)msg->op) {
		case DP_MSG_DATA:
			tl_session_feed(slot->session, chunk->bytes, chunk->len);
			drive(&ref);
			break;
		case DP_MSG_TIMER:
			timer(&ref);
			break;
		case DP_MSG_EOF:
			broken(&ref, DL_CONNECTION_CLOSED);
			break;
		case DP_MSG_BROKEN:
			broken(&ref, (enum dl_status)msg->arg);
			break;
		default:
			break;
		}
	}
	if (chunk != NULL)
		rte_mempool_put(core->scan->rx_chunks, chunk);
	slot->ticks += rte_rdtsc() - slot->entered;
	tl_worker_now(core->worker, dp_clock_us(&core->scan->clock));
	if (slot->session != NULL && !slot->told) {
		slot->told = true;
		tell(&ref, DP_MSG_WAIT, NULL, slot->deadline_us);
	}
}

static uint32_t serve(struct dp_tls_core *core)
{
	uint32_t n_done = 0;

	for (uint32_t p = 0; p < core->scan->config.n_poll; p++) {
		struct dp_msg msgs[MSG_BURST];
		unsigned int n = rte_ring_sc_dequeue_burst_elem(
			core->from_poll[p], msgs, sizeof(msgs[0]), MSG_BURST, NULL);

		for (unsigned int i = 0; i < n; i++)
			handle(core, p, &msgs[i]);
		n_done += n;
	}
	return n_done;
}

static void publish(struct dp_tls_core *core)
{
	size_t now_bytes, peak_bytes;

	tl_worker_memory(core->worker, &now_bytes, &peak_bytes);
	dp_gauge_set(core->stats, DP_G_HEAP_BYTES, now_bytes);
	dp_gauge_set(core->stats, DP_G_HEAP_PEAK_BYTES, peak_bytes);
}

/* Longer the longer nothing has come: a core without work wakes some thousand times a second, which
 * the CPU's other roles pay for, and the first message after a while waits a third of a
 * millisecond. */
static void sleep_a_little(struct dp_tls_core *core, uint32_t n_idle)
{
	dp_loop_sleep(&core->stats->loops);
	rte_delay_us_sleep(IDLE_PAUSE_US << RTE_MIN(n_idle / IDLE_NAPS, (uint32_t)IDLE_DOUBLINGS));
}

int dp_tls_main(void *arg)
{
	struct dp_tls_core *core = arg;
	uint32_t n_idle = 0;

	core->worker = tl_worker_new(&core->scan->config.tls, &core->why);
	if (core->worker == NULL)
		return -1;
	atomic_store_explicit(&core->ready, true, memory_order_relaxed);
	/* Acquire; pairs with control's release once no poll core runs: the last messages are
	 * visible. */
	while (!atomic_load_explicit(&core->scan->stop_tls, memory_order_acquire)) {
		uint64_t start = rte_rdtsc();
		uint32_t n;

		dp_loop_turn(&core->stats->loops, start, n_idle == 0);
		n = serve(core);
		dp_count(core->stats, DP_LOOPS);
		if (n > 0) {
			n_idle = 0;
			dp_count_n(core->stats, DP_CRYPTO_US,
				(uint64_t)((double)(rte_rdtsc() - start) *
					   core->scan->clock.us_per_tick));
			publish(core);
			continue;
		}
		dp_count(core->stats, DP_LOOPS_IDLE);
		n_idle++;
		if (n_idle < IDLE_LOOPS && !core->scan->config.shared_cpus)
			rte_pause();
		else
			sleep_a_little(core, n_idle);
	}
	publish(core);
	tl_worker_free(core->worker);
	core->worker = NULL;
	return 0;
}

int dp_tls_init(struct dp_tls_core *core, struct dp_scan *scan, uint32_t index)
{
	core->scan = scan;
	core->index = index;
	core->stats = rte_zmalloc_socket("tls_stats", sizeof(*core->stats), 64, scan->socket_id);
	if (core->stats == NULL)
		return -ENOMEM;
	for (uint32_t p = 0; p < scan->config.n_poll; p++) {
		core->slots[p] = rte_zmalloc_socket("tls_slots",
			scan->config.max_sessions * sizeof(struct dp_tls_slot), 64,
			scan->socket_id);
		if (core->slots[p] == NULL)
			return -ENOMEM;
	}
	return 0;
}

void dp_tls_fini(struct dp_tls_core *core)
{
	for (uint32_t p = 0; p < DP_MAX_POLL; p++)
		rte_free(core->slots[p]);
	rte_free(core->stats);
}
