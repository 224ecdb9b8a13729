/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A TLS core waits for nothing, and a session takes no more than its share.
 *
 * The story: the core slept until the shared pool had a chunk, and a few servers that made us say
 * much and took none of it kept the pool empty. Handshakes stood still for everybody, what ends a
 * connection went to the core that slept, and hundreds of innocent hosts were recorded as silent.
 */
#include <stdlib.h>

#include "dataplane/scan/scan_sizes.h"
#include "dataplane/tlscore/tlscore.h"
#include "tests/unit/rx/rx_rig.h"
#include "tests/tap.h"

#define SLOT 3
#define CONN 7
/* Far longer than a test takes: what of it passes is virtual. */
#define HANDSHAKE_US 3600000000

static struct dp_tls_core *core;
static struct dp_pipe *a_pipe;
static struct rte_ring *to_core, *from_core;
static struct rte_mempool *tx_pool, *rx_chunks;

static struct dp_msg message(enum dp_msg_op op, uint32_t gen)
{
	return (struct dp_msg){.op = (uint16_t)op, .slot = SLOT, .gen = gen, .conn = CONN};
}

static void tell(struct dp_msg msg)
{
	rte_ring_sp_enqueue_elem(to_core, &msg, sizeof(msg));
	dp_tls_turn(core);
}

/* What the core said first; op DP_MSG_OPEN, which it never says: nothing. */
static struct dp_msg heard(void)
{
	struct dp_msg msg = {.op = DP_MSG_OPEN};

	rte_ring_sc_dequeue_elem(from_core, &msg, sizeof(msg));
	return msg;
}

static bool silent(void)
{
	return rte_ring_empty(from_core);
}

static void open_session(struct dl_dialog *dialog, uint32_t gen)
{
	struct dp_msg msg = message(DP_MSG_OPEN, gen);
	struct dl_config config;
	struct dl_out out;

	dl_config_default(&config);
	dl_start(dialog, &config, DL_TLS, true, "", "198.18.0.1", false, 0, &out);
	dl_granted(dialog, &config, 0, &out);
	msg.ptr = dialog;
	tell(msg);
}

static void end_session(uint32_t gen)
{
	struct dp_msg msg = message(DP_MSG_BROKEN, gen);

	msg.arg = dp_broken_arg(DP_BROKEN_LIFE, 0);
	tell(msg);
}

/* Take all chunks of a pool. @return how many */
static uint32_t drain(struct rte_mempool *pool, void **taken)
{
	uint32_t n = 0;

	while (rte_mempool_get(pool, &taken[n]) == 0)
		n++;
	return n;
}

static void test_empty_pool(void)
{
	static struct dl_dialog dialog;
	void **taken = calloc(tx_pool->size, sizeof(*taken));
	uint32_t n = drain(tx_pool, taken);
	struct dp_msg msg;

	dp_pipe_open(a_pipe);
	open_session(&dialog, 1);
	msg = heard();
	tap_ok(msg.op == DP_MSG_WAIT && silent(), "a TLS core without a chunk does not wait: it "
						  "says the deadline and keeps the ClientHello");
	tap_eq(dp_fifo_len(&core->behind), 1,
		"a session whose output has no chunk stands in the queue of those behind");
	dp_tls_turn(core);
	tap_ok(silent(), "a session stays in the queue of those behind while there is no chunk");
	rte_mempool_put_bulk(tx_pool, taken, n);
	dp_tls_turn(core);
	msg = heard();
	tap_ok(msg.op == DP_MSG_SEND && ((struct dp_chunk *)msg.ptr)->len > 100,
		"the ClientHello leaves in the next turn once there is a chunk");
	tap_eq(dp_fifo_len(&core->behind), 0,
		"the queue of those behind is empty once all output has left");
	rte_mempool_put(tx_pool, msg.ptr);
	end_session(1);
	tl_result_free(heard().ptr);
	free(taken);
}

static void test_share_of_output(void)
{
	static struct dl_dialog dialog;
	struct dp_msg msg;

	dp_pipe_open(a_pipe);
	for (uint32_t i = 0; i < DP_PIPE_TX_CHUNKS; i++)
		dp_pipe_sent(a_pipe);
	open_session(&dialog, 2);
	tap_ok(heard().op == DP_MSG_WAIT && silent(),
		"a session whose chunks are all out gets no other one from a full pool");
	dp_pipe_freed(a_pipe);
	dp_tls_turn(core);
	msg = heard();
	tap_eq(msg.op, DP_MSG_SEND,
		"a session sends one chunk more for each that was acknowledged");
	rte_mempool_put(tx_pool, msg.ptr);
	end_session(2);
	tl_result_free(heard().ptr);
}

static void test_end_comes_at_once(void)
{
	static struct dl_dialog dialog;
	struct dp_msg msg;
	struct tl_result *result;

	dp_pipe_open(a_pipe);
	for (uint32_t i = 0; i < DP_PIPE_TX_CHUNKS; i++)
		dp_pipe_sent(a_pipe);
	open_session(&dialog, 3);
	heard();
	end_session(3);
	msg = heard();
	result = msg.ptr;
	tap_ok(msg.op == DP_MSG_DONE && silent(),
		"a session that ends while it has more to say is done at once");
	tap_str(result->error, "the connection had lasted as long as one may",
		"a session that ends at once gives the reason");
	tap_eq(dialog.status, DL_IO_TIMEOUT,
		"a session that ends at once has the status io-timeout");
	tl_result_free(result);
	dp_tls_turn(core);
	tap_ok(silent() && dp_fifo_len(&core->behind) == 0,
		"a session that has ended does not stand in the queue of those behind");
}

static void test_full_ring(void)
{
	static struct dl_dialog dialog;
	struct dp_msg msg = message(DP_MSG_WAIT, 0);
	uint32_t n = 0;

	dp_pipe_open(a_pipe);
	open_session(&dialog, 4);
	rte_mempool_put(tx_pool, heard().ptr);
	while (rte_ring_sp_enqueue_elem(from_core, &msg, sizeof(msg)) == 0)
		n++;
	tell(message(DP_MSG_TIMER, 4));
	tap_ok(rte_ring_full(from_core), "the core does not wait for room in a full ring either");
	while (n-- > 0)
		heard();
	dp_tls_turn(core);
	msg = heard();
	tap_ok(msg.op == DP_MSG_WAIT && msg.answered, "the timer is answered when there is room");
	end_session(4);
	tl_result_free(heard().ptr);
}

/* Time passes for the core. */
static void later(uint64_t us)
{
	struct dp_clock *clock = &core->scan->clock;

	clock->start_tsc -= (uint64_t)((double)(us + 1000) / clock->us_per_tick);
}

/* The first bytes of the server's flight come, and no more of it. */
static void drip(uint32_t gen)
{
	static const uint8_t begins[] = {0x16, 3, 3};
	struct dp_msg msg = message(DP_MSG_DATA, gen);
	struct dp_chunk *spare;
	uint32_t n_spares = 1;

	if (rte_mempool_get(rx_chunks, (void **)&spare) != 0)
		return;
	dp_pipe_put(a_pipe, &spare, &n_spares, begins, sizeof(begins));
	msg.arg = sizeof(begins);
	tell(msg);
}

/* A server that takes the ClientHello and does not finish its own flight. */
static void test_handshake_deadline(void)
{
	static struct dl_dialog dialog;
	struct dp_scan *scan = core->scan;
	uint64_t begin_us = dp_clock_us(&scan->clock), deadline_us;
	struct tl_result *result;
	struct dp_msg msg;

	scan->config.dialog.handshake_us = HANDSHAKE_US;
	dp_pipe_open(a_pipe);
	open_session(&dialog, 6);
	msg = heard();
	deadline_us = msg.arg;
	rte_mempool_put(tx_pool, msg.ptr);
	tap_ok(msg.op == DP_MSG_SEND && deadline_us >= begin_us + HANDSHAKE_US &&
			deadline_us <= dp_clock_us(&scan->clock) + HANDSHAKE_US,
		"the deadline of a handshake counts from the beginning of its session, and goes "
		"with the ClientHello");
	later(HANDSHAKE_US / 2);
	drip(6);
	tap_ok(silent(), "bytes of a handshake do not move its deadline");
	tell(message(DP_MSG_TIMER, 6));
	msg = heard();
	tap_ok(msg.op == DP_MSG_WAIT && msg.answered && msg.arg == deadline_us && silent(),
		"a timer before the deadline of a handshake is answered with the same deadline");
	later(HANDSHAKE_US / 2);
	tell(message(DP_MSG_TIMER, 6));
	msg = heard();
	tap_ok(msg.op == DP_MSG_DONE && msg.arg == DL_NEXT_DONE && silent(),
		"a handshake ends at its deadline, and its core says no more of it");
	result = msg.op == DP_MSG_DONE ? msg.ptr : NULL;
	tap_str(result != NULL ? result->error : NULL,
		"the peer stopped answering during the handshake",
		"the result of a handshake that took too long gives the reason");
	tap_ok(dialog.status == DL_IO_TIMEOUT && dialog.stage == DL_AT_TLS,
		"a handshake that took too long has the status io-timeout, at the stage of TLS");
	tl_result_free(result);
	dp_pipe_close(a_pipe, &scan->rx_pool);
}

static void test_stale_messages(void)
{
	static struct dl_dialog dialog;

	dp_pipe_open(a_pipe);
	open_session(&dialog, 5);
	rte_mempool_put(tx_pool, heard().ptr);
	end_session(5);
	tl_result_free(heard().ptr);
	tell(message(DP_MSG_TIMER, 5));
	tell(message(DP_MSG_EOF, 5));
	tell(message(DP_MSG_DATA, 5));
	tap_ok(silent(), "a message for a session that is over does nothing");
}

int main(void)
{
	struct rig rig;
	const char *why;

	rig_open(&rig);
	core = rig.scan->tls[0];
	a_pipe = &core->pipes[0][SLOT];
	to_core = core->from_poll[0];
	from_core = core->to_poll[0];
	tx_pool = rig.scan->tx_chunks;
	rx_chunks = rig.scan->rx_chunks;
	rig.scan->config.tls = (struct tl_config){
		.max_session_bytes = 256 * 1024, .max_chain_bytes = 128 * 1024};
	if (tl_global_init() == 0)
		core->worker = tl_worker_new(&rig.scan->config.tls, &why);
	if (!tap_ok(core->worker != NULL, "a TLS core runs on this thread"))
		return tap_done();
	test_empty_pool();
	test_share_of_output();
	test_end_comes_at_once();
	test_full_ring();
	test_stale_messages();
	test_handshake_deadline();
	tl_worker_free(core->worker);
	rig_close(&rig);
	return tap_done();
}
