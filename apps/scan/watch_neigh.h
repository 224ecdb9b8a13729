/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The neighbours under a running scan: what they answer, and what becomes of the gateways.
 *
 *   gateway ──never answers──► the scan ends, no-gateway: it has sent nothing
 *      │ answers
 *      ▼
 *   known ──silent (resolve.h)──► probes wait, no checkpoint is written ──answers──► on with it
 *                                    │ GATEWAY_PATIENCE_US
 *                                    ▼
 *                                 gateway-lost
 *
 * What was probed by way of a gateway that was gone is lost, as with a lost link (watch_link.h).
 * Main thread.
 */
#pragma once

#include <stdint.h>

struct watch;

struct watch_neigh {
	uint64_t
		worry_us; /* last moment without a reason to worry about a gateway never heard of */
	uint64_t lost_us; /* since when a gateway that was known does not answer; 0: none */
	uint64_t claim_us; /* when a second claimant was last told; 0: never */
	uint64_t n_untold; /* claims since then */
};

/** Take in what came, ask, tell, and do what is due. */
void watch_neigh(struct watch *w, uint64_t now_us);
