/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Everything that a scan has counted, at one moment: for the status line, status.csv, metrics.prom,
 * the guards and the summary. Main thread, except st_tally_cores().
 */
#pragma once

#include <inttypes.h>

#include "dataplane/port/port.h"
#include "dataplane/core/scan_shared.h"
#include "dataplane/core/stats.h"
#include "dataplane/scan/roles.h"

/* Where the counters are. All of it is borrowed, and valid until the scan has been taken down. */
struct st_tally_source {
	const struct dp_scan *scan;
	const struct dp_roles *roles;
	const struct dp_port *port;
	const _Atomic uint64_t *n_records; /* records written; the writer thread adds to it */
};

struct st_tally {
	uint64_t now_us; /* since the scan's clock began */
	uint64_t counter[DP_N_COUNTER], drop[TS_N_DROP], gauge[DP_N_GAUGE];
	uint64_t n_unused;	    /* frames and results that were not used, in all */
	uint64_t n_answers;	    /* SYN-ACK, RST or ICMP error, one for each target */
	uint64_t n_targets, n_gone; /* indices of this run; those probed or skipped */
	uint64_t n_records;	    /* written */
	uint64_t nic_rx_missed, nic_tx_errors;
	uint64_t loop_p999_us, loop_max_us; /* of the poll cores */
	uint32_t n_poll;		    /* poll cores */
	uint32_t stalls[DP_N_STALL];	    /* how many of them are in each state */
	double asked_pps, asked_bps;	    /* the limits now; 0: no limit */
	/* Replies that others asked for (dataplane/pace/replies.h), and those of them held back. */
	uint64_t n_noise, n_held_back;
};

/**
 * Add up what all cores have counted.
 * @param tally   out: complete
 * @param source  in: where the counters are
 */
void st_tally_take(struct st_tally *tally, const struct st_tally_source *source);

/** The state of poll cores that is most worth showing: the highest one that any of them is in, in
 * the order of enum dp_stall; DP_STALL_DONE if all are done. */
enum dp_stall st_tally_stall(const struct st_tally *tally);

/** The share of the targets probed by this run that answered with SYN-ACK, 0 to 1. */
double st_tally_hit_rate(const struct st_tally *tally);

/* The counters of frames and results that were not used. */
extern const enum dp_counter st_tally_unused[];
extern const size_t st_tally_n_unused;

/* One lcore that counts. */
struct st_tally_core {
	uint32_t lcore;
	uint16_t cpu;
	enum dp_role role;
	struct dp_stats *stats;
};

/**
 * List the poll and TLS lcores. Any thread while the scan exists.
 * @param roles  in: of the scan
 * @param scan   in: has been built
 * @param cores  out: room for DP_MAX_BLOCKS
 * @return how many
 */
uint32_t st_tally_cores(
	const struct dp_roles *roles, const struct dp_scan *scan, struct st_tally_core *cores);
