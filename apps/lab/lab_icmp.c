/* SPDX-License-Identifier: BSD-3-Clause */
#include "lab_icmp.h"
#include "tcpstack/packet/checksum.h"
#include "tcpstack/packet/wire.h"

#define QUOTED_TCP	8
#define HOST_UNREACH_V4 1
#define ADDR_UNREACH_V6 3

static uint32_t put_eth(uint8_t *p, const struct ts_link *link, uint16_t ethertype)
{
	uint32_t at = 12;

	memcpy(p, link->dst_mac, 6);
	memcpy(p + 6, link->src_mac, 6);
	if (link->vlan != 0) {
		ts_put16(p + at, TS_ETHERTYPE_VLAN);
		ts_put16(p + at + 2, link->vlan);
		at += TS_VLAN_LEN;
	}
	ts_put16(p + at, ethertype);
	return at + 2;
}

static void put_csum(uint8_t *at, uint64_t sum, const uint8_t *from, uint32_t len)
{
	uint16_t csum_be = ts_csum_finish_be(ts_csum_add(sum, from, len));

	memcpy(at, &csum_be, sizeof(csum_be));
}

static void put_ip4(uint8_t *p, uint8_t proto, uint8_t ttl, uint32_t total_len,
	const struct ts_addr *src, const struct ts_addr *dst)
{
	memset(p, 0, TS_IP4_LEN);
	p[0] = 0x45;
	ts_put16(p + 2, (uint16_t)total_len);
	p[8] = ttl;
	p[9] = proto;
	memcpy(p + 12, &src->b[12], 4);
	memcpy(p + 16, &dst->b[12], 4);
	put_csum(p + 10, 0, p, TS_IP4_LEN);
}

static void put_ip6(uint8_t *p, uint8_t proto, uint8_t ttl, uint32_t payload_len,
	const struct ts_addr *src, const struct ts_addr *dst)
{
	memset(p, 0, TS_IP6_LEN);
	p[0] = 0x60;
	ts_put16(p + 4, (uint16_t)payload_len);
	p[6] = proto;
	p[7] = ttl;
	memcpy(p + 8, src->b, 16);
	memcpy(p + 24, dst->b, 16);
}

/* Write the first eight bytes of a TCP header: an ICMP error quotes at least these (RFC 792). */
static void put_tcp(uint8_t *p, const struct ts_tcp *tcp)
{
	ts_put16(p, tcp->sport);
	ts_put16(p + 2, tcp->dport);
	ts_put32(p + 4, tcp->seq);
}

uint32_t lab_icmp_unreachable(uint8_t out[LAB_ICMP_MAX], const struct ts_link *link,
	const struct ts_addr *gateway, const struct ts_pkt *pkt)
{
	bool v4 = ts_addr_is_v4(&pkt->src);
	uint32_t ip_len = v4 ? TS_IP4_LEN : TS_IP6_LEN;
	uint32_t icmp_len = TS_ICMP_LEN + ip_len + QUOTED_TCP;
	uint32_t quoted_len = TS_TCP_LEN + pkt->tcp.payload_len;
	uint32_t l2_len = put_eth(out, link, v4 ? TS_ETHERTYPE_IP4 : TS_ETHERTYPE_IP6);
	uint8_t *ip = out + l2_len, *icmp = ip + ip_len, *quote = icmp + TS_ICMP_LEN;
	uint64_t sum = 0;

	memset(icmp, 0, TS_ICMP_LEN);
	put_tcp(quote + ip_len, &pkt->tcp);
	if (v4) {
		put_ip4(ip, TS_IP_PROTO_ICMP, link->ttl, ip_len + icmp_len, gateway, &pkt->src);
		put_ip4(quote, TS_IP_PROTO_TCP, pkt->ttl, ip_len + quoted_len, &pkt->src,
			&pkt->dst);
		icmp[0] = TS_ICMP4_UNREACHABLE;
		icmp[1] = HOST_UNREACH_V4;
	} else {
		put_ip6(ip, TS_IP_PROTO_ICMP6, link->ttl, icmp_len, gateway, &pkt->src);
		put_ip6(quote, TS_IP_PROTO_TCP, pkt->ttl, quoted_len, &pkt->src, &pkt->dst);
		icmp[0] = TS_ICMP6_UNREACHABLE;
		icmp[1] = ADDR_UNREACH_V6;
		sum = ts_csum_pseudo(ip + 8, 32, TS_IP_PROTO_ICMP6, icmp_len);
	}
	put_csum(icmp + 2, sum, icmp, icmp_len);
	return l2_len + ip_len + icmp_len;
}
