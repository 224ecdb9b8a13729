/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One scan: everything that its lcores share. It is built before they start and freed after they
 * have returned.
 *
 *        targets (read-only)        dp_live (RCU, written by control)
 *               │                          │
 *   port ─► dp_poll[i] ◄──rings──► dp_tls_core[j]         one SPSC pair each
 *               ├──── records ─────► writer thread        SPSC
 *               ├──── neighbour updates ─► control thread SPSC (ARP and ND answers)
 *               └──── misdirected frames ► dp_poll[k]      SPSC per pair of poll cores
 */
#pragma once

#include "dataplane/core/scan_shared.h"
#include "dataplane/core/resolve.h"
#include "dataplane/core/stats.h"

/* What control and the writer keep. Each of them reads and writes its own part alone. */
struct dp_scan_threads {
	/* Control. */
	struct dp_ranges *excluded; /* what live publishes, NULL: nothing */
	struct dp_resolve resolve;
	uint32_t aged_s; /* when the table of neighbours was aged last, in seconds */
	/* Writer. */
	uint64_t n_taken[DP_MAX_POLL]; /* records taken from each poll core */
};

/**
 * Build a scan on an open port (dp_port_open()): pools, rings, cores. Main thread, after
 * rte_eal_init(); one scan in a process.
 * @param config   in: copied; what it points to is borrowed for the life of the scan
 * @param targets  in: finished; borrowed for the life of the scan
 * @param port_id  in: dp_port.id of the port, with config->n_poll queues
 * @param mbufs    in: pool of frames to send, dp_port.mbufs; borrowed for the life of the scan
 * @param mac      in: our link-layer address; copied
 * @param err      out: on failure a sentence, which says how many MB are needed if memory is short
 * @param err_len  in: bytes of err
 * @return the caller's, to be freed by dp_scan_free() or dp_scan_leave(); NULL on failure
 */
struct dp_scan *dp_scan_new(const struct dp_scan_config *config, const struct dp_targets *targets,
	uint16_t port_id, struct rte_mempool *mbufs, const uint8_t mac[6], char *err,
	size_t err_len);

/** Free a scan. Main thread, after its lcores have returned and the writer thread has ended. */
void dp_scan_free(struct dp_scan *scan);

/**
 * Free a scan if the process is about to end. What is in DPDK's memory is not given back: DPDK
 * clears what it gets back, and would write to every page that the scan has never used. Main
 * thread, as dp_scan_free().
 */
void dp_scan_leave(struct dp_scan *scan);

/**
 * All counter blocks, for the sums of stats.h. Any thread.
 * @param scan    in
 * @param blocks  out: room for DP_MAX_POLL + DP_MAX_TLS pointers; those of poll cores come first;
 *                borrowed, valid as long as the scan
 * @return how many
 */
uint32_t dp_scan_stats(const struct dp_scan *scan, struct dp_stats **blocks);

/**
 * Take one record that a poll core has handed over. Writer thread only.
 * @param scan    in/out
 * @param record  out: with its dialog and TLS result, to be given back by dp_scan_record_done()
 * @return false if none waits
 */
bool dp_scan_next_record(struct dp_scan *scan, struct dp_record *record);

/**
 * Give the dialog and the TLS result of a record back. Writer thread only.
 * @param scan    in/out
 * @param record  in/out: of dp_scan_next_record(); both pointers are NULL then
 */
void dp_scan_record_done(struct dp_scan *scan, struct dp_record *record);

/**
 * Learn from neighbour updates, follow the gateways, and publish what has changed. Control only,
 * several times a second.
 * @param scan    in/out: scan->threads->resolve.events holds what the user should be told, until
 *                the next call
 * @param now_us  in: time, as dp_clock_us()
 */
void dp_scan_learn(struct dp_scan *scan, uint64_t now_us);

/* The functions below publish a change to all poll cores and wait until each has seen it. Control
 * only. */

/**
 * Change mode and rate.
 * @param scan      in/out
 * @param mode      in
 * @param rate_pps  in: frames a second of the whole scan; 0: no limit; negative: as it is
 * @return 0 or -ENOMEM: nothing has changed
 */
int dp_scan_set(struct dp_scan *scan, enum dp_mode mode, double rate_pps);

/**
 * Say whether the port has a link. If not, only new probes wait.
 * @param scan  in/out
 * @param up    in
 * @return 0 or -ENOMEM: nothing has changed
 */
int dp_scan_set_link(struct dp_scan *scan, bool up);

/**
 * Say whether the disk has room for more results. If not, only new probes wait.
 * @param scan  in/out
 * @param room  in
 * @return 0 or -ENOMEM: nothing has changed
 */
int dp_scan_set_room(struct dp_scan *scan, bool room);

/**
 * Change the limits.
 * @param scan           in/out
 * @param rate_pps       in: frames a second of the whole scan; 0: no limit; negative: as it is
 * @param bandwidth_bps  in: bits a second on the wire; 0: no limit; negative: as it is
 * @return 0 or -ENOMEM: nothing has changed
 */
int dp_scan_set_limits(struct dp_scan *scan, double rate_pps, double bandwidth_bps);

/**
 * Exclude addresses from now on. After it has returned 0, connections to them are reset and no
 * further frame to them leaves, neither probes nor answers. Poll cores run. Waits for five seconds
 * at most.
 * @param scan  in/out
 * @param more  in: a normal set; copied
 * @return 0; -ENOMEM: nothing has changed; -ETIMEDOUT: a poll core or its device does not get on.
 *         The addresses are excluded then, but frames that were queued before may still leave
 */
int dp_scan_exclude(struct dp_scan *scan, const struct dp_ranges *more);

/**
 * Exclude addresses before the poll cores are started.
 * @param scan  in/out
 * @param more  in: a normal set; copied
 * @return 0 or -ENOMEM: nothing has changed
 */
int dp_scan_exclude_early(struct dp_scan *scan, const struct dp_ranges *more);

/** What has been excluded since the start: a normal set, valid until the next exclusion; NULL:
 * nothing. Control only. */
const struct dp_ranges *dp_scan_excluded(const struct dp_scan *scan);

/** Has every poll core sent all of its probes? Any thread. */
bool dp_scan_probing_done(const struct dp_scan *scan);

/** Number of indices of this run that the first pass has begun, over all cores. Any thread. */
uint64_t dp_scan_n_begun(const struct dp_scan *scan);

/** Number of connections in use over all cores, those whose record waits included, as published in
 * the last millisecond. Any thread. */
uint64_t dp_scan_in_flight(const struct dp_scan *scan);
