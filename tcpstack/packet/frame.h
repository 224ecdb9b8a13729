/* SPDX-License-Identifier: BSD-3-Clause */
/* Ethernet and IP headers of outgoing frames, private to tcpstack/build*.c. */
#pragma once

#include "build.h"

/* What an IP header says. */
struct ts_frame_ip {
	const struct ts_addr *src, *dst; /* same family */
	uint16_t id;			 /* IPv4 only */
	uint8_t proto;
	uint8_t ttl;
	uint32_t l4_len; /* bytes after the IP header */
};

/**
 * Write an Ethernet header.
 * @param out        out: TS_ETH_LEN + TS_VLAN_LEN bytes writable
 * @param dst_mac    in: destination
 * @param src_mac    in: source
 * @param vlan       in: VLAN id of the tag, 0: no tag
 * @param ethertype  in: of what follows
 * @return bytes written
 */
uint32_t ts_frame_put_eth(uint8_t *out, const uint8_t dst_mac[6], const uint8_t src_mac[6],
	uint16_t vlan, uint16_t ethertype);

/**
 * Write Ethernet and IP headers for a transport message of ip->l4_len bytes.
 * @param out         out: the headers
 * @param cap         in: bytes writable at out; they must hold headers and message
 * @param link        in: next hop
 * @param ip          in: what the IP header says
 * @param pseudo_sum  out: running sum of the pseudo-header (ts_csum_pseudo())
 * @return offset of the message; 0 if it does not fit into cap or one IP packet, or if the families
 *         differ
 */
uint32_t ts_frame_put_ip(uint8_t *out, uint32_t cap, const struct ts_link *link,
	const struct ts_frame_ip *ip, uint64_t *pseudo_sum);
