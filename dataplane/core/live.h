/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What control changes while the scan runs, published by RCU (QSBR).
 *
 * Control alone writes: it fills a new struct dp_live and publishes it whole. Poll cores load the
 * pointer once in each turn and announce a quiescent state at its end. After dp_live_publish() has
 * returned, no poll core uses the old version any more.
 */
#pragma once

#include "neigh.h"
#include "dataplane/targets/ranges.h"
#include "resolve.h"

enum dp_mode {
	DP_RUN,	   /* probe and dialog */
	DP_LISTEN, /* no new probes, retries or decoys; answers to earlier ones are served */
	DP_DRAIN,  /* the same; the loop ends when all connections of all cores have ended */
	DP_ABORT,  /* reset everything and stop */
};

struct dp_live {
	enum dp_mode mode;
	bool no_link;	      /* the port has no link: no new probes, since they would be lost */
	bool no_room;	      /* the disk of the results is nearly full: no new probes */
	double rate_pps;      /* of the whole scan, each poll core takes its share; 0: no limit */
	double bandwidth_bps; /* the same in bits a second on the wire */
	/* Excluded since the start: a normal set, owned by control; NULL: none. Only grows. */
	const struct dp_ranges *excluded;
	/* Grows with each addition. Poll cores answer with it in dp_purge.excluded_gen
	 * (dataplane/scan/purge.h). */
	uint64_t exclude_gen;
	struct dp_neigh neigh;
	/* Of IPv4 and IPv6: whether and how the first poll core asks for this gateway. */
	enum dp_gateway_state gateway_state[2];
};

/* The published version. Written by control only (dp_live_publish); read by poll cores with
 * dp_live_get(). */
struct dp_live_ref {
	struct dp_live *current;
};

/**
 * Publish the first version. Control thread, before the lcores start.
 * @param ref            out
 * @param rate_pps       in: frames a second of the whole scan; 0: no limit
 * @param bandwidth_bps  in: bits a second on the wire; 0: no limit
 * @return 0 or -ENOMEM; dp_live_fini() is allowed after either
 */
int dp_live_init(struct dp_live_ref *ref, double rate_pps, double bandwidth_bps);

/**
 * Copy the current version, to change it. Control thread.
 * @param ref  in
 * @return for dp_live_publish() or free(); NULL if memory is short
 */
struct dp_live *dp_live_copy(const struct dp_live_ref *ref);

/**
 * Publish a version, wait until no poll core reads the old one, and free the old one. Control
 * thread; blocks for a turn of each poll core.
 * @param ref   in/out
 * @param next  in: of dp_live_copy(); owned by ref from now on
 */
void dp_live_publish(struct dp_live_ref *ref, struct dp_live *next);

/** Free the last version. Control thread, after all lcores have returned. */
void dp_live_fini(struct dp_live_ref *ref);

/**
 * Has this address been excluded since the start? From the version on that says so, no frame to it
 * is made except the RSTs of the exclusion purge (dataplane/scan/purge.h). Reads one pointer if
 * nothing is excluded.
 * @param live  in: the current version
 * @param addr  in
 * @return true if it is excluded; a poll core, or control
 */
static inline bool dp_live_excludes(const struct dp_live *live, const struct ts_addr *addr)
{
	return live->excluded != NULL &&
	       dp_ranges_find(live->excluded, dp_number_from_addr(addr)) != NULL;
}

/**
 * The current version. A poll core that is registered with RCU.
 * @param ref  in
 * @return valid until the caller's next quiescent state
 */
const struct dp_live *dp_live_get(const struct dp_live_ref *ref);
