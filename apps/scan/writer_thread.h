/* SPDX-License-Identifier: BSD-3-Clause */
/* The thread that carries records from the poll cores' rings to the writer; it alone may block on
 * files. */
#pragma once

#include <pthread.h>

#include "apps/resume/keeper.h"
#include "apps/output/writer.h"
#include "apps/summary/prefix_table.h"
#include "dataplane/scan/scan.h"

struct sc_writer_thread {
	/* Set before the start; between start and stop used by the thread alone. */
	struct dp_scan *scan;
	struct out_writer *writer;
	struct re_keeper *keeper;
	struct su_prefix_table *prefixes; /* every open pair is counted in its network */
	pthread_t thread;
	_Atomic uint64_t n_records; /* written by the thread, read by control */
	_Atomic uint64_t n_bytes; /* out_writer_n_bytes(); written by the thread, read by control */
	_Atomic uint64_t n_lost;  /* records that could not be written after an error */
	_Atomic bool failed;	  /* written by the thread: the writer's error is sticky */
	_Atomic bool stop;	  /* written by control when no more records can come */
};

/**
 * Start the thread.
 * @param wt  in: scan, writer, keeper and prefixes are set, the rest is zero; must outlive the
 *            thread
 * @return 0 or the -errno of pthread_create(). Main thread.
 */
int sc_writer_thread_start(struct sc_writer_thread *wt);

/** Let it take what is left in the rings, flush, and end. Main thread, after all poll cores have
 * returned. */
void sc_writer_thread_stop(struct sc_writer_thread *wt);
