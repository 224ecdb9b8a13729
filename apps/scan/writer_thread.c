/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <time.h>

#include "writer_thread.h"
#include "dataplane/core/idle.h"

/* Most records between two looks at the clock. */
#define BATCH 256
/* Whole lines reach the file at least this often. */
#define FLUSH_US 500000
/* The first sleep after a turn without a record, and how often sleeps double. */
#define IDLE_US	       200
#define IDLE_DOUBLINGS 3

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void add(_Atomic uint64_t *cell)
{
	/* This thread is the only writer, so no locked instruction is needed. */
	atomic_store_explicit(
		cell, atomic_load_explicit(cell, memory_order_relaxed) + 1, memory_order_relaxed);
}

static uint32_t take(struct sc_writer_thread *wt)
{
	struct dp_record record;
	uint32_t n = 0;

	while (n < BATCH && dp_scan_next_record(wt->scan, &record)) {
		if (record.outcome == DP_OUTCOME_OPEN)
			su_prefix_table_count(wt->prefixes, &record.addr,
				record.responder == DP_RESPONDER_SERVICE);
		if (out_writer_record(wt->writer, &record) == 0) {
			add(&wt->n_records);
		} else {
			add(&wt->n_lost);
			atomic_store_explicit(&wt->failed, true, memory_order_relaxed);
		}
		dp_scan_record_done(wt->scan, &record);
		n++;
	}
	atomic_store_explicit(&wt->n_bytes, out_writer_n_bytes(wt->writer), memory_order_relaxed);
	return n;
}

static void *run(void *arg)
{
	struct sc_writer_thread *wt = arg;
	uint64_t flushed_us = now_us();
	struct dp_idle idle = {
		.sleep_us = IDLE_US,
		.n_double = DP_IDLE_NAPS,
		.n_doublings = IDLE_DOUBLINGS,
	};

	for (;;) {
		/* Acquire; pairs with the release in sc_writer_thread_stop(). If it is set, no
		 * record can come into the rings any more. */
		bool last = atomic_load_explicit(&wt->stop, memory_order_acquire);
		uint32_t n = take(wt);

		if (now_us() - flushed_us > FLUSH_US) {
			flushed_us = now_us();
			if (out_writer_flush(wt->writer) != 0)
				atomic_store_explicit(&wt->failed, true, memory_order_relaxed);
		}
		if (re_keeper_step(wt->keeper) != 0)
			atomic_store_explicit(&wt->failed, true, memory_order_relaxed);
		if (n == 0 && last)
			break;
		if (n == 0)
			rte_delay_us_sleep(dp_idle_next_us(&idle));
		else
			dp_idle_worked(&idle);
	}
	if (out_writer_flush(wt->writer) != 0)
		atomic_store_explicit(&wt->failed, true, memory_order_relaxed);
	return NULL;
}

int sc_writer_thread_start(struct sc_writer_thread *wt)
{
	return -pthread_create(&wt->thread, NULL, run, wt);
}

void sc_writer_thread_stop(struct sc_writer_thread *wt)
{
	/* Release; pairs with the acquire in run(). */
	atomic_store_explicit(&wt->stop, true, memory_order_release);
	pthread_join(wt->thread, NULL);
}
