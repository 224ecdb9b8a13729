/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Control while the poll cores run: signals, limits, guards, the link, the status line. Main thread
 * only.
 */
#pragma once

#include "cooldown.h"
#include "apps/status/display.h"
#include "guard.h"
#include "apps/output/output_limit.h"
#include "scan_run.h"
#include "watch_disk.h"
#include "watch_link.h"
#include "watch_neigh.h"
#include "watch_signals.h"

/* What control knows between two looks. */
struct watch {
	struct scan_run *run;
	struct display display;
	struct guard guard;
	enum dp_mode mode;
	struct watch_signals signals; /* those that have been dealt with */
	struct cooldown cooldown;
	uint64_t start_us;  /* when the poll cores were started */
	uint64_t served_us; /* when all of them were running last, with a link, for sure */
	struct watch_link link;
	struct watch_disk disk;
	struct output_limit output;
	struct watch_neigh neigh;
};

/** Look after a scan whose poll cores have been started, until all of them have returned. */
void watch_scan(struct watch *w);

/**
 * Let the scan end, unless it is ending that way already.
 * @param mode    in: DP_LISTEN, which goes over into DP_DRAIN when the cooldown is over; DP_DRAIN
 *                when late answers are not wanted; DP_ABORT
 * @param reason  in: a word for the summary, a literal; the first one given stays, unless code is
 *                an error
 */
void watch_end(struct watch *w, enum dp_mode mode, const char *reason, enum sw_exit code);

/** No checkpoint is written while there is no link or no gateway. Called when either changes. */
void watch_hold(struct watch *w);

/** Sum of one counter over all cores. */
uint64_t watch_total(const struct scan_run *run, enum dp_counter counter);

/** Write the state of the scan as one line of JSON. */
void watch_status_json(const struct watch *w, FILE *out);
