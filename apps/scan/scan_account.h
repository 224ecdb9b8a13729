/* SPDX-License-Identifier: BSD-3-Clause */
/* What control notes of a scan while it runs and at its end, for the summary. Main thread. */
#pragma once

#include "scan_keep.h"
#include "apps/summary/exclusions.h"
#include "apps/summary/summary.h"

/* What was sent until every index had been probed, for the rates that were achieved. */
struct sc_pace {
	uint64_t us; /* how long it took; 0: probing has not ended */
	uint64_t n_probes, n_frames, wire_bytes;
};

/* How often and how long probes have waited for something that control looks after. */
struct sc_waits {
	uint64_t n, us;
};

struct sc_account {
	struct sc_pace pace;
	struct sc_waits disk_waits;
	struct su_exclusions exclusions;     /* that came while the scan ran */
	uint64_t start_unix_us, end_unix_us; /* from the first probe to the last record */
	bool heard_out; /* the cooldown was waited out: an answer that has not come is missing */
	struct out_writer_counts counts; /* copied before the writer is closed */
	struct su_noise_facts noise;	 /* the same */
};

/**
 * Collect what a run says about noise and loss, after the poll cores and the writer thread have
 * ended and before the writer is closed.
 * @param account  in/out: heard_out is set; noise is filled
 * @param plan     in: of the scan
 * @param keep     in: what earlier runs have begun
 * @param output   in: its writer and table of networks
 * @param scan     in: its counters
 */
void sc_account_noise(struct sc_account *account, const struct sc_plan *plan,
	const struct sc_keep *keep, const struct sc_output *output, const struct dp_scan *scan);
