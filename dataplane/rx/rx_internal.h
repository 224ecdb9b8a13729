/* SPDX-License-Identifier: BSD-3-Clause */
/* Private to the receive path, rx*.c; owner core only. */
#pragma once

#include "dataplane/core/poll.h"
#include "dataplane/core/work.h"
#include "dataplane/port/txq.h"
#include "rx.h"

/**
 * Judge a TCP segment that belongs to no open connection: an answer to a probe, a late segment of a
 * connection that has ended, or noise.
 * @param hash       in: dp_probe_id_hash() of its source address and port
 * @param conn_hash  in: ts_lookup_hash() of its addresses and ports
 */
void dp_rx_answer(struct dp_rx *rx, const struct ts_pkt *pkt, uint64_t hash, uint32_t conn_hash);

/** Judge an ICMP error about a segment that belongs to no open connection. */
void dp_rx_icmp_answer(struct dp_poll *poll, const struct ts_pkt *pkt);

/** Note a valid answer about a target: if the target is not on-link, its gateway forwards. */
static inline void dp_rx_heard(struct dp_poll *poll, const struct ts_addr *target)
{
	if (dp_route_next_hop(&poll->scan->config.route, target) != target)
		dp_stats_add(&poll->n_heard[ts_addr_is_v4(target) ? 0 : 1], 1);
}

/** Handle ARP, ND and ping: answer requests, and take in answers to our own. */
void dp_rx_serve(struct dp_poll *poll, const struct ts_pkt *pkt);
