/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Probes out: which target next, when, and to which next hop. No state per probe.
 *
 * A core has a row of positions: first its part of the targets to be probed again from an earlier
 * run, then the indices i, i + n, i + 2n ... of the permutation (n poll cores). Pass 0 walks over
 * all of them. Repeated probes follow as further passes: pass p may go as far as pass p - 1 had
 * come one gap earlier, which a short row of (time, position) marks remembers. A target that has
 * answered meanwhile is skipped. Behind the last of them come the passes of two samples (sample.h),
 * which skip nothing: second probes for the loss estimate, and canaries on decoy ports. Before all
 * of these go the decoys of hosts that have answered (decoy.h).
 *
 * prober.c decides how much may be sent, prober_pass.c which targets are next, prober_hop.c waits
 * for link-layer addresses, prober_burst.c makes the frames, all of one call together.
 */
#pragma once

#include "dataplane/pace/budget.h"
#include "decoy.h"
#include "dataplane/core/ident.h"
#include "dataplane/core/limits.h"
#include "dataplane/scan/scan.h"
#include "tcpstack/packet/template.h"

#define DP_MAX_PASSES (DP_MAX_PROBES + 2)
/* Probes of one call. */
#define DP_PROBE_BURST 64
/* Marks per gap: the gap between two probes of a target is exact to 1/64. */
#define DP_PASS_MARKS  128
#define DP_RETRY_SLOTS 65536
/* Room may have been made by then; sooner would only add to the crowd. The same for all: what is
 * put behind the list is due behind it. */
#define DP_RETRY_GAP_US 1000000
/* How often one is asked before it is given up: a lost SYN must not lose a target that has
 * answered. */
#define DP_RETRY_TRIES	4
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

/* A target that answered when there was no room for it. Once it has been asked again it waits here
 * for its answer, to be asked once more. */
struct dp_retry {
	struct dp_target target;
	uint8_t tries; /* so often asked again */
	bool had_rst;  /* it had sent a RST before that, which is no answer to it */
	uint64_t due_us;
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
	uint64_t n_again, n_positions; /* this core's share: to be probed again; that and indices */
	struct dp_budget budget;       /* of this core, for all that it sends */
	double rate_pps, bandwidth_bps; /* of the whole scan: what the budget was set for */
	uint32_t n_passes;
	struct dp_pass pass[DP_MAX_PASSES]; /* n_probes regular ones, then the two of samples */
	uint64_t gateway_asked_us[2];	    /* last request for the gateway: IPv4, IPv6; 0: never */
	struct dp_retry *retry;		    /* DP_RETRY_SLOTS, ring, ordered by due_us */
	uint32_t retry_head, retry_tail;
	struct dp_deferred *deferred; /* DP_DEFER_SLOTS, ring, turned while it waits */
	uint32_t defer_head, defer_tail;
	/* No position in the ring is lower; found anew with each turn of the ring. */
	uint64_t defer_floor, defer_floor_next;
	uint32_t defer_turn_left; /* entries to look at before this turn is complete */
	struct dp_decoy_row decoys;
	struct ts_syn_template tpl_v4, tpl_v6;
};

/** Prepare a core's share. @param memory in: zeroed, dp_prober_memory() bytes */
void dp_prober_init(struct dp_poll *poll, void *memory);
size_t dp_prober_memory(void);

/**
 * Send what rate, back-pressure and targets allow.
 * @return probes sent and targets passed over; sets the stall gauge and how far the passes are
 */
uint32_t dp_prober_run(struct dp_poll *poll);

/** Ask for a gateway that control wants to hear from: once a second. */
void dp_hop_look_after_gateway(
	struct dp_poll *poll, const struct ts_addr *gateway, enum dp_gateway_state state);

/** Is there room on the list of those that are probed again? */
static inline bool dp_prober_retry_room(const struct dp_prober *prober)
{
	return prober->retry_tail - prober->retry_head < DP_RETRY_SLOTS;
}

/** Probe a target again later: its answer has been counted and could not be served. When it comes
 * again it does not count (DP_SEEN_RETRIED). @return false when the list is full */
bool dp_prober_retry(struct dp_poll *poll, const struct ts_addr *addr, uint16_t service);

/** Is an entry of that list without an answer since it was asked again, or yet to be asked? */
bool dp_prober_retry_open(const struct dp_poll *poll, const struct dp_retry *retry);

/** Entries of that list which are. */
uint32_t dp_prober_n_retries_open(const struct dp_poll *poll);
