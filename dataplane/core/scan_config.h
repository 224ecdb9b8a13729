/* SPDX-License-Identifier: BSD-3-Clause */
/* What a scan is to do. */
#pragma once

#include "dataplane/record/record.h"
#include "dataplane/targets/targets.h"
#include "limits.h"
#include "neigh.h"
#include "sample.h"

/* Parameters of a scan; filled by the application, constant while it runs. */
struct dp_scan_config {
	const struct dl_service *services; /* borrowed; target.service indexes it */
	uint32_t n_services;
	struct dp_route route;
	uint16_t vlan;				      /* 0: untagged */
	uint16_t source_port_first, source_port_last; /* host order, inclusive */
	double rate_pps;      /* frames a second, all that we send; 0: no limit */
	double bandwidth_bps; /* bits a second on the wire, gaps included; 0: no limit */
	uint32_t n_probes, probe_gap_us;
	/* This run's part of the permutation: indices first .. first + n - 1 (shard, -n,
	 * resume). */
	uint64_t index_first, n_indices;
	const uint64_t *done; /* indices that an earlier run has recorded, ascending; borrowed */
	uint64_t n_done;
	const struct dp_target
		*again; /* open work of an earlier run, which is probed first; borrowed */
	uint64_t n_again;
	struct dp_sample loss_sample;	 /* targets that are probed a second time */
	struct dp_sample canary_sample;	 /* pairs whose address is probed on a decoy port too */
	uint32_t n_decoys, decoy_sample; /* one responder of this many is asked; n_decoys 0: none */
	uint64_t seed;			 /* of the sessions' randomness */
	struct dl_config dialog;
	struct tl_config tls;
	const char *sni; /* for targets without a name; NULL: none */
	bool emit[DP_N_OUTCOME];
	uint32_t max_conns;	/* per poll core */
	uint32_t max_sessions;	/* per TLS core */
	uint32_t conn_limit_us; /* whole life of one connection */
	uint64_t n_seen;	/* answers remembered, per poll core */
	uint32_t n_poll, n_tls;
	bool shared_cpus;     /* roles share CPUs: idle cores sleep */
	bool lab;	      /* the embedded lab runs in this process: it holds frames, too */
	bool tags_lost;	      /* the port may remove the VLAN tag of received frames */
	bool snapshots;	      /* a checkpoint is kept: open work can be copied (snapshot.h) */
	uint64_t cooldown_us; /* how long an answer may take */
};
