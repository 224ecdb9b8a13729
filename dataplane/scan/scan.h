/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One scan: everything its lcores share, built before they start and taken apart after they
 * stopped.
 *
 *        targets (read-only)        dp_live (RCU, written by control)
 *               │                          │
 *   port ─► dp_poll[i] ◄──rings──► dp_tls_core[j]         one SPSC pair each
 *               ├──── records ─────► writer thread        SPSC
 *               ├──── sightings ───► control thread       SPSC (ARP and ND answers)
 *               └──── misdirected ──────► dp_poll[k]           SPSC per pair of poll cores
 */
#pragma once

#include "dataplane/core/scan_shared.h"
#include "dataplane/core/resolve.h"
#include "dataplane/core/stats.h"

/* What the threads beside the cores keep. */
struct dp_scan_threads {
	/* Control. */
	struct dp_ranges *excluded; /* what live publishes, NULL: nothing */
	struct dp_resolve resolve;
	uint32_t aged_s; /* last look at the neighbours' ages */
	/* Writer. */
	uint64_t n_taken[DP_MAX_POLL]; /* records taken from each poll core */
};

/**
 * Build a scan on an open port (dp_port_open()): pools, rings, cores.
 * @param config   in: copied; what it points to is borrowed for the life of the scan
 * @param targets  in: finished; borrowed
 * @param mac      in: our link-layer address
 * @param err      out: on failure a sentence, with the MB wanted when memory was short
 * @return the scan or NULL. Main thread, after rte_eal_init().
 */
struct dp_scan *dp_scan_new(const struct dp_scan_config *config, const struct dp_targets *targets,
	uint16_t port_id, struct rte_mempool *mbufs, const uint8_t mac[6], char *err,
	size_t err_len);

/** Free a scan whose lcores have returned. */
void dp_scan_free(struct dp_scan *scan);

/**
 * The same when the process is about to end: what lies in DPDK's memory is left to it. DPDK clears
 * whatever is given back, so that freeing writes to every page that the scan has never needed.
 */
void dp_scan_leave(struct dp_scan *scan);

/** All counter blocks, for sums. @param blocks out: room for DP_MAX_POLL + DP_MAX_TLS @return how
 * many */
uint32_t dp_scan_stats(const struct dp_scan *scan, struct dp_stats **blocks);

/** Take one record that a poll core handed over. @return false when none waits. Writer thread only.
 */
bool dp_scan_next_record(struct dp_scan *scan, struct dp_record *record);

/** Give a written record's dialog and result back. Writer thread only. */
void dp_scan_record_done(struct dp_scan *scan, struct dp_record *record);

/** Learn from ARP and ND answers, look after the gateways and publish what has changed. What there
 * is to tell is in scan->threads->resolve.events until the next call. Control only. */
void dp_scan_learn(struct dp_scan *scan, uint64_t now_us);

/** Change mode or rate (a negative rate: as it is) for all poll cores. 0 or -ENOMEM. Control only.
 */
int dp_scan_set(struct dp_scan *scan, enum dp_mode mode, double rate_pps);

/** Say whether the port has its link: without it no new probe leaves, and all else goes on. 0 or
 * -ENOMEM. Control only. */
int dp_scan_set_link(struct dp_scan *scan, bool up);

/**
 * Say whether there is room for more results: without it no probe leaves, but all else goes on.
 * @return 0 or -ENOMEM. Control thread.
 */
int dp_scan_set_room(struct dp_scan *scan, bool room);

/** Change the limits for all poll cores: 0 lifts one, a negative value leaves it as it is. 0 or
 * -ENOMEM. Control only. */
int dp_scan_set_limits(struct dp_scan *scan, double rate_pps, double bandwidth_bps);

/**
 * Exclude addresses from now on. When it returns 0, connections to them have been reset and no
 * further frame to them leaves: neither probes nor answers.
 * @param more  in: a normal set; copied
 * @return 0, -ENOMEM (nothing has changed), or -ETIMEDOUT: a poll core or its device does not get
 * on. The exclusion holds all the same, but what had been queued before it may still leave.
 * Control only, while poll cores run.
 */
int dp_scan_exclude(struct dp_scan *scan, const struct dp_ranges *more);

/** The same before poll cores are started: at their start they know it. 0 or -ENOMEM. */
int dp_scan_exclude_early(struct dp_scan *scan, const struct dp_ranges *more);

/** What has been excluded since the start, a normal set; NULL: nothing. Control only. */
const struct dp_ranges *dp_scan_excluded(const struct dp_scan *scan);

/** Has every poll core probed all it has to? Any thread. */
bool dp_scan_probing_done(const struct dp_scan *scan);

/** Indices of this run that the first pass has reached, over all cores. Any thread. */
uint64_t dp_scan_n_begun(const struct dp_scan *scan);

/** Connections and records still under way over all cores. Any thread. */
uint64_t dp_scan_in_flight(const struct dp_scan *scan);
