/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers on the wire: header lengths, protocol values, big-endian loads and stores. */
#pragma once

#include <stdint.h>

#define TS_ETH_LEN  14
#define TS_VLAN_LEN 4
#define TS_ARP_LEN  28
#define TS_IP4_LEN  20 /* without options, as we send it */
#define TS_IP6_LEN  40
#define TS_TCP_LEN  20 /* without options */
#define TS_ICMP_LEN 8
#define TS_ND_LEN   24 /* solicitation or advertisement without options */

#define TS_ETHERTYPE_IP4    0x0800
#define TS_ETHERTYPE_ARP    0x0806
#define TS_ETHERTYPE_VLAN   0x8100
#define TS_ETHERTYPE_IP6    0x86dd
#define TS_ETHERTYPE_SVLAN  0x88a8
#define TS_VLAN_ID_MASK	    0x0fff
#define TS_VLAN_ID_RESERVED 0x0fff

#define TS_ARP_REQUEST 1
#define TS_ARP_REPLY   2

#define TS_IP_PROTO_ICMP     1
#define TS_IP_PROTO_TCP	     6
#define TS_IP_PROTO_ICMP6    58
#define TS_IP6_NEXT_HOPOPTS  0
#define TS_IP6_NEXT_ROUTING  43
#define TS_IP6_NEXT_FRAGMENT 44
#define TS_IP6_NEXT_AUTH     51
#define TS_IP6_NEXT_DSTOPTS  60
#define TS_IP6_NEXT_MOBILITY 135
#define TS_IP6_NEXT_HIP	     139
#define TS_IP6_NEXT_SHIM6    140

#define TS_IP4_DF	   0x4000
#define TS_IP4_FRAG_MASK   0x3fff /* more-fragments bit and offset */
#define TS_IP4_OFFSET_MASK 0x1fff

#define TS_ICMP4_ECHO_REPLY	0
#define TS_ICMP4_UNREACHABLE	3
#define TS_ICMP4_ECHO_REQUEST	8
#define TS_ICMP4_TIME_EXCEEDED	11
#define TS_ICMP4_PARAMETER	12
#define TS_ICMP4_CODE_FRAG	4 /* of UNREACHABLE: fragmentation needed (RFC 1191) */
#define TS_ICMP6_UNREACHABLE	1
#define TS_ICMP6_PACKET_TOO_BIG 2
#define TS_ICMP6_TIME_EXCEEDED	3
#define TS_ICMP6_PARAMETER	4
#define TS_ICMP6_ECHO_REQUEST	128
#define TS_ICMP6_ECHO_REPLY	129
#define TS_ICMP6_ND_SOLICIT	135
#define TS_ICMP6_ND_ADVERT	136
#define TS_ND_OPT_SOURCE_LLADDR 1
#define TS_ND_OPT_TARGET_LLADDR 2
#define TS_ND_ADVERT_SOLICITED	0x40
#define TS_ND_ADVERT_OVERRIDE	0x20
#define TS_ND_HOP_LIMIT		255

#define TS_TCPOPT_EOL	  0
#define TS_TCPOPT_NOP	  1
#define TS_TCPOPT_MSS	  2
#define TS_TCPOPT_MSS_LEN 4
#define TS_TCPOPT_WSCALE  3
#define TS_TCPOPT_SACK_OK 4
#define TS_TCPOPT_SACK	  5
#define TS_TCPOPT_TS	  8

static inline uint16_t ts_get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t ts_get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void ts_put16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void ts_put32(uint8_t *p, uint32_t v)
{
	ts_put16(p, (uint16_t)(v >> 16));
	ts_put16(p + 2, (uint16_t)v);
}
