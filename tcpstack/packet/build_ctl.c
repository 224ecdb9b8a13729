/* SPDX-License-Identifier: BSD-3-Clause */
#include "checksum.h"
#include "frame.h"
#include "wire.h"

#define ND_LLADDR_OPTION_LEN 8

uint32_t ts_build_arp(uint8_t *out, uint32_t cap, const uint8_t src_mac[6], uint16_t vlan,
	const struct ts_addr *sender, const struct ts_addr *target, const uint8_t *target_mac)
{
	static const uint8_t broadcast[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, unknown[6];
	bool request = target_mac == NULL;
	uint32_t l2_len = vlan != 0 ? TS_ETH_LEN + TS_VLAN_LEN : TS_ETH_LEN;
	uint8_t *p = out + l2_len;

	if (cap < l2_len + TS_ARP_LEN || !ts_addr_is_v4(sender) || !ts_addr_is_v4(target))
		return 0;
	ts_frame_put_eth(out, request ? broadcast : target_mac, src_mac, vlan, TS_ETHERTYPE_ARP);
	ts_put16(p, 1); /* Ethernet */
	ts_put16(p + 2, TS_ETHERTYPE_IP4);
	p[4] = 6;
	p[5] = 4;
	ts_put16(p + 6, request ? TS_ARP_REQUEST : TS_ARP_REPLY);
	memcpy(p + 8, src_mac, 6);
	memcpy(p + 14, &sender->b[12], 4);
	memcpy(p + 18, request ? unknown : target_mac, 6);
	memcpy(p + 24, &target->b[12], 4);
	return l2_len + TS_ARP_LEN;
}

uint32_t ts_build_arp_poll(uint8_t *out, uint32_t cap, const struct ts_link *link,
	const struct ts_addr *sender, const struct ts_addr *target)
{
	uint32_t len = ts_build_arp(out, cap, link->src_mac, link->vlan, sender, target, NULL);

	if (len != 0)
		memcpy(out, link->dst_mac, sizeof(link->dst_mac));
	return len;
}

/* In what the two neighbour messages differ. */
struct nd_message {
	uint8_t type, flags, option;
	const struct ts_addr *target;
};

/* Solicitation and advertisement share their layout: type, flags, target, one link-layer option. */
static uint32_t build_nd(uint8_t *out, uint32_t cap, const struct ts_link *link,
	const struct ts_addr *src, const struct ts_addr *dst, const struct nd_message *nd)
{
	struct ts_frame_ip ip = {
		.src = src,
		.dst = dst,
		.proto = TS_IP_PROTO_ICMP6,
		.ttl = TS_ND_HOP_LIMIT,
		.l4_len = TS_ND_LEN + ND_LLADDR_OPTION_LEN,
	};
	uint16_t csum_be;
	uint64_t sum;
	uint32_t l4;
	uint8_t *p;

	if (ts_addr_is_v4(src) || ts_addr_is_v4(dst) || ts_addr_is_v4(nd->target))
		return 0;
	l4 = ts_frame_put_ip(out, cap, link, &ip, &sum);
	if (l4 == 0)
		return 0;
	p = out + l4;
	memset(p, 0, ip.l4_len);
	p[0] = nd->type;
	p[4] = nd->flags;
	memcpy(p + 8, nd->target->b, 16);
	p[TS_ND_LEN] = nd->option;
	p[TS_ND_LEN + 1] = 1; /* units of 8 bytes */
	memcpy(p + TS_ND_LEN + 2, link->src_mac, 6);
	csum_be = ts_csum_finish_be(ts_csum_add(sum, p, ip.l4_len));
	memcpy(p + 2, &csum_be, sizeof(csum_be));
	return l4 + ip.l4_len;
}

uint32_t ts_build_nd_solicit(uint8_t *out, uint32_t cap, const uint8_t src_mac[6], uint16_t vlan,
	const struct ts_addr *src, const struct ts_addr *target)
{
	/* ff02::1:ff00:0/104 with the low 24 bits of the target (RFC 4291 2.7.1) */
	struct ts_addr group = {.b = {0xff, 2, [11] = 1, [12] = 0xff}};
	struct ts_link link = {.dst_mac = {0x33, 0x33}, .vlan = vlan};
	struct nd_message nd = {
		.type = TS_ICMP6_ND_SOLICIT, .option = TS_ND_OPT_SOURCE_LLADDR, .target = target};

	memcpy(&group.b[13], &target->b[13], 3);
	memcpy(&link.dst_mac[2], &group.b[12], 4); /* RFC 2464 7 */
	memcpy(link.src_mac, src_mac, sizeof(link.src_mac));
	return build_nd(out, cap, &link, src, &group, &nd);
}

uint32_t ts_build_nd_poll(uint8_t *out, uint32_t cap, const struct ts_link *link,
	const struct ts_addr *src, const struct ts_addr *target)
{
	struct nd_message nd = {
		.type = TS_ICMP6_ND_SOLICIT, .option = TS_ND_OPT_SOURCE_LLADDR, .target = target};

	return build_nd(out, cap, link, src, target, &nd);
}

uint32_t ts_build_nd_advert(uint8_t *out, uint32_t cap, const struct ts_link *link,
	const struct ts_addr *ours, const struct ts_addr *asker)
{
	struct nd_message nd = {
		.type = TS_ICMP6_ND_ADVERT,
		.flags = TS_ND_ADVERT_SOLICITED | TS_ND_ADVERT_OVERRIDE,
		.option = TS_ND_OPT_TARGET_LLADDR,
		.target = ours,
	};

	return build_nd(out, cap, link, ours, asker, &nd);
}

/*
 * The checksum is computed anew, not updated. The reply to a ping of zeros with id and sequence 0
 * is all zeros, and this is the one case in which RFC 1624 gives a checksum that receivers reject.
 */
uint32_t ts_build_echo_reply(
	uint8_t *out, uint32_t cap, const struct ts_link *link, const struct ts_pkt *req)
{
	bool v4 = ts_addr_is_v4(&req->dst);
	struct ts_frame_ip ip = {
		.src = &req->dst,
		.dst = &req->src,
		.proto = v4 ? TS_IP_PROTO_ICMP : TS_IP_PROTO_ICMP6,
		.ttl = link->ttl,
		.l4_len = req->echo.len,
	};
	uint16_t csum_be;
	uint64_t pseudo_sum;
	uint32_t l4 = ts_frame_put_ip(out, cap, link, &ip, &pseudo_sum);
	uint8_t *p = out + l4;

	if (l4 == 0)
		return 0;
	memcpy(p, req->echo.msg, req->echo.len);
	p[0] = v4 ? TS_ICMP4_ECHO_REPLY : TS_ICMP6_ECHO_REPLY;
	ts_put16(p + 2, 0);
	csum_be = ts_csum_finish_be(ts_csum_add(v4 ? 0 : pseudo_sum, p, ip.l4_len));
	memcpy(p + 2, &csum_be, sizeof(csum_be));
	return l4 + ip.l4_len;
}
