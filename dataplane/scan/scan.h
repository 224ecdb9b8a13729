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
 *               └──── strays ──────► dp_poll[k]           SPSC per pair of poll cores
 */
#pragma once

#include <rte_mempool.h>
#include <rte_ring.h>

#include "dataplane/core/asked.h"
#include "dataplane/core/clock.h"
#include "dataplane/core/live.h"
#include "dataplane/core/pool.h"
#include "dataplane/flow/msg.h"
#include "dataplane/record/record.h"
#include "dataplane/core/sample.h"
#include "dataplane/core/stats.h"
#include "dataplane/targets/targets.h"
#include "tcpstack/cookie/cookie.h"

#define DP_MAX_POLL 16

/* Parameters of a scan; filled by the application, constant while it runs. */
struct dp_scan_config {
	const struct dl_service *services; /* borrowed; target.service indexes it */
	uint32_t n_services;
	struct dp_route route;
	uint16_t vlan;				      /* 0: untagged */
	uint16_t source_port_first, source_port_last; /* host order, inclusive */
	double rate_pps;      /* frames a second, all that we send; 0: as fast as it goes */
	double bandwidth_bps; /* bits a second on the wire, gaps included; 0: no limit */
	uint32_t n_probes, probe_gap_us;
	/* This run's part of the permutation: indices first .. first + n - 1 (shard, -n,
	 * resume). */
	uint64_t index_first, n_indices;
	const uint64_t
		*done; /* indices not to probe: recorded by an earlier run; ascending, borrowed */
	uint64_t n_done;
	const struct dp_target
		*again; /* to be probed first: under way when an earlier run ended; borrowed */
	uint64_t n_again;
	struct dp_sample loss_sample;	/* targets that are probed a second time */
	struct dp_sample canary_sample; /* pairs whose address is probed on a decoy port too */
	uint32_t n_decoys,
		decoy_sample; /* decoy ports for every so many-th responder; 0 decoys: none */
	uint64_t seed;	      /* of the sessions' randomness */
	struct dl_config dialog;
	struct tl_config tls;
	const char *sni; /* for targets without a name; NULL: none */
	bool emit[DP_N_OUTCOME];
	uint32_t max_conns;	/* per poll core */
	uint32_t max_sessions;	/* per TLS core */
	uint32_t conn_limit_us; /* whole life of one connection */
	uint64_t n_seen;	/* answers remembered, per poll core */
	uint32_t n_poll, n_tls;
	bool shared_cpus;     /* roles share CPUs: pause instead of spin when idle */
	bool lab;	      /* frames also wait on the lab's side */
	bool tags_lost;	      /* the port may take the VLAN tag off what it receives */
	bool snapshots;	      /* a checkpoint is kept: open work can be copied (snapshot.h) */
	uint64_t cooldown_us; /* how long an answer may take */
};

struct dp_poll;
struct dp_tls_core;

/* An answer to a question of ours (asked.h) on its way to control. */
struct dp_sighting {
	struct ts_addr addr;
	uint8_t mac[6];
	uint8_t unused[2];
};

struct dp_scan {
	struct dp_scan_config config;
	const struct dp_targets *targets;
	struct ts_cookie_key cookie_key; /* random, never derived from the seed */
	struct dp_clock clock;
	struct dp_live_ref live;
	struct dp_ranges *excluded; /* what live publishes, NULL: nothing; control only */
	struct dp_resolve resolve;  /* control only */
	uint32_t aged_s;	    /* last look at the neighbours' ages; control only */
	struct dp_asked *asked;	    /* our open questions; shared by the poll cores */
	uint16_t port_id;
	uint8_t mac[6];
	int socket_id;
	struct rte_mempool *mbufs, *rx_chunks, *tx_chunks, *talks;
	struct dp_pool rx_pool, tx_pool, talk_pool; /* the last three, as flows see them */
	uint16_t service_of_port[65536];	    /* index + 1 into services, 0: not scanned */
	struct dp_poll *poll[DP_MAX_POLL];
	struct dp_tls_core *tls[DP_MAX_TLS];
	struct rte_ring
		*to_writer[DP_MAX_POLL]; /* struct dp_record; producer poll i, consumer writer */
	struct rte_ring *
		to_control[DP_MAX_POLL]; /* struct dp_sighting; producer poll i, consumer control */
	struct rte_ring *strays[DP_MAX_POLL]
			       [DP_MAX_POLL]; /* mbufs; from poll i to poll k, NULL when i == k */
	uint64_t n_taken[DP_MAX_POLL];	      /* records taken from poll core i; the writer's */
	_Atomic uint32_t snapshot_wanted; /* number of the copy asked for; writer to poll cores */
	_Atomic uint32_t n_drained; /* poll cores with nothing left to do; each adds itself once */
	_Atomic bool
		stop_tls; /* set by control when no poll core runs any more, read by TLS lcores */
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

/** Give a written record's talk and result back. Writer thread only. */
void dp_scan_record_done(struct dp_scan *scan, struct dp_record *record);

/** Learn from ARP and ND answers, look after the gateways and publish what has changed. What there
 * is to tell is in scan->resolve.events until the next call. Control only. */
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

/** Connections and records still under way over all cores. Any thread. */
uint64_t dp_scan_in_flight(const struct dp_scan *scan);
