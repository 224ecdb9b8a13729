/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Is a frame the scan's, or the kernel's?
 *
 * The scan's are, by the addresses that it sends from: TCP to its ports, ICMP errors that quote a
 * segment from there, echo requests, ARP and neighbour discovery about these addresses. Everything
 * else is the kernel's, also what is cut short or broken: the scan has no use for it.
 *
 * It is compiled for the kernel's BPF machine. Its verifier must see that each byte read is inside
 * the frame, so each part of the frame is taken with its length, and nothing loops.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "own.h"
#include "tcpstack/packet/wire.h"

#define DP_OWN_INLINE static inline __attribute__((always_inline))

/* Older errors and redirects (RFC 792): the scan counts them as dropped, the kernel must not follow
 * them. */
#define DP_OWN_ICMP4_QUENCH   4
#define DP_OWN_ICMP4_REDIRECT 5

#define DP_OWN_PORTS_LEN 4

/* What is ours about an address, NULL: the address is not ours. */
typedef const struct dp_own *dp_own_find(const struct dp_own_key *key);

/* The rest of a frame. */
struct dp_own_rest {
	const uint8_t *at, *end;
	uint16_t vlan; /* 0: untagged */
	dp_own_find *find;
};

/* The next len bytes. @return false: there are fewer */
DP_OWN_INLINE bool dp_own_take(struct dp_own_rest *rest, uint32_t len, const uint8_t **found)
{
	*found = rest->at;
	if (rest->at + len > rest->end)
		return false;
	rest->at += len;
	return true;
}

/* Skip an IPv4 header, whose options may be of any length. */
DP_OWN_INLINE bool dp_own_skip_ip4(struct dp_own_rest *rest, const uint8_t *ip)
{
	uint32_t n_words = ip[0] & 0xf;

	rest->at = ip + n_words * 4;
	return n_words * 4 >= TS_IP4_LEN && rest->at <= rest->end;
}

/* A frame may have lost its tag before it came here. One with another tag is another network's. */
DP_OWN_INLINE const struct dp_own *dp_own_in_vlan(
	const struct dp_own_rest *rest, const struct dp_own *own)
{
	return own != NULL && (rest->vlan == 0 || rest->vlan == own->vlan) ? own : NULL;
}

DP_OWN_INLINE const struct dp_own *dp_own_v4(const struct dp_own_rest *rest, const uint8_t *addr)
{
	struct dp_own_key key = {.addr = {[10] = 0xff, [11] = 0xff}};

	__builtin_memcpy(&key.addr[12], addr, 4);
	return dp_own_in_vlan(rest, rest->find(&key));
}

DP_OWN_INLINE const struct dp_own *dp_own_v6(const struct dp_own_rest *rest, const uint8_t *addr)
{
	struct dp_own_key key;

	__builtin_memcpy(key.addr, addr, sizeof(key.addr));
	return dp_own_in_vlan(rest, rest->find(&key));
}

DP_OWN_INLINE bool dp_own_has_port(const struct dp_own *own, const uint8_t *port_be)
{
	uint16_t port = ts_get16(port_be);

	return port >= own->port_first && port <= own->port_last;
}

/* ARP for IPv4 over Ethernet: a question for our address, an answer to us, or another host's claim
 * to have our address. */
DP_OWN_INLINE bool dp_own_arp(struct dp_own_rest *rest)
{
	const uint8_t *arp;

	return dp_own_take(rest, TS_ARP_LEN, &arp) &&
	       (dp_own_v4(rest, arp + 24) != NULL || dp_own_v4(rest, arp + 14) != NULL);
}

DP_OWN_INLINE bool dp_own_tcp(struct dp_own_rest *rest, const struct dp_own *own)
{
	const uint8_t *ports;

	return dp_own_take(rest, DP_OWN_PORTS_LEN, &ports) && dp_own_has_port(own, ports + 2);
}

/* The ports of a quoted segment: the first of them is its sender's. */
DP_OWN_INLINE bool dp_own_quoted_tcp(struct dp_own_rest *rest, const struct dp_own *own)
{
	const uint8_t *ports;

	return dp_own_take(rest, DP_OWN_PORTS_LEN, &ports) && dp_own_has_port(own, ports);
}

/* RFC 5927 4: the quoted segment was sent from the address that the error came to. */
DP_OWN_INLINE bool dp_own_quote4(
	struct dp_own_rest *rest, const uint8_t *outer, const struct dp_own *own)
{
	const uint8_t *ip;

	return dp_own_take(rest, TS_IP4_LEN, &ip) && ip[9] == TS_IP_PROTO_TCP &&
	       (ts_get16(ip + 6) & TS_IP4_OFFSET_MASK) == 0 &&
	       ts_get32(ip + 12) == ts_get32(outer + 16) && dp_own_skip_ip4(rest, ip) &&
	       dp_own_quoted_tcp(rest, own);
}

DP_OWN_INLINE bool dp_own_icmp4(
	struct dp_own_rest *rest, const uint8_t *ip, const struct dp_own *own)
{
	const uint8_t *msg;

	if (!dp_own_take(rest, TS_ICMP_LEN, &msg))
		return false;
	switch (msg[0]) {
	case TS_ICMP4_ECHO_REQUEST:
		return true;
	case TS_ICMP4_UNREACHABLE:
	case DP_OWN_ICMP4_QUENCH:
	case DP_OWN_ICMP4_REDIRECT:
	case TS_ICMP4_TIME_EXCEEDED:
	case TS_ICMP4_PARAMETER:
		return dp_own_quote4(rest, ip, own);
	default:
		return false;
	}
}

/* Fragments but the first have no ports. */
DP_OWN_INLINE bool dp_own_ip4(struct dp_own_rest *rest)
{
	const struct dp_own *own;
	const uint8_t *ip;

	if (!dp_own_take(rest, TS_IP4_LEN, &ip) || (ts_get16(ip + 6) & TS_IP4_OFFSET_MASK) != 0)
		return false;
	own = dp_own_v4(rest, ip + 16);
	if (own == NULL || !dp_own_skip_ip4(rest, ip))
		return false;
	if (ip[9] == TS_IP_PROTO_TCP)
		return dp_own_tcp(rest, own);
	return ip[9] == TS_IP_PROTO_ICMP && dp_own_icmp4(rest, ip, own);
}

DP_OWN_INLINE bool dp_own_same_v6(const uint8_t *a, const uint8_t *b)
{
	return ts_get32(a) == ts_get32(b) && ts_get32(a + 4) == ts_get32(b + 4) &&
	       ts_get32(a + 8) == ts_get32(b + 8) && ts_get32(a + 12) == ts_get32(b + 12);
}

DP_OWN_INLINE bool dp_own_quote6(
	struct dp_own_rest *rest, const uint8_t *outer, const struct dp_own *own)
{
	const uint8_t *ip;

	return dp_own_take(rest, TS_IP6_LEN, &ip) && ip[6] == TS_IP_PROTO_TCP &&
	       dp_own_same_v6(ip + 8, outer + 24) && dp_own_quoted_tcp(rest, own);
}

/* Solicitations go to a group of many addresses: their target counts. So it does where another host
 * advertises our address to all. */
DP_OWN_INLINE bool dp_own_nd(struct dp_own_rest *rest, bool to_us)
{
	const uint8_t *target;

	return to_us || (dp_own_take(rest, 16, &target) && dp_own_v6(rest, target) != NULL);
}

DP_OWN_INLINE bool dp_own_icmp6(
	struct dp_own_rest *rest, const uint8_t *ip, const struct dp_own *own)
{
	const uint8_t *msg;

	if (!dp_own_take(rest, TS_ICMP_LEN, &msg))
		return false;
	switch (msg[0]) {
	case TS_ICMP6_ND_SOLICIT:
		return dp_own_nd(rest, false);
	case TS_ICMP6_ND_ADVERT:
		return dp_own_nd(rest, own != NULL);
	case TS_ICMP6_ECHO_REQUEST:
		return own != NULL;
	case TS_ICMP6_UNREACHABLE:
	case TS_ICMP6_PACKET_TOO_BIG:
	case TS_ICMP6_TIME_EXCEEDED:
	case TS_ICMP6_PARAMETER:
		return own != NULL && dp_own_quote6(rest, ip, own);
	default:
		return false;
	}
}

/* The scan takes no segment with an extension header, so there are none here. */
DP_OWN_INLINE bool dp_own_ip6(struct dp_own_rest *rest)
{
	const struct dp_own *own;
	const uint8_t *ip;

	if (!dp_own_take(rest, TS_IP6_LEN, &ip))
		return false;
	own = dp_own_v6(rest, ip + 24);
	if (ip[6] == TS_IP_PROTO_ICMP6)
		return dp_own_icmp6(rest, ip, own);
	return ip[6] == TS_IP_PROTO_TCP && own != NULL && dp_own_tcp(rest, own);
}

/**
 * Is a frame the scan's?
 * @param frame  in: borrowed
 * @param end    in: behind its last byte
 * @param find   in: what is ours about an address; inlined, as the BPF machine has no pointers to
 * functions
 * @return false: it is the kernel's
 * Pure but for find().
 */
DP_OWN_INLINE bool dp_own_frame(const uint8_t *frame, const uint8_t *end, dp_own_find *find)
{
	struct dp_own_rest rest = {.at = frame, .end = end, .find = find};
	const uint8_t *eth, *tag;
	uint16_t type;

	if (!dp_own_take(&rest, TS_ETH_LEN, &eth))
		return false;
	type = ts_get16(eth + 12);
	if (type == TS_ETHERTYPE_VLAN) {
		if (!dp_own_take(&rest, TS_VLAN_LEN, &tag))
			return false;
		rest.vlan = ts_get16(tag) & TS_VLAN_ID_MASK;
		type = ts_get16(tag + 2);
	}
	switch (type) {
	case TS_ETHERTYPE_ARP:
		return dp_own_arp(&rest);
	case TS_ETHERTYPE_IP4:
		return dp_own_ip4(&rest);
	case TS_ETHERTYPE_IP6:
		return dp_own_ip6(&rest);
	default:
		return false;
	}
}
