/* SPDX-License-Identifier: BSD-3-Clause */
/* Sending the decoys that connections have asked for (dataplane/core/decoy.h). */
#pragma once

struct dp_burst;
struct dp_prober;

/**
 * Add decoys to a burst, as many as it has frames left. Owner poll core, in DP_RUN.
 * @param burst   in/out: begun
 * @param prober  in/out: of the core
 */
void dp_decoy_send(struct dp_burst *burst, struct dp_prober *prober);
