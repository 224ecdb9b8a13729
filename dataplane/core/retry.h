/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The retry list: targets that have answered when there was no room for a connection.
 *
 *   no room ─► list ─ a second later ─► asked again ─► list ─ no answer ─► asked again ... given up
 *                                            └─ answer: a connection, and its entry is over
 *
 * A target that is asked again stays on the list until its answer has come or DP_RETRY_TRIES probes
 * had none, because one lost SYN must not lose a target that has answered. The list is a queue in
 * the order of due_us: each entry is due one gap after it was put there. The prober asks
 * (prober_retry.c). Only the owner core calls these functions, unless their contract says
 * otherwise.
 */
#pragma once

#include "dataplane/targets/targets.h"
#include "poll.h"
#include "queue.h"

#define DP_RETRY_SLOTS 65536
/* Time for connections to end. A shorter gap would only add to the load. */
#define DP_RETRY_GAP_US 1000000
/* Probes before a target is given up. */
#define DP_RETRY_TRIES 4

struct dp_retry {
	struct dp_target target;
	uint8_t tries; /* how often it was asked again, 0..DP_RETRY_TRIES */
	bool had_rst;  /* it had sent a RST before it was asked again: that is no answer */
	uint64_t due_us;
};

struct dp_retries {
	struct dp_poll *poll;	/* of this core */
	struct dp_retry *slots; /* DP_RETRY_SLOTS */
	struct dp_queue queue;
};

/** Bytes of the list's memory. Any thread. */
size_t dp_retry_memory(void);

/** Is there room for one more target? */
static inline bool dp_retry_room(const struct dp_retries *retries)
{
	return dp_queue_len(&retries->queue) < DP_RETRY_SLOTS;
}

/**
 * Probe a target again later: its answer has been counted and could not be served. When the answer
 * comes again it is not counted again (DP_DEDUP_RETRIED).
 * @param retries  in/out: of the core that owns the target
 * @param addr     in: its address; copied
 * @param service  in: index into config.services
 * @return false if the list is full
 */
bool dp_retry_add(struct dp_retries *retries, const struct ts_addr *addr, uint16_t service);

/**
 * Put a target that is asked again now at the end of the list, where it waits for its answer.
 * @param retries  in/out: with room for one more
 * @param retry    in: its entry, taken off the list
 */
void dp_retry_await(struct dp_retries *retries, struct dp_retry retry);

/**
 * Is an entry open?
 * @param retries  in
 * @param retry    in: the entry
 * @return true if its target has not been asked again yet, or has not answered since
 */
bool dp_retry_open(const struct dp_retries *retries, const struct dp_retry *retry);

/** Number of entries for which dp_retry_open() holds. */
uint32_t dp_retry_n_open(const struct dp_retries *retries);
