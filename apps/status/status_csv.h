/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DIR/status.csv: one row a second of what a scan does, and a last one at its end.
 *
 * Header and rows are made from one table of columns, so that they cannot differ. Rates are of the
 * time since the row before. Main thread.
 */
#pragma once

#include "apps/util/folder.h"
#include "tally.h"

#include <stdio.h>

/* What the row before had. */
struct st_csv {
	FILE *out; /* NULL: none is written */
	uint64_t start_us, start_unix_us;
	uint64_t last_us, n_sent, n_frames, wire_bytes, n_noise, n_held_back;
	int error; /* errno of the first failure, 0: none */
};

/**
 * Create DIR/status.csv with its header.
 * @param start_us  in: the moment from which elapsed_s counts, by the scan's clock
 * @param append    in: add to the one that is there, if any; else there must be none
 * @return 0 or -errno; ut_folder_why() has words for it
 */
int st_csv_open(struct st_csv *csv, const struct ut_folder *folder, uint64_t start_us,
	uint64_t start_unix_us, bool append);

/** Write one row; a failure is kept in csv->error and stops it. Does nothing when not open. */
void st_csv_row(struct st_csv *csv, const struct st_tally *tally);

/** Close. @return 0 or the first -errno */
int st_csv_close(struct st_csv *csv);

/** The header line, with its newline. */
void st_csv_header(FILE *out);
