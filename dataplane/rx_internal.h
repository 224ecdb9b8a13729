/* SPDX-License-Identifier: BSD-3-Clause */
/* Private to the receive path, rx*.c; owner core only. */
#pragma once

#include "poll.h"

/**
 * Judge a TCP segment that belongs to no connection: an answer to a probe, a last word on a
 * connection we have forgotten, or noise.
 * @param hash  in: dp_ident_hash() of its source address and port
 */
void dp_rx_answer(struct dp_poll *poll, const struct ts_pkt *pkt, uint64_t hash);

/** Judge an ICMP error about a segment of no connection. */
void dp_rx_icmp_answer(struct dp_poll *poll, const struct ts_pkt *pkt);

/** Answer what hosts on our link ask of us and take in what they tell: ARP, ND, ping. */
void dp_rx_serve(struct dp_poll *poll, const struct ts_pkt *pkt);
