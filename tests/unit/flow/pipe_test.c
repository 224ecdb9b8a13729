/* SPDX-License-Identifier: BSD-3-Clause */
/* The pipe of a session: bytes come out as they went in, within its bound, and from thread to
 * thread too (the sanitizer for threads runs this). */
#include <pthread.h>
#include <sched.h>

#include "dataplane/flow/msg.h"
#include "dataplane/tlscore/tlscore.h"
#include "tests/unit/rx/rx_rig.h"
#include "tests/tap.h"

#define N_BYTES	  4000000
#define MAX_PIECE 1460

static struct dp_pipe *a_pipe;
static struct rte_mempool *rx_chunks;
static const struct dp_pool *rx_pool;

/* The stream's byte number i. */
static uint8_t nth(uint32_t i)
{
	return (uint8_t)(i * 7 + i / 1000);
}

/* Put bytes in and read them as a session would. */
static void test_pipe(void)
{
	struct dp_chunk *spares[DP_PIPE_CHUNKS + 1];
	unsigned int n_before = rte_mempool_avail_count(rx_chunks);
	uint32_t n_spares = DP_PIPE_CHUNKS, end = 0, len, n_read = 0;
	bool all = true, same = true;
	uint8_t byte;

	rte_mempool_get_bulk(rx_chunks, (void **)spares, n_spares);
	dp_pipe_open(a_pipe);
	for (uint32_t i = 0; i < 1000; i++) {
		byte = nth(i);
		all = dp_pipe_put(a_pipe, spares, &n_spares, &byte, 1);
	}
	tap_eq(n_spares, DP_PIPE_CHUNKS - 1, "a thousand segments of a byte hold one chunk");
	for (uint32_t i = 1000; dp_pipe_room(a_pipe) > 0 && all; i++) {
		byte = nth(i);
		all = dp_pipe_put(a_pipe, spares, &n_spares, &byte, 1);
	}
	end = a_pipe->given;
	tap_ok(end == DP_PIPE_BYTES && n_spares == 0 && all,
		"sixteen chunks take all that a session may have under way");
	tap_eq(dp_pipe_n_chunks(a_pipe, 0), DP_PIPE_CHUNKS, "sixteen chunks under way are counted");
	for (;;) {
		const uint8_t *bytes = dp_pipe_peek(a_pipe, end, &len, rx_pool);

		for (uint32_t i = 0; i < len; i++)
			same = same && bytes[i] == nth(n_read + i);
		n_read += len;
		if (len == 0)
			break;
		dp_pipe_take(a_pipe, len);
	}
	tap_ok(same && n_read == end, "every byte of a pipe comes out, in order");
	tap_eq(dp_pipe_room(a_pipe), DP_PIPE_BYTES,
		"when all bytes are read there is room for as many again");
	dp_pipe_peek(a_pipe, end - 5, &len, rx_pool);
	tap_eq(len, 0, "a message that is behind the times finds nothing");
	dp_pipe_close(a_pipe, rx_pool);
	tap_eq(rte_mempool_avail_count(rx_chunks), n_before, "no chunk of a pipe is lost");
}

struct reader {
	struct rte_ring *ring;
	uint32_t n_read;
	bool same;
};

/* The TLS core's side. */
static void *read_all(void *arg)
{
	struct reader *reader = arg;
	struct dp_msg msg;

	while (reader->n_read < N_BYTES) {
		uint32_t len = 0;
		const uint8_t *bytes;

		if (rte_ring_sc_dequeue_elem(reader->ring, &msg, sizeof(msg)) != 0) {
			sched_yield();
			continue;
		}
		while ((bytes = dp_pipe_peek(a_pipe, (uint32_t)msg.arg, &len, rx_pool)) != NULL) {
			for (uint32_t i = 0; i < len; i++)
				reader->same = reader->same && bytes[i] == nth(reader->n_read + i);
			reader->n_read += len;
			dp_pipe_take(a_pipe, len);
		}
	}
	return NULL;
}

/* The poll core's: pieces of all sizes, as many as there is room for. @return the most chunks that
 * were under way */
static uint32_t ut_write_all(struct rte_ring *ring)
{
	struct dp_chunk *spares[1];
	uint32_t n_spares = 0, n_given = 0, n_peak = 0;
	uint8_t piece[MAX_PIECE];

	while (n_given < N_BYTES) {
		uint32_t len = RTE_MIN(n_given % 97 * n_given % MAX_PIECE + 1, N_BYTES - n_given);
		struct dp_msg msg = {.op = DP_MSG_DATA};

		if (rte_ring_full(ring) || dp_pipe_room(a_pipe) < len ||
			(n_spares == 0 && rte_mempool_get(rx_chunks, (void **)&spares[0]) != 0)) {
			sched_yield();
			continue;
		}
		n_spares = 1;
		for (uint32_t i = 0; i < len; i++)
			piece[i] = nth(n_given + i);
		dp_pipe_put(a_pipe, spares, &n_spares, piece, len);
		n_given += len;
		msg.arg = n_given;
		n_peak = RTE_MAX(n_peak, dp_pipe_n_chunks(a_pipe, 0));
		rte_ring_sp_enqueue_elem(ring, &msg, sizeof(msg));
	}
	if (n_spares > 0)
		rte_mempool_put(rx_chunks, spares[0]);
	return n_peak;
}

static void test_threads(const struct rig *rig)
{
	struct reader reader = {.ring = rig->core->rx.to_tls[0], .same = true};
	unsigned int n_before = rte_mempool_avail_count(rx_chunks);
	pthread_t thread;
	uint32_t n_peak;

	dp_pipe_open(a_pipe);
	if (!tap_ok(pthread_create(&thread, NULL, read_all, &reader) == 0,
		    "a second thread is started"))
		return;
	n_peak = ut_write_all(reader.ring);
	pthread_join(thread, NULL);
	tap_ok(reader.same && reader.n_read == N_BYTES,
		"four million bytes in pieces of all sizes arrive in order on another thread");
	/* One may be begun and one not yet known to be done with. */
	tap_ok(n_peak <= DP_PIPE_CHUNKS + 1, "never more than the bound under way: %u", n_peak);
	dp_pipe_close(a_pipe, rx_pool);
	tap_eq(rte_mempool_avail_count(rx_chunks), n_before, "no chunk of a pipe is lost");
}

int main(void)
{
	struct rig rig;

	rig_open(&rig);
	a_pipe = &rig.scan->tls[0]->pipes[0][0];
	rx_chunks = rig.scan->rx_chunks;
	rx_pool = &rig.scan->rx_pool;
	test_pipe();
	test_threads(&rig);
	rig_close(&rig);
	return tap_done();
}
