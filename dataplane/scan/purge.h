/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The exclusion purge: how a poll core takes in a live exclusion.
 *
 *   control: publish the new set (live.h) ─► wait ......................... ─► free the old set
 *   poll core:       │ sees it at the start of a turn                        ▲
 *                    ├─► no new frame to an excluded address from here on    │
 *                    ├─► walk the connections, a part in each turn: RST      │
 *                    └─► all queued frames have left ─► excluded_gen ────────┘
 *
 * No new frame: the prober looks before it probes, the receive path looks before it answers, and
 * during the walk flows send only RSTs to an excluded peer. Owner core only, except for
 * excluded_gen. If nothing is new, a turn costs one comparison.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct dp_rx;

/* Connections looked at in one turn. */
#define DP_PURGE_STEP 1024

struct dp_purge {
	struct dp_rx *rx;  /* of this core */
	uint64_t gen;	   /* dp_live.exclude_gen of the current or last walk */
	uint64_t done_gen; /* the last one whose purge is complete: equal to gen if none is due */
	uint32_t next;	   /* connection to look at next; max_conns: all have been looked at */
	uint64_t n_frames; /* frames queued until the end of the walk: these must leave, too */
	/* The last dp_live.exclude_gen whose connections are reset and whose frames have left, so
	 * that no frame to its addresses can leave any more; UINT64_MAX: the core has left its
	 * loop. Written by this core (release), read by control (acquire). */
	_Atomic uint64_t excluded_gen;
};

/** Make one step, if the purge of the published exclusions is not complete. Called at the start of
 * each turn, after poll->live has been loaded. Owner core. */
void dp_purge_run(struct dp_purge *purge);

/** Tell control that the core has left its loop, so that no frame leaves any more. Owner core. */
void dp_purge_end(struct dp_purge *purge);
