/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sending probes: which target is next, when, and to which next hop. No state per probe.
 *
 * A core has a sequence of positions: first its part of an earlier run's open work, then the
 * indices i, i + n, i + 2n ... of the permutation (n poll cores). Pass 0 walks over all positions.
 * Each repetition of the probes is a further pass: a pass may come to where the pass before it was
 * one gap ago, which a short ring of (time, position) marks remembers. A target that has answered
 * in between is skipped. After the last repetition come the passes of two samples (sample.h), which
 * skip nothing: second probes for the loss estimate, and canaries on decoy ports. Decoys of hosts
 * that have answered (decoy_send.h) and the retry list (prober_retry.c) go before all passes.
 *
 * prober.c decides how much may be sent, prober_pass.c chooses the next targets, prober_hop.c waits
 * for link-layer addresses, and prober_burst.c makes all frames of one call together.
 */
#pragma once

#include "dataplane/core/poll.h"
#include "dataplane/core/work.h"
#include "dataplane/pace/budget.h"
#include "dataplane/core/limits.h"
#include "dataplane/core/queue.h"
#include "tcpstack/packet/template.h"

#define DP_MAX_PASSES (DP_MAX_PROBES + 2)
/* Probes that one call sends at most. */
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
	uint64_t done_at;	 /* how many entries of config.done it has passed */
	struct dp_pass_mark marks[DP_PASS_MARKS]; /* when it was at which position */
	struct dp_queue mark_queue;		  /* of marks */
	uint64_t limit; /* the next pass may come to this position: the pass was there a gap ago */
};

/* A deferred probe: its next hop is being asked for its link-layer address. */
struct dp_deferred {
	struct dp_target target;
	uint8_t kind; /* enum dp_probe_kind */
	uint8_t tries;
	bool first;	 /* no probe of the target has left yet */
	uint64_t due_us; /* when it is asked for again */
	uint64_t pos;	 /* its position; UINT64_MAX: it belongs to a sample's pass */
};

struct dp_prober {
	struct dp_poll *poll; /* of this core */
	struct dp_work *work; /* the same */
	const struct dp_scan_config *config;
	uint64_t n_again, n_positions;	/* positions of open work; all positions of this core */
	struct dp_budget budget;	/* of this core, for all frames that it sends */
	double rate_pps, bandwidth_bps; /* of the whole scan: what the budget was set for */
	uint32_t n_passes;
	struct dp_pass pass[DP_MAX_PASSES]; /* n_probes regular ones, then the two of samples */
	uint64_t gateway_asked_us[2];	    /* last request for the gateway: IPv4, IPv6; 0: never */
	struct dp_deferred *deferred;	    /* DP_DEFER_SLOTS */
	/* Of deferred. An entry that still waits goes from the head to the tail. */
	struct dp_queue defer_queue;
	/* No entry has a lower position. It is computed anew in each round over the queue. */
	uint64_t defer_floor, defer_floor_next;
	uint32_t defer_turn_left; /* entries to look at before this round is complete */
	struct ts_syn_template tpl_v4, tpl_v6;
	/* How many indices of this core the first pass has begun, and how many are settled: they
	 * are not probed again except by retries and samples, and do not wait for a link-layer
	 * address. Written by this core, read by control and the writer. */
	_Atomic uint64_t n_begun, n_settled;
	/* Positions of open work that are not settled. Written by this core, read by the
	 * writer. */
	_Atomic uint64_t n_again_left;
};

/**
 * Prepare the prober of a core. Main thread, before the lcores start.
 * @param prober  out: zeroed before
 * @param poll    in/out: its core, with scan, index and stats set; gets its reply budget; borrowed
 * @param work    in/out: of the same core; gets the start of the loss sample's pass; borrowed
 * @param memory  in: zeroed, dp_prober_memory() bytes; borrowed, outlives the prober
 */
void dp_prober_init(
	struct dp_prober *prober, struct dp_poll *poll, struct dp_work *work, void *memory);

/** Size of a prober's memory, in bytes. Any thread. */
size_t dp_prober_memory(void);

/**
 * Send what rate, back-pressure and targets allow. Sets dp_stats.stall, n_begun, n_settled and
 * n_again_left. Owner poll core, in DP_RUN.
 * @param prober  in/out
 * @param busy    in: what in the rest of the core holds probes up; DP_STALL_NONE: nothing
 * @return how much was done: probes and neighbour requests sent, and targets passed over
 */
uint32_t dp_prober_run(struct dp_prober *prober, enum dp_stall busy);

/**
 * Ask for a gateway that control wants an answer from, once a second. Owner poll core.
 * @param prober   in/out
 * @param gateway  in: its address
 * @param state    in: DP_GATEWAY_POLL: at its known link-layer address; DP_GATEWAY_SEEK: by
 *                 broadcast
 */
void dp_hop_look_after_gateway(
	struct dp_prober *prober, const struct ts_addr *gateway, enum dp_gateway_state state);
