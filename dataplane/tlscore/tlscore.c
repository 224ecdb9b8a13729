/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdlib.h>

#include <rte_malloc.h>

#include "dataplane/core/idle.h"
#include "dataplane/flow/tls_dialog.h"
#include "tls/hello/records.h"
#include "tlscore_internal.h"

#define MSG_BURST  32
#define IDLE_LOOPS 64

/* Memory for what these bytes may bring of a body. Without it the body is cut. */
static void lend_body(struct dp_tls_slot *slot, const struct dl_config *config, size_t plain_len)
{
	uint32_t max = config->http_max_body, need = max, cap;
	uint8_t *grown;

	if (slot->dialog->proto != DL_HTTP)
		return;
	if (plain_len < max - slot->dialog->body_len)
		need = slot->dialog->body_len + (uint32_t)plain_len;
	if (need <= slot->body_cap)
		return;
	cap = need <= max / 2 ? need * 2 : max;
	grown = realloc(slot->body, cap);
	if (grown == NULL)
		return;
	slot->body = grown;
	slot->body_cap = cap;
	dl_body_lend(slot->dialog, slot->body, slot->body_cap);
}

/* The body goes with the result. */
static void settle_body(struct dp_tls_slot *slot, struct tl_result *result)
{
	dl_body_lend(slot->dialog, NULL, 0);
	if (result != NULL)
		result->body = slot->body;
	else
		free(slot->body);
	slot->body = NULL;
}

static void end_session(const struct dp_tls_ref *ref, enum dl_next next)
{
	struct dp_tls_slot *slot = ref->slot;
	struct tl_result *result;

	dp_tls_flush(ref);
	slot->ticks += rte_rdtsc() - slot->entered;
	slot->entered = rte_rdtsc();
	result = tl_session_take_result(slot->session);
	if (result != NULL)
		result->cpu_us = (uint32_t)((double)slot->ticks *
					    ref->core->scan->clock.us_per_tick);
	settle_body(slot, result);
	tl_session_free(slot->session);
	slot->session = NULL;
	slot->dialog = NULL;
	ref->core->n_sessions--;
	dp_tls_tell(ref, DP_MSG_DONE, result, (uint64_t)next);
}

/* Do what the dialog asks inside TLS. The session fails if why is given. False if it has ended. */
static bool apply(const struct dp_tls_ref *ref, const struct dl_out *out, const char *why)
{
	struct dp_tls_slot *slot = ref->slot;

	if (why != NULL)
		tl_session_fail(slot->session, why);
	if (out->len > 0 && dl_in_tls(slot->dialog))
		tl_session_write(slot->session, out->bytes, out->len);
	if (out->next == DL_NEXT_READ) {
		slot->told = slot->told && slot->deadline_us == out->deadline_us;
		slot->deadline_us = out->deadline_us;
		return true;
	}
	if (dl_in_tls(slot->dialog))
		tl_session_close_notify(slot->session);
	end_session(ref, out->next);
	return false;
}

/* Run the session until it wants more bytes. False if it has ended. */
static bool drive(const struct dp_tls_ref *ref)
{
	struct dp_tls_slot *slot = ref->slot;
	const struct dp_scan *scan = ref->core->scan;
	struct dl_out out;

	for (uint32_t i = 0; i < DP_TLS_MAX_STEPS; i++) {
		uint64_t now_us = dp_clock_us(&scan->clock);
		const uint8_t *plain;
		size_t plain_len;
		enum tl_step step = tl_session_step(slot->session, &plain, &plain_len);

		if (step == TL_PLAINTEXT)
			lend_body(slot, &scan->config.dialog, plain_len);
		if (!dp_tls_dialog_step(slot->dialog, &scan->config.dialog, step, plain, plain_len,
			    now_us, &out))
			return true;
		if (!apply(ref, &out, NULL))
			return false;
	}
	dp_tls_dialog_fail(slot->dialog, DL_HANDSHAKE_ERROR, &out);
	return apply(ref, &out, "too many records at once");
}

/* Feed the session. If the bytes are not TLS, the dialog gets them, as it does before a session
 * begins: the record must not depend on which of both is faster. */
static void feed(const struct dp_tls_ref *ref, const uint8_t *bytes, size_t len)
{
	struct dp_tls_slot *slot = ref->slot;
	size_t n_fed;

	tl_session_feed(slot->session, bytes, len);
	if (!tl_session_not_tls(slot->session, &n_fed))
		return;
	dl_tls_other(slot->dialog, bytes, n_fed == len && bytes[0] != RECORD_HANDSHAKE ? len : 0);
}

static void open_session(const struct dp_tls_ref *ref, const struct dp_msg *msg)
{
	struct dp_tls_slot *slot = ref->slot;
	struct dp_scan *scan = ref->core->scan;
	struct dl_dialog *dialog = msg->ptr;
	const uint8_t *early;
	size_t n_early;
	struct tl_open open = {
		.seed = msg->arg,
		.sni = dialog->host[0] != '\0' ? dialog->host : scan->config.sni,
		.alpn = dialog->proto == DL_HTTP ? "http/1.1" : NULL,
	};

	*slot = (struct dp_tls_slot){
		.dialog = dialog,
		.gen = msg->gen,
		.conn = msg->conn,
		.entered = slot->entered,
		.behind = slot->behind,
		.deadline_us = dp_clock_us(&scan->clock) + scan->config.dialog.handshake_us,
	};
	slot->session = tl_session_open(ref->core->worker, &open);
	if (slot->session == NULL) {
		dp_tls_tell(ref, DP_MSG_REFUSED, NULL, 0);
		return;
	}
	ref->core->n_sessions++;
	n_early = dl_tls_bytes(dialog, &early);
	feed(ref, early, n_early);
	drive(ref);
}

static void timer(const struct dp_tls_ref *ref)
{
	struct dp_tls_slot *slot = ref->slot;
	uint64_t now_us = dp_clock_us(&ref->core->scan->clock);
	struct dl_out out;
	const char *why;

	/* The poll core's timer has run out, so the deadline must be announced again. */
	slot->told = false;
	slot->asked = true;
	if (now_us < slot->deadline_us)
		return;
	why = dp_tls_dialog_timer(slot->dialog, &ref->core->scan->config.dialog, now_us, &out);
	apply(ref, &out, why);
}

/* Feed the bytes in the pipe up to end, a chunk at a time. False if the session has ended. */
static bool data(const struct dp_tls_ref *ref, uint32_t end)
{
	for (;;) {
		uint32_t len;
		const uint8_t *bytes = dp_pipe_peek(
			ref->pipe, end, &len, &ref->core->scan->rx_pool);

		if (len == 0)
			return true;
		feed(ref, bytes, len);
		/* If it has ended, the pipe belongs to the poll core again. */
		if (!drive(ref))
			return false;
		dp_pipe_take(ref->pipe, len);
	}
}

/* The connection has ended after the bytes up to end. */
static void broken(const struct dp_tls_ref *ref, enum dp_broken how, uint32_t end)
{
	struct dl_out out;
	const char *why;

	if (!data(ref, end))
		return;
	why = dp_tls_dialog_broken(ref->slot->dialog, how, &out);
	apply(ref, &out, why);
}

static void handle(struct dp_tls_core *core, uint32_t poll, const struct dp_msg *msg)
{
	struct dp_tls_ref ref = {core, &core->slots[poll][msg->slot], &core->pipes[poll][msg->slot],
		poll, msg->slot};
	struct dp_tls_slot *slot = ref.slot;
	bool ours = slot->session != NULL && slot->gen == msg->gen && slot->conn == msg->conn;

	slot->entered = rte_rdtsc();
	tl_worker_now(core->worker, dp_clock_us(&core->scan->clock));
	if (msg->op == DP_MSG_OPEN) {
		open_session(&ref, msg);
	} else if (ours) {
		switch ((enum dp_msg_op)msg->op) {
		case DP_MSG_DATA:
			data(&ref, (uint32_t)msg->arg);
			break;
		case DP_MSG_TIMER:
			timer(&ref);
			break;
		case DP_MSG_EOF:
			broken(&ref, DP_BROKEN_BY_PEER, (uint32_t)msg->arg);
			break;
		case DP_MSG_BROKEN:
			broken(&ref, (enum dp_broken)(msg->arg >> 32), (uint32_t)msg->arg);
			break;
		default:
			break;
		}
	}
	slot->ticks += rte_rdtsc() - slot->entered;
	tl_worker_now(core->worker, dp_clock_us(&core->scan->clock));
	if (slot->session != NULL)
		dp_tls_settle(&ref);
}

uint32_t dp_tls_turn(struct dp_tls_core *core)
{
	uint32_t n_done = dp_tls_serve_behind(core);

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

int dp_tls_main(void *arg)
{
	struct dp_tls_core *core = arg;
	struct dp_idle idle = dp_idle_naps(core->scan->config.shared_cpus ? 0 : IDLE_LOOPS);

	core->worker = tl_worker_new(&core->scan->config.tls, &core->why);
	if (core->worker == NULL)
		return -1;
	atomic_store_explicit(&core->ready, true, memory_order_relaxed);
	/* Acquire; pairs with control's release once no poll core runs: the last messages are
	 * visible. */
	while (!atomic_load_explicit(&core->scan->stop_tls, memory_order_acquire)) {
		uint64_t start = rte_rdtsc();
		uint32_t n;

		dp_loop_turn(&core->stats->loops, start, idle.n_idle == 0);
		n = dp_tls_turn(core);
		dp_count(core->stats, DP_LOOPS);
		if (n > 0) {
			dp_idle_worked(&idle);
			dp_count_n(core->stats, DP_CRYPTO_US,
				(uint64_t)((double)(rte_rdtsc() - start) *
					   core->scan->clock.us_per_tick));
			publish(core);
			continue;
		}
		dp_idle_wait(&idle, core->stats);
	}
	publish(core);
	tl_worker_free(core->worker);
	core->worker = NULL;
	return 0;
}

static size_t behind_items(const struct dp_scan_config *config)
{
	return rte_align32pow2(config->n_poll * config->max_sessions);
}

size_t dp_tls_memory(const struct dp_scan_config *config)
{
	return (size_t)config->n_poll * config->max_sessions *
		       (sizeof(struct dp_tls_slot) + sizeof(struct dp_pipe)) +
	       behind_items(config) * sizeof(uint32_t);
}

static void *zeroed(const struct dp_tls_core *core, size_t n, size_t size)
{
	return rte_zmalloc_socket("tls", n * size, 64, core->scan->socket_id);
}

int dp_tls_init(struct dp_tls_core *core, struct dp_scan *scan, uint32_t index)
{
	const struct dp_scan_config *config = &scan->config;
	uint32_t n_items = (uint32_t)behind_items(config);

	core->scan = scan;
	core->index = index;
	core->stats = zeroed(core, 1, sizeof(*core->stats));
	core->behind = (struct dp_fifo){
		.items = zeroed(core, n_items, sizeof(uint32_t)), .mask = n_items - 1};
	if (core->stats == NULL || core->behind.items == NULL)
		return -ENOMEM;
	for (uint32_t p = 0; p < config->n_poll; p++) {
		core->slots[p] = zeroed(core, config->max_sessions, sizeof(struct dp_tls_slot));
		core->pipes[p] = zeroed(core, config->max_sessions, sizeof(struct dp_pipe));
		if (core->slots[p] == NULL || core->pipes[p] == NULL)
			return -ENOMEM;
	}
	return 0;
}

void dp_tls_fini(struct dp_tls_core *core)
{
	for (uint32_t p = 0; p < DP_MAX_POLL; p++) {
		rte_free(core->slots[p]);
		rte_free(core->pipes[p]);
	}
	rte_free(core->behind.items);
	rte_free(core->stats);
}
