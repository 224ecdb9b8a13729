/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How a poll core takes in a live exclusion.
 *
 *   control: publish the new set (live.h) ─► wait ......................... ─► free the old set
 *   poll core:       │ sees it at the start of a loop                        ▲
 *                    ├─► no new frame to an excluded address from here on    │
 *                    ├─► walk the connections, a part per loop: RST          │
 *                    └─► all that was queued has left ─► excluded_gen ─────────┘
 *
 * Who keeps the first rule: the prober looks before it probes, the receive path before it answers,
 * and flows send nothing but RSTs to an excluded peer while the walk may not have come to them.
 * Owner core only, but for excluded_gen. While nothing is new it costs one comparison.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct dp_rx;

/* Connections looked at in one loop. */
#define DP_PURGE_STEP 1024

struct dp_purge {
	struct dp_rx *rx;  /* of this core */
	uint64_t gen;	   /* the addition that is, or was last, being taken in */
	uint64_t done_gen; /* the last one taken in whole: equal to gen when there is no walk */
	uint32_t next;	   /* connection to look at next; n_conns: all have been looked at */
	uint64_t n_frames; /* queued when the walk was over: when these have left, it is done */
	/* The dp_live.exclude_gen after which no frame to an excluded address can leave any more:
	 * connections reset, queue flushed; UINT64_MAX when the core has left its loop. Written by
	 * this core (release), read by control (acquire). */
	_Atomic uint64_t excluded_gen;
};

/** One step, if the published exclusions are not taken in yet. At the start of each turn, with
 * poll->live loaded. Owner core. */
void dp_purge_run(struct dp_purge *purge);

/** The core has left its loop: nothing leaves any more. Owner core. */
void dp_purge_end(struct dp_purge *purge);
