/* SPDX-License-Identifier: BSD-3-Clause */
#include "checksum.h"
#include "frame.h"
#include "wire.h"

/* The IPv4 total length and the IPv6 payload length are 16 bits wide. */
#define IP_LEN_MAX 65535

uint32_t ts_frame_put_eth(uint8_t *out, const uint8_t dst_mac[6], const uint8_t src_mac[6],
	uint16_t vlan, uint16_t ethertype)
{
	uint32_t at = 12;

	memcpy(out, dst_mac, 6);
	memcpy(out + 6, src_mac, 6);
	if (vlan != 0) {
		ts_put16(out + at, TS_ETHERTYPE_VLAN);
		ts_put16(out + at + 2, vlan & TS_VLAN_ID_MASK);
		at += TS_VLAN_LEN;
	}
	ts_put16(out + at, ethertype);
	return at + 2;
}

/* RFC 791 3.1; DF set, so that the identification may be anything (RFC 6864 4.1). */
static void put_ip4(uint8_t *p, const struct ts_frame_ip *ip)
{
	uint16_t csum_be;

	p[0] = 0x45;
	p[1] = 0;
	ts_put16(p + 2, (uint16_t)(TS_IP4_LEN + ip->l4_len));
	ts_put16(p + 4, ip->id);
	ts_put16(p + 6, TS_IP4_DF);
	p[8] = ip->ttl;
	p[9] = ip->proto;
	ts_put16(p + 10, 0);
	memcpy(p + 12, &ip->src->b[12], 4);
	memcpy(p + 16, &ip->dst->b[12], 4);
	csum_be = ts_csum_finish_be(ts_csum_add(0, p, TS_IP4_LEN));
	memcpy(p + 10, &csum_be, sizeof(csum_be));
}

/* RFC 8200 3. */
static void put_ip6(uint8_t *p, const struct ts_frame_ip *ip)
{
	ts_put32(p, 6u << 28);
	ts_put16(p + 4, (uint16_t)ip->l4_len);
	p[6] = ip->proto;
	p[7] = ip->ttl;
	memcpy(p + 8, ip->src->b, 16);
	memcpy(p + 24, ip->dst->b, 16);
}

uint32_t ts_frame_put_ip(uint8_t *out, uint32_t cap, const struct ts_link *link,
	const struct ts_frame_ip *ip, uint64_t *pseudo_sum)
{
	bool v4 = ts_addr_is_v4(ip->dst);
	uint32_t l2_len = link->vlan != 0 ? TS_ETH_LEN + TS_VLAN_LEN : TS_ETH_LEN;
	uint32_t l3_len = v4 ? TS_IP4_LEN : TS_IP6_LEN;
	uint32_t l4_len_max = v4 ? IP_LEN_MAX - TS_IP4_LEN : IP_LEN_MAX;
	uint8_t *p = out + l2_len;

	if (ts_addr_is_v4(ip->src) != v4 || ip->l4_len > l4_len_max)
		return 0;
	if (cap < l2_len + l3_len + ip->l4_len)
		return 0;
	ts_frame_put_eth(out, link->dst_mac, link->src_mac, link->vlan,
		v4 ? TS_ETHERTYPE_IP4 : TS_ETHERTYPE_IP6);
	if (v4) {
		put_ip4(p, ip);
		*pseudo_sum = ts_csum_pseudo(p + 12, 8, ip->proto, ip->l4_len);
	} else {
		put_ip6(p, ip);
		*pseudo_sum = ts_csum_pseudo(p + 8, 32, ip->proto, ip->l4_len);
	}
	return l2_len + l3_len;
}
