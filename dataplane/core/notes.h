/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a poll core notes for the snapshot of its open work (dataplane/scan/snapshot.h).
 *
 *   prober: probed out of turn ─► recent ─────────────────┐
 *   receive path, flows: opened while a walk is under way ─┴─► the snapshot's walk ─► copy
 *
 * The poll core fills the copy between the request and its publication. The writer thread reads the
 * copy from then to the next request. No other field here is read by another thread. If the scan
 * keeps no checkpoint (config.snapshots), these functions do nothing.
 *
 * Only the owner core calls them, unless their contract says otherwise.
 */
#pragma once

#include "dataplane/targets/targets.h"
#include "queue.h"

#define DP_RECENT_SLOTS 65536
/* Entries that dp_notes_room() looks at in one call. */
#define DP_RECENT_LOOKS 256

/* A target that was probed out of turn (retry list) less than a cooldown ago. */
struct dp_recent {
	struct dp_target target;
	uint64_t sent_us;
};

struct dp_notes {
	struct dp_recent *recent; /* DP_RECENT_SLOTS; NULL: no checkpoint is kept */
	struct dp_queue queue;	  /* of recent */
	uint64_t keep_us;	  /* how long an answer may take: older entries are over */
	bool walking; /* a walk is under way: nothing is forgotten, and what opens is copied */
	struct dp_target *copy; /* n of at most cap */
	uint32_t n, cap;
	bool overflow; /* there was no room for all targets: the copy must not be used */
};

/**
 * Size of the notes' memory. Any thread.
 * @param n_copy  in: targets that a copy can hold
 * @return bytes
 */
size_t dp_notes_memory(uint32_t n_copy);

/**
 * Begin to keep notes. Main thread, before the lcores start; not called if no checkpoint is kept.
 * @param notes    out: zeroed before
 * @param memory   in: dp_notes_memory() bytes; borrowed, outlives the notes
 * @param n_copy   in: targets that a copy can hold
 * @param keep_us  in: how long an answer may take, in microseconds
 */
void dp_notes_init(struct dp_notes *notes, void *memory, uint32_t n_copy, uint64_t keep_us);

/**
 * Is there room to note one more target that is probed out of turn? Forgets up to DP_RECENT_LOOKS
 * targets whose answer is overdue.
 * @param notes   in/out
 * @param now_us  in: time
 * @return false if there is no room; always true if no checkpoint is kept
 */
bool dp_notes_room(struct dp_notes *notes, uint64_t now_us);

/**
 * Note a target that is probed out of turn now.
 * @param notes   in/out: dp_notes_room() has just returned true
 * @param target  in: copied
 * @param now_us  in: time
 */
void dp_notes_sent(struct dp_notes *notes, const struct dp_target *target, uint64_t now_us);

/**
 * Is an entry over, so that no answer to its probe is waited for any more?
 * @param notes   in
 * @param recent  in: the entry
 * @param now_us  in: time
 * @return true if it is over
 */
static inline bool dp_notes_over(
	const struct dp_notes *notes, const struct dp_recent *recent, uint64_t now_us)
{
	return now_us - recent->sent_us >= notes->keep_us;
}

/**
 * Copy a target for which a connection was opened, or which was put on the retry list, if a walk is
 * under way: the walk may have passed its place.
 * @param notes    in/out
 * @param addr     in: its address; copied
 * @param service  in: index into config.services
 */
void dp_notes_opened(struct dp_notes *notes, const struct ts_addr *addr, uint16_t service);

/**
 * Add a target to the copy, during a walk. If there is no room, the copy is marked (overflow).
 * @param notes   in/out
 * @param target  in: copied
 */
void dp_notes_copy(struct dp_notes *notes, const struct dp_target *target);
