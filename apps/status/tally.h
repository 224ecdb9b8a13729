/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Everything a scan has counted, at one moment: what the status line, status.csv, metrics.prom, the
 * guards and the summary tell. Main thread.
 */
#pragma once

#include <inttypes.h>

#include "dataplane/port/port.h"
#include "dataplane/core/scan_shared.h"
#include "dataplane/core/stats.h"
#include "dataplane/scan/roles.h"

/* Where the counts stand. All of it is borrowed, and there until the scan has been taken down. */
struct st_tally_source {
	const struct dp_scan *scan;
	const struct dp_roles *roles;
	const struct dp_port *port;
	const _Atomic uint64_t *n_records; /* records written; another thread adds to it */
};

struct st_tally {
	uint64_t now_us; /* since the scan's clock began */
	uint64_t counter[DP_N_COUNTER], drop[TS_N_DROP], gauge[DP_N_GAUGE];
	uint64_t n_unused;	    /* frames and findings not used, for whatever reason */
	uint64_t n_answers;	    /* SYN-ACK, RST, ICMP error, one for each target */
	uint64_t n_targets, n_gone; /* indices of this run; those probed or passed over */
	uint64_t n_records;	    /* written */
	uint64_t nic_rx_missed, nic_tx_errors;
	uint64_t loop_p999_us, loop_max_us; /* of the poll cores */
	uint32_t n_poll,
		stalls[DP_N_STALL];  /* poll cores, and how many of them are in each state */
	double asked_pps, asked_bps; /* live; 0: no limit */
	/* Replies to what others asked (dataplane/pace/replies.h), and how many were held back. */
	uint64_t n_noise, n_held_back;
};

/**
 * Add up what all cores have counted.
 * @param tally   out
 * @param source  in
 */
void st_tally_take(struct st_tally *tally, const struct st_tally_source *source);

/** The state that holds poll cores up most, and which a user can do most about; stalls[] has how
 * many are in it. */
enum dp_stall st_tally_stall(const struct st_tally *tally);

/** Targets that answered with SYN-ACK by targets that this run has probed, 0 to 1. */
double st_tally_hit_rate(const struct st_tally *tally);

/* Counters that mean a frame or a finding was not used. */
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
 * The poll and TLS lcores.
 * @param cores  out: room for DP_MAX_BLOCKS
 * @return how many. Any thread while the scan lives.
 */
uint32_t st_tally_cores(
	const struct dp_roles *roles, const struct dp_scan *scan, struct st_tally_core *cores);
