/* SPDX-License-Identifier: BSD-3-Clause */
/* The thread that takes records from the rings of poll cores and gives them to the writer. It may
 * block on files. */
#pragma once

#include <pthread.h>

#include "apps/resume/keeper.h"
#include "apps/output/writer.h"
#include "apps/summary/prefix_table.h"
#include "dataplane/scan/scan.h"

struct sc_writer_thread {
	/* Set before the start; between start and stop only the thread uses them, but for
	 * keeper.h's functions of control. */
	struct dp_scan *scan;
	struct out_writer *writer;
	struct re_keeper *keeper;
	struct su_prefix_table *prefixes; /* counts every open pair in its network */
	pthread_t thread;
	_Atomic uint64_t n_records; /* written by the thread, read by control */
	_Atomic uint64_t n_bytes; /* out_writer_n_bytes(); written by the thread, read by control */
	_Atomic uint64_t n_lost;  /* records not written after an error; as n_records */
	_Atomic bool failed;	  /* a write has failed; written by the thread, read by control */
	_Atomic bool stop;	  /* no more records come; written by control, read by the thread */
};

/**
 * Start the thread. Main thread.
 * @param wt  in/out: scan, writer, keeper and prefixes are set, the rest is zero; outlives the
 *            thread
 * @return 0 or the -errno of pthread_create()
 */
int sc_writer_thread_start(struct sc_writer_thread *wt);

/** Let the thread take what is left in the rings, flush and end, and wait for its end. Main thread,
 * after all poll cores have returned. */
void sc_writer_thread_stop(struct sc_writer_thread *wt);
