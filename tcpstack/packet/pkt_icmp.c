/* SPDX-License-Identifier: BSD-3-Clause */
#include "checksum.h"
#include "pkt_parts.h"
#include "wire.h"

/* RFC 792 guarantees this part of the quoted transport header: both ports, sequence number. */
#define QUOTE_TCP_LEN 8

static void take_error(const uint8_t *msg, uint32_t mtu, struct ts_pkt *out)
{
	out->kind = TS_PKT_ICMP_ERROR;
	out->icmp.type = msg[0];
	out->icmp.code = msg[1];
	out->icmp.mtu = mtu;
}

static void take_quoted_tcp(const uint8_t *tcp, struct ts_icmp *icmp)
{
	icmp->quote_sport = ts_get16(tcp);
	icmp->quote_dport = ts_get16(tcp + 2);
	icmp->quote_seq = ts_get32(tcp + 4);
}

static enum ts_drop take_echo(const uint8_t *msg, uint32_t len, struct ts_pkt *out)
{
	if (msg[1] != 0)
		return TS_DROP_ICMP_TYPE;
	out->kind = TS_PKT_ECHO_REQUEST;
	out->echo.msg = msg;
	out->echo.len = len;
	return TS_DROP_NONE;
}

/*
 * The IPv4 packet inside an error. Its total length and checksum are not checked: it is cut, and
 * routers differ in what they have already changed. Its source must be the address to which the
 * error was sent (RFC 5927 4), else it is not a packet of ours.
 */
static enum ts_drop parse_quote4(const uint8_t *ip, uint32_t len, struct ts_pkt *out)
{
	struct ts_addr src;
	uint32_t header_len;

	if (len < TS_IP4_LEN || ip[0] >> 4 != 4)
		return TS_DROP_ICMP_QUOTE;
	header_len = (ip[0] & 0xf) * 4u;
	if (header_len < TS_IP4_LEN || header_len + QUOTE_TCP_LEN > len)
		return TS_DROP_ICMP_QUOTE;
	if (ip[9] != TS_IP_PROTO_TCP || (ts_get16(ip + 6) & TS_IP4_OFFSET_MASK) != 0)
		return TS_DROP_ICMP_QUOTE;
	src = ts_addr_load_v4(ip + 12);
	if (!ts_addr_equal(&src, &out->dst))
		return TS_DROP_ICMP_QUOTE;
	out->icmp.quote_dst = ts_addr_load_v4(ip + 16);
	take_quoted_tcp(ip + header_len, &out->icmp);
	return TS_DROP_NONE;
}

/* The same for IPv6. We send no extension headers, so TCP follows at once. */
static enum ts_drop parse_quote6(const uint8_t *ip, uint32_t len, struct ts_pkt *out)
{
	if (len < TS_IP6_LEN + QUOTE_TCP_LEN || ip[0] >> 4 != 6 || ip[6] != TS_IP_PROTO_TCP)
		return TS_DROP_ICMP_QUOTE;
	if (memcmp(ip + 8, out->dst.b, sizeof(out->dst.b)) != 0)
		return TS_DROP_ICMP_QUOTE;
	memcpy(out->icmp.quote_dst.b, ip + 24, sizeof(out->icmp.quote_dst.b));
	if (ts_addr_is_v4(&out->icmp.quote_dst))
		return TS_DROP_ICMP_QUOTE;
	take_quoted_tcp(ip + TS_IP6_LEN, &out->icmp);
	return TS_DROP_NONE;
}

enum ts_drop ts_pkt_parse_icmp4(const uint8_t *msg, uint32_t len, struct ts_pkt *out)
{
	uint32_t mtu = 0;

	if (len < TS_ICMP_LEN)
		return TS_DROP_ICMP_SHORT;
	if (ts_csum_finish_be(ts_csum_add(0, msg, len)) != 0)
		return TS_DROP_ICMP_CHECKSUM;
	switch (msg[0]) {
	case TS_ICMP4_ECHO_REQUEST:
		return take_echo(msg, len, out);
	case TS_ICMP4_UNREACHABLE:
		if (msg[1] == TS_ICMP4_CODE_FRAG)
			mtu = ts_get16(msg + 6);
		break;
	case TS_ICMP4_TIME_EXCEEDED:
	case TS_ICMP4_PARAMETER:
		break;
	default:
		return TS_DROP_ICMP_TYPE;
	}
	take_error(msg, mtu, out);
	return parse_quote4(msg + TS_ICMP_LEN, len - TS_ICMP_LEN, out);
}

enum ts_drop ts_pkt_parse_icmp6(
	const uint8_t *msg, uint32_t len, uint64_t pseudo_sum, struct ts_pkt *out)
{
	uint32_t mtu = 0;

	if (len < TS_ICMP_LEN)
		return TS_DROP_ICMP_SHORT;
	if (ts_csum_finish_be(ts_csum_add(pseudo_sum, msg, len)) != 0)
		return TS_DROP_ICMP_CHECKSUM;
	switch (msg[0]) {
	case TS_ICMP6_ECHO_REQUEST:
		return take_echo(msg, len, out);
	case TS_ICMP6_ND_SOLICIT:
	case TS_ICMP6_ND_ADVERT:
		return ts_pkt_parse_nd(msg, len, out);
	case TS_ICMP6_PACKET_TOO_BIG:
		mtu = ts_get32(msg + 4);
		break;
	case TS_ICMP6_UNREACHABLE:
	case TS_ICMP6_TIME_EXCEEDED:
	case TS_ICMP6_PARAMETER:
		break;
	default:
		return TS_DROP_ICMP_TYPE;
	}
	take_error(msg, mtu, out);
	return parse_quote6(msg + TS_ICMP_LEN, len - TS_ICMP_LEN, out);
}
