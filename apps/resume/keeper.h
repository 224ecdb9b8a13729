/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The keeper writes DIR/checkpoint while a scan runs.
 *
 *   note the position (progress.h), and ask the poll cores for their open work (scan_snapshot.h)
 *     ─► all have answered ─► the records that they had handed over until then are written
 *     ─► the results are on the disk ─► the checkpoint is on the disk
 *
 * So if the scan is killed at any moment, each target is in the results, or the checkpoint says
 * that it is done or still to be done.
 *
 * Control (the main thread) opens, closes and frees the keeper. Between re_keeper_open() and
 * re_keeper_close() the writer thread calls re_keeper_step(), and control only the functions that
 * say "Control".
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
	uint64_t interval_us, last_us; /* between checkpoints; scan time of the last one */
	bool asked;		       /* the poll cores have been asked for their open work */
	struct re_progress_position asked_at; /* the position noted then */
	struct re_progress progress;
	struct re_checkpoint checkpoint; /* the one that was written last */
	uint64_t n_earlier;		 /* lines of earlier runs */
	uint64_t begun_floor;		 /* for re_progress_init() */
	int error;			 /* sticky -errno: a checkpoint could not be written */
	_Atomic bool hurry;		 /* set by control, cleared by the writer thread */
	_Atomic bool held;		 /* written by control, read by the writer thread */
	/* Exclusions on their way from control into the checkpoint; all under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t saved;	   /* n_saved has grown, or writing has failed */
	struct dp_ranges excluded; /* new since the last checkpoint */
	uint64_t n_asked;	   /* calls of re_keeper_exclude() */
	uint64_t n_saved;	   /* those of them that are on the disk */
	int save_error;		   /* -errno: they could not be written */
	_Atomic bool has_excluded; /* a hint for the writer thread, read without the lock */
};

/**
 * Write the first checkpoint of a run. It holds until the run has made progress. Control, before
 * the writer thread starts.
 * @param keeper       in/out: folder, scan, writer, interval_us, n_earlier and begun_floor are set,
 *                     the rest is zero. To be freed with re_keeper_free() in any case.
 * @param checkpoint   in: where the run begins. What it holds is moved, and it is empty afterwards.
 * @return 0 or -errno
 */
int re_keeper_open(struct re_keeper *keeper, struct re_checkpoint *checkpoint);

/**
 * Do what is due: take a sample, ask the poll cores, write a checkpoint. Writer thread, in each
 * turn; blocks while a checkpoint is written.
 * @param keeper  in/out: open
 * @return 0, or the sticky -errno of writing
 */
int re_keeper_step(struct re_keeper *keeper);

/**
 * Write the last checkpoint of a run. Control, after the poll cores have returned and the writer
 * thread has ended. After an abort the checkpoint before it stays, since the connections were
 * reset.
 * @param keeper     in/out: open
 * @param served_us  in: scan time until which the poll cores surely received answers
 * @return 0, or the sticky -errno of writing
 */
int re_keeper_close(struct re_keeper *keeper, uint64_t served_us);

/**
 * Write a checkpoint that says that nothing is left to do. Control, after re_keeper_close().
 * @param keeper  in/out: closed
 * @return 0, or the sticky -errno of writing
 */
int re_keeper_done(struct re_keeper *keeper);

/**
 * Add exclusions to the checkpoint, for the run that resumes this one. The next re_keeper_step()
 * writes them. Control.
 * @param keeper    in/out: open
 * @param excluded  in: copied
 * @return 0; -ENOMEM: some of them may be added
 */
int re_keeper_exclude(struct re_keeper *keeper, const struct dp_ranges *excluded);

/**
 * Wait until the exclusions of all calls of re_keeper_exclude() are on the disk: then they survive
 * a kill. Control; blocks.
 * @param keeper     in/out: open
 * @param timeout_s  in: longest wait in seconds
 * @return 0; -ETIMEDOUT: they are not on the disk yet, and will be written later; or the -errno of
 *         writing
 */
int re_keeper_wait_excluded(struct re_keeper *keeper, uint32_t timeout_s);

/** Ask for a checkpoint now, without waiting for the interval. Control. */
void re_keeper_hurry(struct re_keeper *keeper);

/**
 * Begin no further checkpoint until this is called with false: while answers cannot come in, a
 * target that has been silent for long is not done. Control.
 * @param keeper  in/out: open
 * @param held    in: answers cannot come in
 */
void re_keeper_hold(struct re_keeper *keeper, bool held);

/** Free what the keeper holds; its folder is NULL then. Control. */
void re_keeper_free(struct re_keeper *keeper);
