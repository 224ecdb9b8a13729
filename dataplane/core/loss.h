/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the loss estimate counts of a sampled target: that it has answered its probe proper, and
 * that it has answered its second one.
 *
 *     probe proper ──────► answer ──┐
 *                                   ├─ whichever is later: DP_SAMPLE_FIRST
 *     ... gap ...  second probe ────┘
 *
 * The first answer says that the target is up, and from then on it is missed where it does not
 * answer again. So it counts only once the second probe has been begun: of a scan that ends early,
 * or that goes on behind what an earlier run had asked, many a sampled target never gets one, and
 * would pass for a loss. The prober says how far its pass of second probes is (n_second): there is
 * no state per target but what it has answered (dedup.h).
 *
 * Poll core that owns the target.
 */
#pragma once

#include "poll.h"

#define DP_LOSS_SLOTS 65536

/*
 * n_waiting is where a sampled target's first answer waits for its second probe: a number of
 * targets for each value of 16 bits of their hash. There are few of them at any time, so nearly
 * every second probe can tell from this alone, without a look into the large table, that its target
 * has not answered.
 */
struct dp_loss {
	struct dp_poll *poll; /* of this core */
	/* Our indices that the pass of second probes has left behind; written by the prober. */
	uint64_t n_second;
	uint8_t n_waiting[DP_LOSS_SLOTS]; /* 255: that many or more, for ever */
};

/** A target has answered its primary probe, with SYN-ACK or RST.
 * @param hash  in: dp_probe_id_hash() */
void dp_loss_first(
	struct dp_loss *loss, const struct ts_addr *addr, uint16_t service, uint64_t hash);

/** A target has answered its second probe, which only sampled ones get. @return false: it had
 * before. @param hash in: dp_probe_id_hash() */
bool dp_loss_second(struct dp_loss *loss, uint64_t hash);

/** A sampled target's second probe has been queued, or waits for its link-layer address. The pass
 * is still at its position. */
void dp_loss_second_begun(struct dp_loss *loss, const struct dp_target *target);
