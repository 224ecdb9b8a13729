/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Building frames: Ethernet with IP and TCP, ARP, neighbour discovery and ping replies, with all
 * checksums. Every function here is pure, may be called by any thread, and writes at most cap bytes
 * at out. A frame has neither padding nor FCS.
 */
#pragma once

#include "opts.h"
#include "pkt.h"
#include "wire.h"

/* What all frames to one next hop have in common. */
struct ts_link {
	uint8_t src_mac[6], dst_mac[6];
	uint16_t vlan; /* 0: untagged */
	uint8_t ttl;   /* hop limit for IPv6 */
};

/* One TCP segment to be built. */
struct ts_seg {
	struct ts_addr src, dst; /* same family */
	uint16_t sport, dport;
	uint32_t seq, ack;
	uint16_t wnd;
	uint8_t flags;		    /* TS_TCP_* */
	uint8_t opts;		    /* TS_OPT_*: further options */
	uint8_t wscale;		    /* for TS_OPT_WSCALE */
	uint8_t n_sack;		    /* blocks of a SACK option, at most TS_SACK_MAX; 0: no option */
	uint16_t mss;		    /* MSS option value, 0: no option; SYN only */
	uint16_t ip_id;		    /* IPv4 identification */
	uint32_t ts_val, ts_ecr;    /* for TS_OPT_TS */
	const struct ts_sack *sack; /* borrowed, n_sack blocks */
	const uint8_t *payload;	    /* borrowed; may be NULL if payload_len is 0 */
	uint32_t payload_len;
};

/* Longest header ts_build_tcp() writes: Ethernet 14 + VLAN 4 + IPv6 40 + TCP 60. */
#define TS_BUILD_HEADER_MAX 118

/** Bytes of a segment's TCP header: 20 and its options, which are padded to words. Pure. */
static inline uint32_t ts_build_tcp_header_len(const struct ts_seg *seg)
{
	uint32_t len = TS_TCP_LEN;

	if (seg->mss != 0)
		len += TS_TCPOPT_MSS_LEN;
	if ((seg->opts | seg->n_sack) == 0)
		return len;
	if (seg->opts & TS_OPT_TS)
		len += TS_OPT_TS_ROOM;
	else if (seg->opts & TS_OPT_SACK_OK)
		len += 4;
	if (seg->opts & TS_OPT_WSCALE)
		len += 4;
	if (seg->n_sack > 0)
		len += 4 + 8u * seg->n_sack;
	return len;
}

/**
 * Say where ts_build_tcp() puts the payload of a segment. If the payload is written there first and
 * seg->payload names that place, it is not copied again.
 * @param out   in: the frame, as for ts_build_tcp()
 * @param link  in: next hop
 * @param seg   in: the segment; its payload is not read
 * @return a place within the first TS_BUILD_HEADER_MAX + 1 bytes of out
 */
static inline uint8_t *ts_build_payload_at(
	uint8_t *out, const struct ts_link *link, const struct ts_seg *seg)
{
	return out + (link->vlan != 0 ? TS_ETH_LEN + TS_VLAN_LEN : TS_ETH_LEN) +
	       (ts_addr_is_v4(&seg->dst) ? TS_IP4_LEN : TS_IP6_LEN) + ts_build_tcp_header_len(seg);
}

/**
 * Build a complete frame around a segment (RFC 9293 3.1; IPv4 with DF set and no options). TCP
 * options come in the order that Linux uses: MSS, SACK-permitted, timestamps, window scale, SACK.
 * @param out   out: the frame, from the Ethernet destination on; the payload may be in its place
 * @param cap   in: bytes writable at out
 * @param link  in: next hop
 * @param seg   in: the segment
 * @return frame length in bytes; 0 if cap is too small, the segment is longer than one IP packet,
 * or the families of src and dst differ
 */
uint32_t ts_build_tcp(
	uint8_t *out, uint32_t cap, const struct ts_link *link, const struct ts_seg *seg);

/**
 * Build an ARP request or reply (RFC 826).
 * @param out         out: the frame
 * @param cap         in: bytes writable at out
 * @param src_mac     in: our link-layer address
 * @param vlan        in: VLAN id, 0: untagged
 * @param sender      in: our IPv4 address
 * @param target      in: the IPv4 address that is asked for, or that asked
 * @param target_mac  in: NULL: a request, sent to broadcast; else a reply to this address
 * @return frame length; 0 if cap is too small or an address is not IPv4
 */
uint32_t ts_build_arp(uint8_t *out, uint32_t cap, const uint8_t src_mac[6], uint16_t vlan,
	const struct ts_addr *sender, const struct ts_addr *target, const uint8_t *target_mac);

/**
 * Build an ARP request to the link-layer address that we have for target, to see whether it is
 * still there (RFC 1122 2.3.2.1, the unicast poll).
 * @param out     out: the frame
 * @param cap     in: bytes writable at out
 * @param link    in: link->dst_mac is that address
 * @param sender  in: our IPv4 address
 * @param target  in: the IPv4 address that is asked for
 * @return frame length; 0 if cap is too small or an address is not IPv4
 */
uint32_t ts_build_arp_poll(uint8_t *out, uint32_t cap, const struct ts_link *link,
	const struct ts_addr *sender, const struct ts_addr *target);

/**
 * Build a neighbour solicitation for target (RFC 4861 4.3), to its solicited-node multicast
 * address.
 * @param out      out: the frame
 * @param cap      in: bytes writable at out
 * @param src_mac  in: our link-layer address
 * @param vlan     in: VLAN id, 0: untagged
 * @param src      in: our IPv6 address
 * @param target   in: the IPv6 address that is asked for
 * @return frame length; 0 if cap is too small or an address is not IPv6
 */
uint32_t ts_build_nd_solicit(uint8_t *out, uint32_t cap, const uint8_t src_mac[6], uint16_t vlan,
	const struct ts_addr *src, const struct ts_addr *target);

/**
 * Build a neighbour solicitation to the link-layer address that we have for target (RFC
 * 4861 7.3.3).
 * @param out     out: the frame
 * @param cap     in: bytes writable at out
 * @param link    in: link->dst_mac is that address
 * @param src     in: our IPv6 address
 * @param target  in: the IPv6 address that is asked for
 * @return frame length; 0 if cap is too small or an address is not IPv6
 */
uint32_t ts_build_nd_poll(uint8_t *out, uint32_t cap, const struct ts_link *link,
	const struct ts_addr *src, const struct ts_addr *target);

/**
 * Build the solicited neighbour advertisement for our address (RFC 4861 4.4).
 * @param out    out: the frame
 * @param cap    in: bytes writable at out
 * @param link   in: link->dst_mac is the asker's link-layer address
 * @param ours   in: our IPv6 address
 * @param asker  in: the IPv6 address that asked
 * @return frame length; 0 if cap is too small or an address is not IPv6
 */
uint32_t ts_build_nd_advert(uint8_t *out, uint32_t cap, const struct ts_link *link,
	const struct ts_addr *ours, const struct ts_addr *asker);

/**
 * Build the answer to a ping (RFC 792, RFC 4443 4.2): the same message with another type.
 * @param out   out: the frame
 * @param cap   in: bytes writable at out
 * @param link  in: next hop
 * @param req   in: the ping, kind TS_PKT_ECHO_REQUEST
 * @return frame length; 0 if cap is too small
 */
uint32_t ts_build_echo_reply(
	uint8_t *out, uint32_t cap, const struct ts_link *link, const struct ts_pkt *req);
