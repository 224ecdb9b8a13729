/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The parts of the parser, private to packet/pkt*.c. Each takes the rest of the frame after the
 * header before it, and fills its part of struct ts_pkt. Addresses and ttl are set already, except
 * for ARP.
 */
#pragma once

#include "pkt.h"

/* An IPv4 address as it stands in a packet. */
static inline struct ts_addr ts_addr_load_v4(const uint8_t wire[4])
{
	uint32_t v4_be;

	memcpy(&v4_be, wire, sizeof(v4_be));
	return ts_addr_from_v4(v4_be);
}

/* Multicast, broadcast, "this network" or loopback: RFC 1122 3.2.1.3 forbids them as a source. */
static inline bool ts_ip4_bad_source(const uint8_t a[4])
{
	static const uint8_t broadcast[4] = {255, 255, 255, 255};

	return a[0] == 0 || a[0] == 127 || (a[0] & 0xf0) == 0xe0 || memcmp(a, broadcast, 4) == 0;
}

/* Multicast, unspecified or loopback (RFC 4291 2.5.2, 2.5.3, 2.7). */
static inline bool ts_ip6_bad_source(const struct ts_addr *a)
{
	static const uint8_t zero[15];

	return a->b[0] == 0xff || (memcmp(a->b, zero, sizeof(zero)) == 0 && a->b[15] <= 1);
}

/* RFC 826. */
enum ts_drop ts_pkt_parse_arp(const uint8_t *arp, uint32_t len, struct ts_pkt *out);

/* RFC 792. */
enum ts_drop ts_pkt_parse_icmp4(const uint8_t *msg, uint32_t len, struct ts_pkt *out);

/* RFC 4443; pseudo_sum is ts_csum_pseudo() of the packet. */
enum ts_drop ts_pkt_parse_icmp6(
	const uint8_t *msg, uint32_t len, uint64_t pseudo_sum, struct ts_pkt *out);

/* RFC 4861 7.1: an ICMPv6 message of type 135 or 136 whose checksum is right. */
enum ts_drop ts_pkt_parse_nd(const uint8_t *msg, uint32_t len, struct ts_pkt *out);
