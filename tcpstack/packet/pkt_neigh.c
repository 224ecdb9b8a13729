/* SPDX-License-Identifier: BSD-3-Clause */
#include "pkt_parts.h"
#include "wire.h"

/* Two are in use (RFC 4861 4.3, RFC 3971). A longer list would only cost time. */
#define ND_OPTIONS_MAX 8

/* Length of an option that carries an Ethernet address. */
#define ND_OPT_ETHERNET_LEN 8

/* A group address belongs to no single neighbour (RFC 1812 3.3.2). */
static bool is_group_mac(const uint8_t mac[6])
{
	return mac[0] & 1;
}

enum ts_drop ts_pkt_parse_arp(const uint8_t *arp, uint32_t len, struct ts_pkt *out)
{
	/* Ethernet, IPv4, address lengths 6 and 4 */
	static const uint8_t kind[6] = {0, 1, 8, 0, 6, 4};
	static const uint8_t unspecified[4];
	uint16_t op;

	if (len < TS_ARP_LEN)
		return TS_DROP_SHORT_FRAME;
	op = ts_get16(arp + 6);
	if (memcmp(arp, kind, sizeof(kind)) != 0 || (op != TS_ARP_REQUEST && op != TS_ARP_REPLY))
		return TS_DROP_ARP_FORMAT;
	if (is_group_mac(arp + 8))
		return TS_DROP_ARP_FORMAT;
	/* A request from 0.0.0.0 is a probe for a duplicate of our address (RFC 5227 2.1.1). */
	if (ts_ip4_bad_source(arp + 14) &&
		(op == TS_ARP_REPLY || memcmp(arp + 14, unspecified, 4) != 0))
		return TS_DROP_IP_BAD_SOURCE;

	out->kind = op == TS_ARP_REQUEST ? TS_PKT_ARP_REQUEST : TS_PKT_ARP_REPLY;
	out->ttl = 0;
	memcpy(out->arp.sender_mac, arp + 8, sizeof(out->arp.sender_mac));
	out->arp.sender = ts_addr_load_v4(arp + 14);
	out->arp.target = ts_addr_load_v4(arp + 24);
	out->src = out->arp.sender;
	out->dst = out->arp.target;
	return TS_DROP_NONE;
}

/* RFC 4861 4.6: every option states its length in units of 8 bytes, never 0. */
static enum ts_drop parse_nd_options(
	const uint8_t *opts, uint32_t len, uint8_t lladdr_kind, struct ts_nd *nd)
{
	for (uint32_t n = 0; len > 0; n++) {
		uint32_t size;

		if (n == ND_OPTIONS_MAX || len < 2)
			return TS_DROP_ND_FORMAT;
		size = opts[1] * 8u;
		if (size == 0 || size > len)
			return TS_DROP_ND_FORMAT;
		if (opts[0] == lladdr_kind) {
			if (size != ND_OPT_ETHERNET_LEN || is_group_mac(opts + 2))
				return TS_DROP_ND_FORMAT;
			memcpy(nd->lladdr, opts + 2, 6);
			nd->has_lladdr = true;
		}
		opts += size;
		len -= size;
	}
	return TS_DROP_NONE;
}

/* The rules of RFC 4861 7.1.1 and 7.1.2, in their order; the length and checksum rules come before.
 */
enum ts_drop ts_pkt_parse_nd(const uint8_t *msg, uint32_t len, struct ts_pkt *out)
{
	bool advert = msg[0] == TS_ICMP6_ND_ADVERT;
	struct ts_nd *nd = &out->nd;

	if (out->ttl != TS_ND_HOP_LIMIT)
		return TS_DROP_ND_HOP_LIMIT;
	if (msg[1] != 0 || len < TS_ND_LEN)
		return TS_DROP_ND_FORMAT;
	memcpy(nd->target.b, msg + 8, sizeof(nd->target.b));
	if (ts_ip6_bad_source(&nd->target) || ts_addr_is_v4(&nd->target))
		return TS_DROP_ND_FORMAT;
	if (advert && (msg[4] & TS_ND_ADVERT_SOLICITED) && out->dst.b[0] == 0xff)
		return TS_DROP_ND_FORMAT;

	out->kind = advert ? TS_PKT_ND_ADVERT : TS_PKT_ND_SOLICIT;
	memcpy(nd->lladdr, out->src_mac, sizeof(nd->lladdr));
	nd->has_lladdr = false;
	nd->solicited = advert && (msg[4] & TS_ND_ADVERT_SOLICITED) != 0;
	return parse_nd_options(msg + TS_ND_LEN, len - TS_ND_LEN,
		advert ? TS_ND_OPT_TARGET_LLADDR : TS_ND_OPT_SOURCE_LLADDR, nd);
}
