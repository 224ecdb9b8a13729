/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Probes out: which index next, when, and to which next hop. No state per probe.
 *
 * A core probes the indices i, i + n, i + 2n ... of the permutation (n poll cores). Repeated probes
 * follow as further passes over the same indices: pass p may go as far as pass p - 1 had come one
 * gap earlier, which a short row of (time, position) marks remembers. A target that has answered
 * meanwhile is skipped.
 */
#pragma once

#include "budget.h"
#include "ident.h"
#include "scan.h"
#include "tcpstack/template.h"

#define DP_MAX_PROBES  16
#define DP_PROBE_BURST 32
/* Marks per gap: the gap between two probes of a target is exact to 1/64. */
#define DP_PASS_MARKS  128
#define DP_RETRY_SLOTS 65536
/* Room may have been made by then; sooner would only add to the crowd. */
#define DP_RETRY_GAP_US 1000000
#define DP_DEFER_SLOTS	8192
#define DP_NEIGH_TRIES	3
#define DP_NEIGH_GAP_US 1000000

struct dp_poll;

struct dp_pass_mark {
	uint64_t at_us, pos;
};

/* One pass over this core's indices. */
struct dp_pass {
	uint64_t pos; /* next index to probe, counted in this core's own indices */
	struct dp_pass_mark marks[DP_PASS_MARKS]; /* where it was when; a ring */
	uint32_t mark_head, mark_tail;
	uint64_t limit; /* what the next pass may reach, from marks a gap old */
};

/* A target that answered when there was no room for it. */
struct dp_retry {
	struct dp_target target;
	uint64_t due_us;
};

/* A target whose next hop is being asked for. */
struct dp_deferred {
	struct dp_target target;
	uint8_t tries;
	bool first; /* no probe of it has left yet */
	uint64_t due_us;
};

struct dp_prober {
	uint64_t n_indices;		/* this core's share */
	struct dp_budget budget;	/* of this core, for all that it sends */
	double rate_pps, bandwidth_bps; /* of the whole scan: what the budget was set for */
	struct dp_pass pass[DP_MAX_PROBES];
	uint64_t gateway_asked_us[2]; /* last request for the gateway: IPv4, IPv6; 0: never */
	struct dp_retry *retry;	      /* DP_RETRY_SLOTS, ring */
	uint32_t retry_head, retry_tail;
	struct dp_deferred *deferred; /* DP_DEFER_SLOTS, ring */
	uint32_t defer_head, defer_tail;
	struct ts_syn_template tpl_v4, tpl_v6;
};

/** Prepare a core's share. @param memory in: zeroed, dp_prober_memory() bytes */
void dp_prober_init(struct dp_poll *poll, void *memory);
size_t dp_prober_memory(void);

/** Send what rate, back-pressure and targets allow. @return probes sent; sets the stall gauge */
uint32_t dp_prober_run(struct dp_poll *poll);

/** Probe a target again later: its answer could not be served. @return false when the list is full
 */
bool dp_prober_retry(struct dp_poll *poll, const struct ts_addr *addr, uint16_t service);

/**
 * Send one probe to a host whose link-layer address is known. It is charged to the budget like
 * every frame, but not held back by it. The caller counts it.
 * @param rport  in: the host's port
 * @return false when the transmit queue is full
 */
bool dp_prober_send_one(struct dp_poll *poll, const struct ts_addr *addr, uint16_t rport,
	enum dp_probe_kind kind, const uint8_t mac[6]);
