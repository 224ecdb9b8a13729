/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the loss estimate counts of a sampled target: that it has answered its primary probe, and
 * that it has answered its second probe.
 *
 *     primary probe ─────► answer ──┐
 *                                   ├─ whichever is later: DP_SAMPLE_FIRST
 *     ... gap ...  second probe ────┘
 *
 * The first answer says that the target is up. If there is no second answer, that is a loss. So the
 * first answer counts only when the second probe has been begun. Otherwise a sampled target that
 * never gets a second probe would pass for a loss, in a scan that ends early or in one that resumes
 * an earlier run. The prober says how far its pass of second probes is (n_second). A target has no
 * other state than what it has answered (dedup.h).
 *
 * Only the poll core that owns the target calls these functions.
 */
#pragma once

#include "poll.h"

#define DP_LOSS_SLOTS 65536

/*
 * n_waiting counts the sampled targets whose first answer has come and whose second probe has not
 * been begun, by 16 bits of their hash. There are few of them at any time. So for nearly every
 * second probe this small table alone says that its target has not answered.
 */
struct dp_loss {
	struct dp_poll *poll; /* of this core */
	/* Indices of this core that the pass of second probes has passed; written by the prober. */
	uint64_t n_second;
	uint8_t n_waiting[DP_LOSS_SLOTS]; /* 255: it has been that many, and stays so */
};

/**
 * Note that a target has answered its primary probe, with SYN-ACK or RST. Does nothing if the
 * target is not sampled.
 * @param loss     in/out: of this core
 * @param addr     in: the target's address
 * @param service  in: index into config.services
 * @param hash     in: its dp_probe_id_hash()
 */
void dp_loss_first(
	struct dp_loss *loss, const struct ts_addr *addr, uint16_t service, uint64_t hash);

/**
 * Note that a target has answered its second probe.
 * @param loss  in/out: of this core
 * @param hash  in: the target's dp_probe_id_hash()
 * @return false if it had answered that before
 */
bool dp_loss_second(struct dp_loss *loss, uint64_t hash);

/**
 * Note that a sampled target's second probe has been queued, or waits for its link-layer address.
 * Called while the pass is still at the target's position.
 * @param loss    in/out: of this core
 * @param target  in: the target
 */
void dp_loss_second_begun(struct dp_loss *loss, const struct dp_target *target);
