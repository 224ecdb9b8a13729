/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a poll core notes for the snapshot of its open work (dataplane/scan/snapshot.h).
 *
 *   prober: probed out of turn ─► recent ─────────────────┐
 *   receive path, flows: opened while a walk is under way ─┴─► the snapshot's walk ─► copy
 *
 * The copy is a queue that its writer fills from the request to the publication, and that the
 * writer thread reads from then to the next request; nothing else here is read by another thread.
 * Without a checkpoint (config.snapshots) all of this does nothing.
 */
#pragma once

#include "dataplane/targets/targets.h"

#define DP_RECENT_SLOTS 65536
/* Entries looked at in one call. */
#define DP_RECENT_LOOKS 256

/* A target that was probed out of turn less than a cooldown ago. */
struct dp_recent {
	struct dp_target target;
	uint64_t sent_us;
};

struct dp_notes {
	struct dp_recent *recent; /* DP_RECENT_SLOTS, ring; NULL: no checkpoint is kept */
	uint32_t head, tail;
	uint64_t keep_us; /* how long an answer may take: what is older is over */
	bool walking;	  /* a walk is under way: nothing is forgotten, and what opens is copied */
	struct dp_target *copy;
	uint32_t n, cap;
	bool overflow; /* there was no room for all: the copy is not to be used */
};

/**
 * Bytes of the notes' memory. Any thread.
 * @param n_copy  in: targets that a copy can hold
 */
size_t dp_notes_memory(uint32_t n_copy);

/**
 * Begin to keep notes.
 * @param notes    out: zeroed before
 * @param memory   in: dp_notes_memory() bytes; outlives the notes
 * @param n_copy   in: targets that a copy can hold
 * @param keep_us  in: how long an answer may take
 */
void dp_notes_init(struct dp_notes *notes, void *memory, uint32_t n_copy, uint64_t keep_us);

/**
 * Is there room to note one more target that is probed out of turn? Forgets those whose answers are
 * overdue, DP_RECENT_LOOKS at most. Owner core.
 * @return true always, when no checkpoint is kept
 */
bool dp_notes_room(struct dp_notes *notes, uint64_t now_us);

/** Note a target that is probed out of turn now; dp_notes_room() has said yes. Owner core. */
void dp_notes_sent(struct dp_notes *notes, const struct dp_target *target, uint64_t now_us);

/** Is nothing waited for any more? The target has had its answer and its line, or has none. Owner
 * core. */
static inline bool dp_notes_over(
	const struct dp_notes *notes, const struct dp_recent *recent, uint64_t now_us)
{
	return now_us - recent->sent_us >= notes->keep_us;
}

/**
 * A connection was opened, or a retry put on the list, for a target that a walk may have passed
 * already. Owner core.
 */
void dp_notes_opened(struct dp_notes *notes, const struct ts_addr *addr, uint16_t service);

/** Add a target to the copy; without room the copy is marked. Owner core, during a walk. */
void dp_notes_copy(struct dp_notes *notes, const struct dp_target *target);
