/* SPDX-License-Identifier: BSD-3-Clause */
#include "checksum.h"
#include "pkt_parts.h"
#include "wire.h"

/* The data offset field counts to 15 words. */
#define TCP_OPTIONS_MAX (15 * 4 - TS_TCP_LEN)

#define WSCALE_MAX 14

/* The only length that an option may have; 0 for kinds that this stack does not know. */
static uint32_t tcp_option_len(uint8_t kind)
{
	switch (kind) {
	case TS_TCPOPT_MSS:
		return 4;
	case TS_TCPOPT_WSCALE:
		return 3;
	case TS_TCPOPT_SACK_OK:
		return 2;
	case TS_TCPOPT_TS:
		return 10;
	default:
		return 0;
	}
}

/* Take one option of the right length; returns its letter. */
static char take_tcp_option(const uint8_t *opt, struct ts_tcp *tcp)
{
	bool syn = (tcp->flags & TS_TCP_SYN) != 0;

	switch (opt[0]) {
	case TS_TCPOPT_MSS:
		if (syn)
			tcp->mss = ts_get16(opt + 2);
		return 'M';
	case TS_TCPOPT_WSCALE:
		if (syn)
			tcp->wscale = opt[2] < WSCALE_MAX ? opt[2] : WSCALE_MAX;
		return 'W';
	case TS_TCPOPT_SACK_OK:
		tcp->sack_ok = syn;
		return 'S';
	case TS_TCPOPT_TS:
		tcp->has_ts = true;
		tcp->ts_val = ts_get32(opt + 2);
		tcp->ts_ecr = ts_get32(opt + 6);
		return 'T';
	default:
		return 'U';
	}
}

/*
 * Walk the options (RFC 9293 3.1). If one exceeds the header or has a wrong length for its kind,
 * the walk ends there and what came before it counts: such senders exist, and their segments are
 * good.
 */
static void parse_tcp_options(const uint8_t *opts, uint32_t len, struct ts_tcp *tcp)
{
	uint32_t n_letters = 0, size;

	for (uint32_t at = 0; at < len && at < TCP_OPTIONS_MAX; at += size) {
		const uint8_t *opt = opts + at;
		char letter = 'N';

		size = 1;
		if (opt[0] == TS_TCPOPT_EOL)
			return;
		if (opt[0] != TS_TCPOPT_NOP) {
			uint32_t exact = tcp_option_len(opt[0]);

			if (len - at < 2)
				return;
			size = opt[1];
			if (size < 2 || size > len - at || (exact != 0 && size != exact))
				return;
			letter = take_tcp_option(opt, tcp);
		}
		if ((tcp->flags & TS_TCP_SYN) && n_letters < TS_OPTS_ORDER_LEN - 1)
			tcp->opts_order[n_letters++] = letter;
	}
}

/* Nothing, SYN with FIN, SYN with RST: only scanners and broken middleboxes send these. */
static bool tcp_flags_absurd(uint8_t flags)
{
	if ((flags & (TS_TCP_SYN | TS_TCP_FIN | TS_TCP_RST | TS_TCP_ACK)) == 0)
		return true;
	return (flags & TS_TCP_SYN) && (flags & (TS_TCP_FIN | TS_TCP_RST));
}

static enum ts_drop parse_tcp(
	const uint8_t *seg, uint32_t len, uint32_t flags, uint64_t pseudo_sum, struct ts_pkt *out)
{
	struct ts_tcp *tcp = &out->tcp;
	uint32_t header_len;

	if (len < TS_TCP_LEN)
		return TS_DROP_TCP_SHORT;
	header_len = (seg[12] >> 4) * 4u;
	if (header_len < TS_TCP_LEN || header_len > len)
		return TS_DROP_TCP_DATA_OFFSET;
	if (!(flags & TS_PKT_L4_CSUM_GOOD) &&
		ts_csum_finish_be(ts_csum_add(pseudo_sum, seg, len)) != 0)
		return TS_DROP_TCP_CHECKSUM;

	out->kind = TS_PKT_TCP;
	*tcp = (struct ts_tcp){
		.sport = ts_get16(seg),
		.dport = ts_get16(seg + 2),
		.seq = ts_get32(seg + 4),
		.ack = ts_get32(seg + 8),
		.wnd = ts_get16(seg + 14),
		.flags = seg[13] & 0x3f,
		.wscale = 0xff,
		.payload = seg + header_len,
		.payload_len = len - header_len,
	};
	if (tcp_flags_absurd(tcp->flags))
		return TS_DROP_TCP_FLAGS;
	if (tcp->sport == 0 || tcp->dport == 0)
		return TS_DROP_TCP_PORT_ZERO;
	if (header_len > TS_TCP_LEN)
		parse_tcp_options(seg + TS_TCP_LEN, header_len - TS_TCP_LEN, tcp);
	return TS_DROP_NONE;
}

/* The header's checksum must be 0. Nearly all headers have no options: their five words are summed
 * directly. */
static bool ip4_checksum_good(const uint8_t *ip, uint32_t header_len)
{
	uint32_t w[TS_IP4_LEN / 4];

	if (header_len != TS_IP4_LEN)
		return ts_csum_finish_be(ts_csum_add(0, ip, header_len)) == 0;
	memcpy(w, ip, sizeof(w));
	return ts_csum_finish_be((uint64_t)w[0] + w[1] + w[2] + w[3] + w[4]) == 0;
}

/* RFC 791 3.1. IPv4 options are skipped: nothing here depends on them. */
static enum ts_drop parse_ip4(const uint8_t *ip, uint32_t len, uint32_t flags, struct ts_pkt *out)
{
	uint32_t header_len, total_len, l4_len;
	uint8_t proto;

	if (len < TS_IP4_LEN)
		return TS_DROP_SHORT_FRAME;
	if (ip[0] >> 4 != 4)
		return TS_DROP_IP_VERSION;
	header_len = (ip[0] & 0xf) * 4u;
	if (header_len < TS_IP4_LEN || header_len > len)
		return TS_DROP_IP_HEADER_LEN;
	total_len = ts_get16(ip + 2);
	if (total_len < header_len || total_len > len)
		return TS_DROP_IP_TOTAL_LEN;
	if (!(flags & TS_PKT_IP_CSUM_GOOD) && !ip4_checksum_good(ip, header_len))
		return TS_DROP_IP_CHECKSUM;
	if (ts_get16(ip + 6) & TS_IP4_FRAG_MASK)
		return TS_DROP_IP_FRAGMENT;
	proto = ip[9];
	if (proto != TS_IP_PROTO_TCP && proto != TS_IP_PROTO_ICMP)
		return TS_DROP_IP_PROTOCOL;
	if (ts_ip4_bad_source(ip + 12))
		return TS_DROP_IP_BAD_SOURCE;

	out->ttl = ip[8];
	out->src = ts_addr_load_v4(ip + 12);
	out->dst = ts_addr_load_v4(ip + 16);
	l4_len = total_len - header_len;
	if (proto == TS_IP_PROTO_ICMP)
		return ts_pkt_parse_icmp4(ip + header_len, l4_len, out);
	return parse_tcp(
		ip + header_len, l4_len, flags, ts_csum_pseudo(ip + 12, 8, proto, l4_len), out);
}

/* The drop reason of a next header. Extension headers are refused: no TCP peer needs them.
 */
static enum ts_drop ip6_next_header(uint8_t next)
{
	switch (next) {
	case TS_IP_PROTO_TCP:
	case TS_IP_PROTO_ICMP6:
		return TS_DROP_NONE;
	case TS_IP6_NEXT_FRAGMENT:
		return TS_DROP_IP_FRAGMENT;
	case TS_IP6_NEXT_HOPOPTS:
	case TS_IP6_NEXT_ROUTING:
	case TS_IP6_NEXT_AUTH:
	case TS_IP6_NEXT_DSTOPTS:
	case TS_IP6_NEXT_MOBILITY:
	case TS_IP6_NEXT_HIP:
	case TS_IP6_NEXT_SHIM6:
		return TS_DROP_IP_EXTENSION;
	default:
		return TS_DROP_IP_PROTOCOL;
	}
}

/* RFC 8200 3. */
static enum ts_drop parse_ip6(const uint8_t *ip, uint32_t len, uint32_t flags, struct ts_pkt *out)
{
	enum ts_drop refused;
	uint64_t pseudo_sum;
	uint32_t l4_len;

	if (len < TS_IP6_LEN)
		return TS_DROP_SHORT_FRAME;
	if (ip[0] >> 4 != 6)
		return TS_DROP_IP_VERSION;
	l4_len = ts_get16(ip + 4);
	if (l4_len > len - TS_IP6_LEN)
		return TS_DROP_IP_TOTAL_LEN;
	refused = ip6_next_header(ip[6]);
	if (refused != TS_DROP_NONE)
		return refused;

	out->ttl = ip[7];
	memcpy(out->src.b, ip + 8, 16);
	memcpy(out->dst.b, ip + 24, 16);
	if (ts_ip6_bad_source(&out->src))
		return TS_DROP_IP_BAD_SOURCE;
	if (ts_addr_is_v4(&out->src) || ts_addr_is_v4(&out->dst))
		return TS_DROP_IP_MAPPED;
	pseudo_sum = ts_csum_pseudo(ip + 8, 32, ip[6], l4_len);
	if (ip[6] == TS_IP_PROTO_ICMP6)
		return ts_pkt_parse_icmp6(ip + TS_IP6_LEN, l4_len, pseudo_sum, out);
	return parse_tcp(ip + TS_IP6_LEN, l4_len, flags, pseudo_sum, out);
}

/* Skip one 802.1Q tag. A priority tag (id 0) counts as untagged. */
static enum ts_drop parse_vlan(const uint8_t *tag, uint32_t len, uint16_t *type, struct ts_pkt *out)
{
	if (len < TS_VLAN_LEN)
		return TS_DROP_SHORT_FRAME;
	out->vlan = ts_get16(tag) & TS_VLAN_ID_MASK;
	*type = ts_get16(tag + 2);
	if (out->vlan == TS_VLAN_ID_RESERVED || *type == TS_ETHERTYPE_VLAN)
		return TS_DROP_VLAN;
	return TS_DROP_NONE;
}

enum ts_drop ts_pkt_parse(const uint8_t *frame, uint32_t len, uint32_t flags, struct ts_pkt *out)
{
	uint32_t l2_len = TS_ETH_LEN;
	uint16_t type;

	if (len < TS_ETH_LEN)
		return TS_DROP_SHORT_FRAME;
	memcpy(out->dst_mac, frame, sizeof(out->dst_mac));
	memcpy(out->src_mac, frame + 6, sizeof(out->src_mac));
	out->vlan = 0;
	type = ts_get16(frame + 12);
	if (type == TS_ETHERTYPE_VLAN) {
		enum ts_drop refused = parse_vlan(frame + l2_len, len - l2_len, &type, out);

		if (refused != TS_DROP_NONE)
			return refused;
		l2_len += TS_VLAN_LEN;
	}
	switch (type) {
	case TS_ETHERTYPE_IP4:
		return parse_ip4(frame + l2_len, len - l2_len, flags, out);
	case TS_ETHERTYPE_IP6:
		return parse_ip6(frame + l2_len, len - l2_len, flags, out);
	case TS_ETHERTYPE_ARP:
		return ts_pkt_parse_arp(frame + l2_len, len - l2_len, out);
	case TS_ETHERTYPE_SVLAN:
		return TS_DROP_VLAN;
	default:
		return TS_DROP_ETHERTYPE;
	}
}
