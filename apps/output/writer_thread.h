/* SPDX-License-Identifier: BSD-3-Clause */
/* The thread that carries records from the poll cores' rings to the writer; it alone may block on
 * files. */
#pragma once

#include <pthread.h>

#include "apps/resume/keeper.h"
#include "writer.h"
#include "dataplane/scan/scan.h"

struct writer_thread {
	struct dp_scan *scan;
	struct writer *writer; /* both used by the thread alone between start and stop */
	struct keeper *keeper;
	pthread_t thread;
	_Atomic uint64_t n_records; /* written by the thread, read by control */
	_Atomic uint64_t
		n_bytes; /* of lines, wr_n_bytes(); written by the thread, read by control */
	_Atomic uint64_t n_lost; /* records that could not be written after an error */
	_Atomic bool failed;	 /* written by the thread: the writer's error is sticky */
	_Atomic bool stop;	 /* written by control when no more records can come */
};

/** Start the thread. 0 or -errno of pthread_create(). Main thread. */
int writer_thread_start(struct writer_thread *wt, struct dp_scan *scan, struct writer *writer,
	struct keeper *keeper);

/** Let it take what is left in the rings, flush, and end. Main thread, after all poll cores have
 * returned. */
void writer_thread_stop(struct writer_thread *wt);
