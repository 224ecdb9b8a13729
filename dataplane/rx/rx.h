/* SPDX-License-Identifier: BSD-3-Clause */
/* The receive path of a poll core with the connections that answers open. Owner core only. */
#pragma once

#include "dataplane/core/limits.h"
#include "dataplane/flow/flow.h"

#define DP_RX_BURST 64
/* Frames taken from a device or from another core in one turn: many more than the answers to a
 * turn's probes. */
#define DP_RX_BUDGET 1024

struct dp_poll;
struct dp_work;
struct rte_ring;

struct dp_rx {
	struct dp_poll *poll;		     /* of this core */
	struct dp_work *work;		     /* the same */
	struct dp_flows flows;		     /* our connections, with the TCP stack */
	struct rte_ring *to_tls[DP_MAX_TLS]; /* struct dp_msg; producer this core */
};

/**
 * Receive frames from the device, then those that other cores have received for this one.
 * @param rx  in/out: of this core
 * @return frames handled, about DP_RX_BUDGET at most from each source
 */
uint32_t dp_rx_poll(struct dp_rx *rx);
