/* SPDX-License-Identifier: BSD-3-Clause */
#include "keeper.h"

#include <errno.h>
#include <time.h>

#include "dataplane/scan/scan_snapshot.h"

/* Copy the open work of the earlier run: until the position has moved, it may not be probed yet. */
static int copy_again(const struct re_keeper *k, struct re_checkpoint *into)
{
	const struct dp_scan_config *config = &k->scan->config;
	int rc = 0;

	for (uint64_t i = 0; i < config->n_again && rc == 0; i++)
		rc = re_checkpoint_add_open(into, &config->again[i].addr,
			config->services[config->again[i].service].port);
	return rc;
}

static int copy_open(const struct re_keeper *k, struct re_checkpoint *into)
{
	const struct dp_scan_config *config = &k->scan->config;
	int rc = k->progress.moved ? 0 : copy_again(k, into);

	for (uint32_t p = 0; p < config->n_poll; p++) {
		const struct dp_notes *notes = dp_snapshot_copy(k->scan, p);

		if (notes->overflow)
			return -ENOBUFS;
		for (uint32_t i = 0; i < notes->n && rc == 0; i++)
			rc = re_checkpoint_add_open(into, &notes->copy[i].addr,
				config->services[notes->copy[i].service].port);
	}
	return rc;
}

static void count_results(const struct re_keeper *k, struct re_checkpoint *c)
{
	c->results_bytes = out_writer_read_counts(k->writer)->n_bytes;
	c->certs_bytes = out_writer_read_counts(k->writer)->n_certs_bytes;
	c->n_records = k->n_earlier + out_writer_read_counts(k->writer)->n_records;
}

/* Write the checkpoint, and report an error to control, which may wait for its exclusions. */
static int save(struct re_keeper *k)
{
	int rc = re_checkpoint_save(&k->checkpoint, k->folder);

	if (rc == 0 && k->error == 0)
		return 0;
	if (k->error == 0)
		k->error = rc;
	pthread_mutex_lock(&k->lock);
	k->save_error = k->error;
	pthread_cond_broadcast(&k->saved);
	pthread_mutex_unlock(&k->lock);
	return k->error;
}

/* Write a checkpoint with a new position and new open work; if one cannot be had, both stay as they
 * were. */
static int commit(struct re_keeper *k)
{
	struct re_checkpoint next = {0};
	int rc;

	k->asked = false;
	/* After a failed write lines are lost: in the checkpoint before it their targets are
	 * open. */
	if (out_writer_sync(k->writer) != 0)
		return 0;
	rc = copy_open(k, &next);
	if (rc != 0) {
		/* The old file is still right. The next call tries again. */
		re_checkpoint_free(&next);
		return 0;
	}
	free(k->checkpoint.open);
	k->checkpoint.open = next.open;
	k->checkpoint.n_open = next.n_open;
	k->checkpoint.cap_open = next.cap_open;
	k->checkpoint.next_index = k->asked_at.index;
	k->checkpoint.results_from = k->asked_at.results_bytes;
	count_results(k, &k->checkpoint);
	return save(k);
}

static void take_sample(struct re_keeper *k)
{
	/* The bytes are read before the positions, as re_progress_add() demands. */
	struct re_progress_sample sample = {
		.results_bytes = out_writer_read_counts(k->writer)->n_bytes};

	if (!dp_snapshot_progress(k->scan, &sample.begun, &sample.settled))
		return;
	sample.at_us = dp_clock_us(&k->scan->clock);
	re_progress_add(&k->progress, &sample);
}

/* Move the exclusions that control has added into the checkpoint. @return how many calls of
 * re_keeper_exclude() it holds then */
static uint64_t take_over(struct re_keeper *k)
{
	uint64_t n_taken;
	int rc = 0;

	pthread_mutex_lock(&k->lock);
	for (size_t i = 0; i < k->excluded.n && rc == 0; i++)
		rc = dp_ranges_push(&k->checkpoint.excluded, k->excluded.items[i]);
	/* If memory is short, they are moved at the next call. */
	n_taken = rc == 0 ? k->n_asked : k->n_saved;
	if (rc == 0) {
		dp_ranges_free(&k->excluded);
		atomic_store_explicit(&k->has_excluded, false, memory_order_relaxed);
	}
	pthread_mutex_unlock(&k->lock);
	dp_ranges_normalize(&k->checkpoint.excluded);
	return n_taken;
}

static int take_excluded(struct re_keeper *k)
{
	uint64_t n_taken = take_over(k);

	if (save(k) != 0)
		return k->error;
	pthread_mutex_lock(&k->lock);
	k->n_saved = n_taken;
	pthread_cond_broadcast(&k->saved);
	pthread_mutex_unlock(&k->lock);
	return 0;
}

/* The condition waits by the monotonic clock: the wall clock may be set back. */
static int init_lock(struct re_keeper *k)
{
	pthread_condattr_t attr;
	int rc = -pthread_condattr_init(&attr);

	if (rc != 0)
		return rc;
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	rc = -pthread_cond_init(&k->saved, &attr);
	pthread_condattr_destroy(&attr);
	pthread_mutex_init(&k->lock, NULL);
	return rc;
}

int re_keeper_open(struct re_keeper *keeper, struct re_checkpoint *checkpoint)
{
	struct re_progress_position at = {checkpoint->next_index, checkpoint->results_from};
	int rc = init_lock(keeper);

	if (rc != 0)
		return rc;
	keeper->checkpoint = *checkpoint;
	*checkpoint = (struct re_checkpoint){0};
	re_progress_init(&keeper->progress, at, keeper->begun_floor);
	keeper->checkpoint.state = RE_STATE_RUNNING;
	keeper->checkpoint.n_runs++;
	keeper->last_us = dp_clock_us(&keeper->scan->clock);
	count_results(keeper, &keeper->checkpoint);
	return save(keeper);
}

int re_keeper_step(struct re_keeper *keeper)
{
	uint64_t now_us;

	if (keeper->folder == NULL || keeper->error != 0)
		return keeper->error;
	now_us = dp_clock_us(&keeper->scan->clock);
	if (re_progress_due(&keeper->progress, now_us))
		take_sample(keeper);
	if (atomic_load_explicit(&keeper->has_excluded, memory_order_relaxed))
		take_excluded(keeper);
	if (keeper->asked) {
		if (dp_snapshot_ready(keeper->scan) && dp_snapshot_taken(keeper->scan))
			return commit(keeper);
		return keeper->error;
	}
	if (atomic_load_explicit(&keeper->held, memory_order_relaxed))
		return keeper->error;
	if (now_us - keeper->last_us < keeper->interval_us &&
		!atomic_load_explicit(&keeper->hurry, memory_order_relaxed))
		return keeper->error;
	atomic_store_explicit(&keeper->hurry, false, memory_order_relaxed);
	keeper->last_us = now_us;
	/* The position is taken before the copies: what was in progress has its line behind it. */
	keeper->asked_at = re_progress_settled(
		&keeper->progress, now_us, keeper->scan->config.cooldown_us);
	keeper->asked = true;
	dp_snapshot_ask(keeper->scan);
	return keeper->error;
}

int re_keeper_close(struct re_keeper *keeper, uint64_t served_us)
{
	if (keeper->folder == NULL || keeper->error != 0)
		return keeper->error;
	if (atomic_load_explicit(&keeper->has_excluded, memory_order_relaxed))
		take_excluded(keeper);
	keeper->asked_at = re_progress_settled(
		&keeper->progress, served_us, keeper->scan->config.cooldown_us);
	dp_snapshot_ask(keeper->scan);
	return dp_snapshot_finish(keeper->scan) ? commit(keeper) : keeper->error;
}

int re_keeper_done(struct re_keeper *keeper)
{
	const struct re_checkpoint *c = &keeper->checkpoint;

	if (keeper->folder == NULL || keeper->error != 0)
		return keeper->error;
	keeper->checkpoint.state = RE_STATE_DONE;
	keeper->checkpoint.next_index = c->index_first + c->n_indices;
	keeper->checkpoint.n_open = 0;
	return save(keeper);
}

int re_keeper_exclude(struct re_keeper *keeper, const struct dp_ranges *excluded)
{
	int rc = 0;

	if (keeper->folder == NULL)
		return 0;
	pthread_mutex_lock(&keeper->lock);
	for (size_t i = 0; i < excluded->n && rc == 0; i++)
		rc = dp_ranges_push(&keeper->excluded, excluded->items[i]);
	if (rc == 0)
		keeper->n_asked++;
	atomic_store_explicit(&keeper->has_excluded, true, memory_order_relaxed);
	pthread_mutex_unlock(&keeper->lock);
	return rc;
}

int re_keeper_wait_excluded(struct re_keeper *keeper, uint32_t timeout_s)
{
	struct timespec end;
	int rc = 0;

	if (keeper->folder == NULL)
		return 0;
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += timeout_s;
	pthread_mutex_lock(&keeper->lock);
	while (keeper->n_saved < keeper->n_asked && rc == 0) {
		rc = keeper->save_error;
		if (rc == 0)
			rc = -pthread_cond_timedwait(&keeper->saved, &keeper->lock, &end);
	}
	/* They may have been saved at the very end of the time-out. */
	if (keeper->n_saved == keeper->n_asked)
		rc = 0;
	pthread_mutex_unlock(&keeper->lock);
	return rc;
}

void re_keeper_hurry(struct re_keeper *keeper)
{
	atomic_store_explicit(&keeper->hurry, true, memory_order_relaxed);
}

void re_keeper_hold(struct re_keeper *keeper, bool held)
{
	atomic_store_explicit(&keeper->held, held, memory_order_relaxed);
}

void re_keeper_free(struct re_keeper *keeper)
{
	if (keeper->folder == NULL)
		return;
	re_checkpoint_free(&keeper->checkpoint);
	dp_ranges_free(&keeper->excluded);
	pthread_cond_destroy(&keeper->saved);
	pthread_mutex_destroy(&keeper->lock);
	keeper->folder = NULL;
}
