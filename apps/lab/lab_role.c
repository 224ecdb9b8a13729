/* SPDX-License-Identifier: BSD-3-Clause */
#include <rte_cycles.h>
#include <rte_mbuf.h>
#include <rte_pause.h>
#include <rte_ring.h>

#include "dataplane/core/idle.h"
#include "lab_role.h"

/* A role that shares its CPU sleeps after so many idle loops. */
#define IDLE_LOOPS 16
/* After so long without room, both sides wait for each other: no poll core is busy for that long.
 * Only hosts with state can cause this, since they send many frames for one. Frames are then lost,
 * and TCP sends them again. */
#define STUCK_US 1000000

static uint64_t now_us(void)
{
	return (uint64_t)((double)rte_rdtsc() * 1e6 / (double)rte_get_tsc_hz());
}

static bool emit(void *ctx, const uint8_t *frame, uint32_t len)
{
	struct lab_role *role = ctx;
	/* Any queue is right, as with a device that cannot steer: poll cores hand over misdirected
	 * frames. */
	uint32_t queue = role->n_queues > 1 ? frame[len > 37 ? 37 : 0] % role->n_queues : 0;
	struct rte_mbuf *m;

	if (rte_ring_full(role->rings.from_lab[queue]))
		return false;
	m = rte_pktmbuf_alloc(role->mbufs);
	if (m == NULL)
		return false;
	/* A frame fits: LAB_WIRE_FRAME_LEN is less than an mbuf's room. */
	memcpy(rte_pktmbuf_append(m, (uint16_t)len), frame, len);
	/* This cannot fail: there was room, and no one else fills this ring. */
	rte_ring_sp_enqueue(role->rings.from_lab[queue], m);
	return true;
}

static uint32_t send_waiting(struct lab_role *role, uint32_t q)
{
	struct lab_waiting *w = &role->waiting[q];
	uint32_t n = w->n == 0 ? 0
			       : rte_ring_sp_enqueue_burst(
					 role->rings.from_lab[q], (void **)w->frames, w->n, NULL);

	w->n -= n;
	memmove(w->frames, &w->frames[n], w->n * sizeof(w->frames[0]));
	return n;
}

/* May a burst be given to the lab? Yes if it has room, or has had none for too long and must lose
 * some. */
static bool may_take(struct lab_role *role, uint64_t now)
{
	if (lab_has_room(role->lab)) {
		role->stuck_us = 0;
		return true;
	}
	if (role->stuck_us == 0)
		role->stuck_us = now;
	return now - role->stuck_us > STUCK_US;
}

static uint32_t take_frames(struct lab_role *role, uint32_t q)
{
	struct lab_waiting *w = &role->waiting[q];
	struct rte_mbuf *frames[LAB_BURST], *used[LAB_BURST];
	uint64_t now = now_us();
	uint32_t n, n_used = 0;

	if (w->n > 0 || !may_take(role, now))
		return 0;
	n = rte_ring_sc_dequeue_burst(role->rings.to_lab[q], (void **)frames, LAB_BURST, NULL);
	for (uint32_t i = 0; i < n; i++)
		rte_prefetch0(rte_pktmbuf_mtod(frames[i], void *));
	for (uint32_t i = 0; i < n; i++) {
		struct rte_mbuf *m = frames[i];
		uint32_t cap = m->data_len + rte_pktmbuf_tailroom(m);
		uint32_t len = lab_exchange(
			role->lab, rte_pktmbuf_mtod(m, uint8_t *), m->data_len, cap, now);

		if (len == 0) {
			used[n_used++] = m;
			continue;
		}
		m->data_len = (uint16_t)len;
		m->pkt_len = len;
		w->frames[w->n++] = m;
	}
	rte_pktmbuf_free_bulk(used, n_used);
	return n;
}

static uint32_t turn(struct lab_role *role)
{
	uint32_t n = 0;

	for (uint32_t q = 0; q < role->n_queues; q++) {
		n += send_waiting(role, q);
		n += take_frames(role, q);
		n += send_waiting(role, q);
	}
	return n + lab_tick(role->lab, now_us());
}

int lab_role_main(void *arg)
{
	struct lab_role *role = arg;
	struct dp_idle idle = dp_idle_naps(role->shared_cpus ? IDLE_LOOPS : UINT32_MAX);

	role->config.emit = emit;
	role->config.emit_ctx = role;
	role->lab = lab_new(&role->config, now_us(), &role->why);
	if (role->lab == NULL)
		return -1;
	atomic_store_explicit(&role->ready, true, memory_order_relaxed);
	while (!atomic_load_explicit(&role->stop, memory_order_relaxed)) {
		uint32_t us;

		if (turn(role) > 0) {
			dp_idle_worked(&idle);
			continue;
		}
		us = dp_idle_next_us(&idle);
		if (us > 0)
			rte_delay_us_sleep(us);
		else
			rte_pause();
	}
	for (uint32_t q = 0; q < role->n_queues; q++)
		rte_pktmbuf_free_bulk(role->waiting[q].frames, role->waiting[q].n);
	role->counts = *lab_read_counts(role->lab);
	lab_free(role->lab);
	role->lab = NULL;
	return 0;
}
