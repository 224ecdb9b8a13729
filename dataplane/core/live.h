/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What control changes while the scan runs, published by RCU (QSBR).
 *
 * Control alone writes: it fills a new struct dp_live and publishes it whole. Poll cores load the
 * pointer once per loop and announce a quiescent state at its end; after dp_live_publish() has
 * returned no poll core uses the old version any more.
 */
#pragma once

#include "neigh.h"
#include "dataplane/targets/ranges.h"
#include "resolve.h"

enum dp_mode {
	DP_RUN,	   /* probe and dialog */
	DP_LISTEN, /* no new probes, retries or decoys; answers to those that are out are served */
	DP_DRAIN,  /* the same, and a core whose connections have ended is through */
	DP_ABORT,  /* reset everything and stop */
};

struct dp_live {
	enum dp_mode mode;
	bool no_link;	 /* the port has no link for now: no new probes, they would be lost */
	bool no_room;	 /* the disk of the results is nearly full: no new probes, dialogs go on */
	double rate_pps; /* of the whole scan; each poll core takes its share */
	double bandwidth_bps;
	/* Excluded since the start: normal, owned by control; NULL: none. Grows only. */
	const struct dp_ranges *excluded;
	/* Grows with each addition; poll cores answer in dp_poll.excluded_gen. */
	uint64_t exclude_gen;
	struct dp_neigh neigh;
	/* Of IPv4's and IPv6's: which of them the first poll core asks for, and how. */
	enum dp_gateway_state gateway_state[2];
};

/* The published version. Written by control only (dp_live_publish); read by poll cores with
 * dp_live_get(). */
struct dp_live_ref {
	struct dp_live *current;
};

/** Publish the first version. @return 0 or -ENOMEM. Control thread, before the lcores start. */
int dp_live_init(struct dp_live_ref *ref, double rate_pps, double bandwidth_bps);

/** A private copy of the current version to change, or NULL. Control thread. */
struct dp_live *dp_live_copy(const struct dp_live_ref *ref);

/** Publish next, wait until no poll core reads the old version, free that. Control thread. */
void dp_live_publish(struct dp_live_ref *ref, struct dp_live *next);

/** Free the last version, when all lcores have stopped. Control thread. */
void dp_live_fini(struct dp_live_ref *ref);

/**
 * Was this address excluded since the start? From the version that says so on, no frame to it is
 * made but the RSTs of the sweep (sweep.h). One look at a pointer while nothing is excluded.
 */
static inline bool dp_live_excludes(const struct dp_live *live, const struct ts_addr *addr)
{
	return live->excluded != NULL &&
	       dp_ranges_find(live->excluded, dp_number_from_addr(addr)) != NULL;
}

/** The current version, valid until the caller's next quiescent state. Registered poll core. */
const struct dp_live *dp_live_get(const struct dp_live_ref *ref);
