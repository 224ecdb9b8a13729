/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Keeps DIR/checkpoint while a scan runs.
 *
 *   ask the poll cores for their open work (dataplane/scan/snapshot.h)
 *     ─► note the position (progress.h)
 *     ─► all have answered ─► the records they had handed over until then are written
 *     ─► results on the disk ─► checkpoint on the disk
 *
 * So a kill at any moment finds a checkpoint of which every target is over with, in the results, or
 * still to be done. On the writer thread between re_keeper_open() and re_keeper_close(), except
 * what says "Control".
 */
#pragma once

#include <pthread.h>

#include "checkpoint.h"
#include "dataplane/scan/scan.h"
#include "progress.h"
#include "apps/output/writer.h"

struct re_keeper {
	const struct ut_folder *folder; /* NULL: no checkpoint is kept */
	struct dp_scan *scan;
	struct out_writer *writer;
	uint64_t interval_us, last_us;
	bool asked;
	struct re_progress_position asked_at;
	struct re_progress progress;
	struct re_checkpoint checkpoint; /* as it was written last */
	uint64_t n_earlier;		 /* lines of earlier runs */
	uint64_t begun_floor;		 /* see re_progress_init() */
	int error;			 /* -errno of a checkpoint that could not be written */
	_Atomic bool hurry;		 /* set by control, cleared by the writer */
	_Atomic bool held;		 /* set and cleared by control, read by the writer */
	/* Exclusions on their way from control into the checkpoint; all under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t saved;	   /* n_saved has grown, or writing has failed */
	struct dp_ranges excluded; /* new since the last checkpoint */
	uint64_t n_asked,
		n_saved; /* calls of re_keeper_exclude(), and those that are on the disk */
	int save_error;	 /* -errno: they could not be written */
	_Atomic bool has_excluded; /* a hint for the writer, which looks without the lock */
};

/**
 * Write the first checkpoint of a run: what is in it holds until the run has come further.
 * @param keeper       in: folder, scan, writer, interval_us, n_earlier and begun_floor are set
 * @param checkpoint   in: taken; results_bytes and n_records as they are
 * @return 0 or -errno
 */
int re_keeper_open(struct re_keeper *keeper, struct re_checkpoint *checkpoint);

/** Do what is due. @return 0, or the sticky -errno of writing */
int re_keeper_step(struct re_keeper *keeper);

/**
 * Write the last checkpoint of a run whose poll cores have returned and whose records are written.
 * After an abort the one before it stays: the connections are gone.
 * @param served_us  in: until when the poll cores took in answers, for sure
 * @return 0, or the sticky -errno
 */
int re_keeper_close(struct re_keeper *keeper, uint64_t served_us);

/** Say that nothing is left to do. @return 0 or -errno */
int re_keeper_done(struct re_keeper *keeper);

/** Keep exclusions for the run that resumes this one: the next look writes them down.
 * @return 0 or -ENOMEM. Control. */
int re_keeper_exclude(struct re_keeper *keeper, const struct dp_ranges *excluded);

/**
 * Wait until all of them are on the disk: from then on no kill brings them back. Control.
 * @return 0; -ETIMEDOUT: not within timeout_s seconds, they still will be; the -errno of writing
 */
int re_keeper_wait_excluded(struct re_keeper *keeper, uint32_t timeout_s);

/** Let the next checkpoint be written now, whatever the interval says. Control. */
void re_keeper_hurry(struct re_keeper *keeper);

/** Ask for no further checkpoint until this is called again with false: answers cannot come in, so
 * that time does not tell that there are none. Control. */
void re_keeper_hold(struct re_keeper *keeper, bool held);

void re_keeper_free(struct re_keeper *keeper);
