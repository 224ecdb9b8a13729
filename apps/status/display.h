/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a running scan reports once a second: the line on standard error, DIR/status.csv and
 * DIR/metrics.prom. The files are written with -q as well. Main thread.
 */
#pragma once

#include "status.h"
#include "status_csv.h"

/* What is shown, and where. */
struct st_display_config {
	struct st_tally_source source;
	const struct ut_folder *folder; /* for the files; borrowed. NULL: no files */
	uint64_t start_unix_us;		/* wall clock at the start, microseconds since 1970 */
	bool append;			/* add to the status.csv of an earlier run */
	bool quiet;			/* no line on standard error */
};

struct st_display {
	struct st_display_config config;
	struct st_status status;
	struct st_csv csv;
	uint64_t last_us; /* scan time of the last report */
	bool metrics;	  /* metrics.prom is written: it has not failed yet */
};

/**
 * Begin, when the poll cores are about to start. If a file cannot be opened, a message on standard
 * error names it, and the scan runs without it.
 * @param display  out: to be ended with st_display_end()
 * @param config   in: copied; what it points to outlives the display
 * @param now_us   in: scan time
 */
void st_display_start(
	struct st_display *display, const struct st_display_config *config, uint64_t now_us);

/**
 * Report, if a second is over.
 * @param display  in/out: started
 * @param now_us   in: scan time
 * @param left_us  in: as for st_status_print()
 */
void st_display_tick(struct st_display *display, uint64_t now_us, uint64_t left_us);

/** Report a last time and close the files, after the lcores have stopped. */
void st_display_end(struct st_display *display);
