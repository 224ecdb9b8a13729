/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Probes out: which target next, when, and to which next hop. No state per probe.
 *
 * A core has a sequence of positions: first its part of the targets to be probed again from an
 * earlier run, then the indices i, i + n, i + 2n ... of the permutation (n poll cores). Pass 0
 * walks over all of them. Repeated probes follow as further passes: pass p may go as far as pass p
 * - 1 had come one gap earlier, which a short ring of (time, position) marks remembers. A target
 * that has answered meanwhile is skipped. Behind the last of them come the passes of two samples
 * (sample.h), which skip nothing: second probes for the loss estimate, and canaries on decoy ports.
 * Before all of these go the decoys of hosts that have answered (decoy_send.h) and the retry list
 * (prober_retry.c).
 *
 * prober.c decides how much may be sent, prober_pass.c which targets are next, prober_hop.c waits
 * for link-layer addresses, prober_burst.c makes the frames, all of one call together.
 */
#pragma once

#include "dataplane/core/poll.h"
#include "dataplane/core/work.h"
#include "dataplane/pace/budget.h"
#include "dataplane/core/limits.h"
#include "tcpstack/packet/template.h"

#define DP_MAX_PASSES (DP_MAX_PROBES + 2)
/* Probes of one call. */
#define DP_PROBE_BURST 64
/* Marks per gap: the gap between two probes of a target is exact to 1/64. */
#define DP_PASS_MARKS	128
#define DP_DEFER_SLOTS	8192
#define DP_NEIGH_TRIES	3
#define DP_NEIGH_GAP_US 1000000

struct dp_poll;

struct dp_pass_mark {
	uint64_t at_us, pos;
};

/* One pass over this core's positions. */
struct dp_pass {
	enum dp_probe_kind kind;
	struct dp_sample sample; /* the positions it stops at; every is 0: all */
	uint64_t pos;		 /* next position to probe; n_positions: at its end */
	uint64_t done_at;	 /* entries of config.done below it */
	struct dp_pass_mark marks[DP_PASS_MARKS]; /* where it was when; a ring */
	uint32_t mark_head, mark_tail;
	uint64_t limit; /* what the next pass may reach, from marks a gap old */
};

/* A target whose next hop is being asked for. */
struct dp_deferred {
	struct dp_target target;
	uint8_t kind; /* enum dp_probe_kind */
	uint8_t tries;
	bool first; /* no probe of it has left yet */
	uint64_t due_us;
	uint64_t pos; /* UINT64_MAX: of no regular pass */
};

struct dp_prober {
	struct dp_poll *poll; /* of this core */
	struct dp_work *work; /* the same */
	const struct dp_scan_config *config;
	uint64_t n_again, n_positions; /* this core's share: to be probed again; that and indices */
	struct dp_budget budget;       /* of this core, for all that it sends */
	double rate_pps, bandwidth_bps; /* of the whole scan: what the budget was set for */
	uint32_t n_passes;
	struct dp_pass pass[DP_MAX_PASSES]; /* n_probes regular ones, then the two of samples */
	uint64_t gateway_asked_us[2];	    /* last request for the gateway: IPv4, IPv6; 0: never */
	struct dp_deferred *deferred;	    /* DP_DEFER_SLOTS, ring, turned while it waits */
	uint32_t defer_head, defer_tail;
	/* No position in the ring is lower; found anew with each turn of the ring. */
	uint64_t defer_floor, defer_floor_next;
	uint32_t defer_turn_left; /* entries to look at before this turn is complete */
	struct ts_syn_template tpl_v4, tpl_v6;
	/* How far the first and the last regular pass over our indices have come: nothing below
	 * n_settled is probed again but for retries and samples, nor waits for its link-layer
	 * address. Written by this core, read by control. */
	_Atomic uint64_t n_begun, n_settled;
	/* Our part of config.again that a pass has yet to reach. Written by this core, read by the
	 * writer. */
	_Atomic uint64_t n_again_left;
};

/**
 * Prepare a core's share. Main thread, before the lcores start.
 * @param prober  out: zeroed before
 * @param poll    in: its core, with scan, index and stats set; borrowed
 * @param work    in: of the same core; borrowed
 * @param memory  in: zeroed, dp_prober_memory() bytes; outlives the prober
 */
void dp_prober_init(
	struct dp_prober *prober, struct dp_poll *poll, struct dp_work *work, void *memory);

/** Length of the shortest SYN's frame in a scan. Any thread. */
uint32_t dp_prober_syn_len(const struct dp_scan_config *config);

/** Bytes of a prober's memory. Any thread. */
size_t dp_prober_memory(void);

/**
 * Send what rate, back-pressure and targets allow. Sets the stall gauge and how far the passes are.
 * Owner poll core, in DP_RUN.
 * @param busy  in: what in the rest of the core holds probes up; DP_STALL_NONE: nothing
 * @return probes sent and targets passed over
 */
uint32_t dp_prober_run(struct dp_prober *prober, enum dp_stall busy);

/** Ask for a gateway that control wants to hear from: once a second. Owner poll core. */
void dp_hop_look_after_gateway(
	struct dp_prober *prober, const struct ts_addr *gateway, enum dp_gateway_state state);
