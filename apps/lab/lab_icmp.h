/* SPDX-License-Identifier: BSD-3-Clause */
/* The gateway's "host unreachable". Pure; any thread. */
#pragma once

#include "tcpstack/packet/build.h"

/* Most bytes of a frame of lab_icmp_unreachable(). */
#define LAB_ICMP_MAX 128

/**
 * Build the ICMP error for a TCP segment that cannot be delivered: IPv4 type 3 code 1 (RFC 792),
 * IPv6 type 1 code 3 (RFC 4443 3.1). It quotes the segment's IP header and the eight bytes behind
 * it.
 * @param out      out: the frame
 * @param link     in: addresses of the link layer, VLAN and TTL
 * @param gateway  in: the sender, of the same family as pkt
 * @param pkt      in: the segment; its kind is TS_PKT_TCP
 * @return bytes of the frame
 */
uint32_t lab_icmp_unreachable(uint8_t out[LAB_ICMP_MAX], const struct ts_link *link,
	const struct ts_addr *gateway, const struct ts_pkt *pkt);
