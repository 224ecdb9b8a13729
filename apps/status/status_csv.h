/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DIR/status.csv: one row a second about a running scan, and a last one at its end.
 *
 * Header and rows are made from one table of columns, so that they cannot differ. Rates cover the
 * time since the row before. Main thread.
 */
#pragma once

#include "apps/util/folder.h"
#include "tally.h"

#include <stdio.h>

/* The open file, and the counters of the row before. */
struct st_csv {
	FILE *out;			  /* NULL: none is written */
	uint64_t start_us, start_unix_us; /* the start, in scan time and in µs since 1970 */
	uint64_t last_us, n_sent, n_frames, wire_bytes, n_noise, n_held_back;
	int error; /* errno of the first failure, 0: none */
};

/**
 * Create DIR/status.csv with its header.
 * @param csv            out: to be closed with st_csv_close() in any case
 * @param folder         in: open; not kept
 * @param start_us       in: scan time from which elapsed_s counts
 * @param start_unix_us  in: the same moment, µs since 1970
 * @param append         in: add to the file of an earlier run if there is one; false: there must be
 *                       none
 * @return 0 or -errno, which ut_folder_why() explains
 */
int st_csv_open(struct st_csv *csv, const struct ut_folder *folder, uint64_t start_us,
	uint64_t start_unix_us, bool append);

/** Write one row. After a failure, which csv->error keeps, and if it is not open, it does
 * nothing. */
void st_csv_row(struct st_csv *csv, const struct st_tally *tally);

/** Close the file, if it is open. @return 0 or the first -errno */
int st_csv_close(struct st_csv *csv);

/** Print the header line, with its newline. */
void st_csv_header(FILE *out);
