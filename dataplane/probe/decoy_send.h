/* SPDX-License-Identifier: BSD-3-Clause */
/* Sending the decoys that connections have asked for (dataplane/core/decoy.h). */
#pragma once

struct dp_burst;
struct dp_prober;

/** Add decoys to a burst, as many as it has frames left. In DP_RUN only. Owner poll core. */
void dp_decoy_send(struct dp_burst *burst, struct dp_prober *prober);
