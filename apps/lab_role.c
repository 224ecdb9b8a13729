/* SPDX-License-Identifier: BSD-3-Clause */
#include <rte_cycles.h>
#include <rte_mbuf.h>
#include <rte_ring.h>

#include "lab_role.h"

#define LAB_BURST     64
#define IDLE_PAUSE_US 20
/* Half a second and more: longer than any poll core is busy with something else. */
#define ROOM_TRIES 10000

static uint64_t now_us(void)
{
	return (uint64_t)((double)rte_rdtsc() * 1e6 / (double)rte_get_tsc_hz());
}

static bool stopped(const struct lab_role *role)
{
	return atomic_load_explicit(&role->stop, memory_order_relaxed);
}

/* One more try at making room; false when the frame is lost. Two sides that wait for ever would
 * both starve. */
static bool wait_for_room(struct lab_role *role, uint32_t *tries)
{
	if (++*tries > ROOM_TRIES || stopped(role)) {
		role->n_lost++;
		return false;
	}
	rte_delay_us_sleep(IDLE_PAUSE_US);
	return true;
}

/* A wire that loses nothing while the other side takes its frames: wait for room, within bounds. */
static void emit(void *ctx, const uint8_t *frame, uint32_t len)
{
	struct lab_role *role = ctx;
	/* Any queue will do, as with a device that cannot steer: the poll cores hand over among
	 * themselves. */
	uint32_t queue = role->n_queues > 1 ? frame[len > 37 ? 37 : 0] % role->n_queues : 0;
	struct rte_mbuf *m;
	uint32_t tries = 0;
	char *to;

	while ((m = rte_pktmbuf_alloc(role->mbufs)) == NULL) {
		if (!wait_for_room(role, &tries))
			return;
	}
	to = rte_pktmbuf_append(m, (uint16_t)len);
	if (to == NULL) {
		rte_pktmbuf_free(m);
		role->n_lost++;
		return;
	}
	memcpy(to, frame, len);
	while (rte_ring_sp_enqueue(role->rings.from_lab[queue], m) != 0) {
		if (!wait_for_room(role, &tries)) {
			rte_pktmbuf_free(m);
			return;
		}
	}
}

static uint32_t take_frames(struct lab_role *role)
{
	uint32_t n_all = 0;

	for (uint32_t q = 0; q < role->n_queues; q++) {
		struct rte_mbuf *frames[LAB_BURST];
		unsigned int n = rte_ring_sc_dequeue_burst(
			role->rings.to_lab[q], (void **)frames, LAB_BURST, NULL);
		uint64_t now = now_us();

		for (unsigned int i = 0; i < n; i++) {
			lab_input(role->lab, rte_pktmbuf_mtod(frames[i], const uint8_t *),
				frames[i]->data_len, now);
			rte_pktmbuf_free(frames[i]);
		}
		n_all += n;
	}
	return n_all;
}

int lab_role_main(void *arg)
{
	struct lab_role *role = arg;
	struct lab_config config = {
		.seed = role->seed,
		.n_conns = role->n_conns,
		.n_sessions = role->n_sessions,
		.emit = emit,
		.emit_ctx = role,
	};

	role->lab = lab_new(&config, now_us(), &role->why);
	if (role->lab == NULL)
		return -1;
	atomic_store_explicit(&role->ready, true, memory_order_relaxed);
	while (!stopped(role)) {
		uint32_t n = take_frames(role);

		n += lab_tick(role->lab, now_us());
		if (n == 0 && role->shared_cpus)
			rte_delay_us_sleep(IDLE_PAUSE_US);
	}
	role->counts = *lab_counts(role->lab);
	lab_free(role->lab);
	role->lab = NULL;
	return 0;
}
