/* SPDX-License-Identifier: BSD-3-Clause */
/* Private to the receive path, rx*.c; owner core only. */
#pragma once

#include "dataplane/core/poll.h"
#include "dataplane/core/work.h"
#include "dataplane/port/txq.h"
#include "rx.h"
#include "tcpstack/packet/wire.h"

/**
 * Judge a TCP segment that belongs to no connection: an answer to a probe, a last word on a
 * connection we have forgotten, or noise.
 * @param hash       in: dp_probe_id_hash() of its source address and port
 * @param conn_hash  in: ts_lookup_hash() of its addresses and ports
 */
void dp_rx_answer(struct dp_rx *rx, const struct ts_pkt *pkt, uint64_t hash, uint32_t conn_hash);

/** Judge an ICMP error about a segment of no connection. */
void dp_rx_icmp_answer(struct dp_poll *poll, const struct ts_pkt *pkt);

/** A valid answer about a target has come: when it is not on our own link, its gateway forwards. */
static inline void dp_rx_heard(struct dp_poll *poll, const struct ts_addr *target)
{
	if (dp_route_next_hop(&poll->scan->config.route, target) != target)
		dp_stats_add(&poll->n_heard[ts_addr_is_v4(target) ? 0 : 1], 1);
}

/** Length of a frame of ours to an address, with l4_len bytes behind its IP header. */
static inline uint32_t dp_rx_frame_len(
	const struct dp_poll *poll, const struct ts_addr *dst, uint32_t l4_len)
{
	return TS_ETH_LEN + (poll->scan->config.vlan != 0 ? TS_VLAN_LEN : 0) +
	       (ts_addr_is_v4(dst) ? TS_IP4_LEN : TS_IP6_LEN) + l4_len;
}

/** Answer what hosts on our link ask of us and take in what they tell: ARP, ND, ping. */
void dp_rx_serve(struct dp_poll *poll, const struct ts_pkt *pkt);
