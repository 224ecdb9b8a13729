/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a running scan tells of itself once a second: the line on standard error, DIR/status.csv and
 * DIR/metrics.prom. The files are written with -q as well. Main thread.
 */
#pragma once

#include "status.h"
#include "status_csv.h"

struct display {
	const struct scan_run *run;
	struct status status;
	struct status_csv csv;
	uint64_t last_us;
	bool metrics; /* still being written */
};

/** Begin, when the poll cores are about to start. */
void display_start(struct display *display, const struct scan_run *run, uint64_t now_us);

/** Tell, if a second is over. @param left_us  in: as status_print() */
void display_tick(struct display *display, uint64_t now_us, uint64_t left_us);

/** Tell a last time and close the files; when the lcores have stopped. */
void display_end(struct display *display);
