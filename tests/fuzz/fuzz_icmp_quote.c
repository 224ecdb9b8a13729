/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An ICMP message of either family in a frame that is otherwise right: checksums are mended and the
 * destination is the source of the quote, so that every input reaches the code behind those checks.
 * The first byte chooses: bit 0 IPv6, bit 1 leave the quote's source a stranger.
 */
#include <stdlib.h>

#include "tcpstack/packet/checksum.h"
#include "tcpstack/packet/pkt.h"
#include "tcpstack/packet/wire.h"

#define USE_IP6	     1
#define USE_STRANGER 2

/* Room in the IP length fields. */
#define MESSAGE_MAX 60000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool holds)
{
	if (!holds)
		abort();
}

/* Copy a source address out of the quote, when the message reaches that far. */
static void aim(uint8_t *dst, size_t n, const uint8_t *msg, uint32_t len, uint32_t at)
{
	if (len >= at + n)
		memcpy(dst, msg + at, n);
}

static void put_headers4(uint8_t *ip, const uint8_t *msg, uint32_t len, uint8_t choice)
{
	static const uint8_t addrs[8] = {198, 18, 5, 6, 198, 18, 0, 1};
	uint16_t csum_be;

	ip[0] = 0x45;
	ts_put16(ip + 2, (uint16_t)(TS_IP4_LEN + len));
	ip[8] = 64;
	ip[9] = TS_IP_PROTO_ICMP;
	memcpy(ip + 12, addrs, sizeof(addrs));
	if (!(choice & USE_STRANGER))
		aim(ip + 16, 4, msg, len, TS_ICMP_LEN + 12);
	csum_be = ts_csum_finish_be(ts_csum_add(0, ip, TS_IP4_LEN));
	memcpy(ip + 10, &csum_be, sizeof(csum_be));
}

static void put_headers6(uint8_t *ip, const uint8_t *msg, uint32_t len, uint8_t choice)
{
	static const uint8_t src[16] = {0x20, 1, 0x0d, 0xb8, [15] = 0x56};
	static const uint8_t dst[16] = {0x20, 1, 0x0d, 0xb8, [15] = 1};

	ip[0] = 0x60;
	ts_put16(ip + 4, (uint16_t)len);
	ip[6] = TS_IP_PROTO_ICMP6;
	ip[7] = TS_ND_HOP_LIMIT;
	memcpy(ip + 8, src, sizeof(src));
	memcpy(ip + 24, dst, sizeof(dst));
	if (!(choice & USE_STRANGER))
		aim(ip + 24, 16, msg, len, TS_ICMP_LEN + 8);
}

static void mend_message(uint8_t *msg, uint32_t len, uint64_t pseudo_sum)
{
	uint16_t csum_be;

	if (len < TS_ICMP_LEN)
		return;
	ts_put16(msg + 2, 0);
	csum_be = ts_csum_finish_be(ts_csum_add(pseudo_sum, msg, len));
	memcpy(msg + 2, &csum_be, sizeof(csum_be));
}

static void check_result(enum ts_drop drop, const struct ts_pkt *pkt, const uint8_t *msg, bool v6)
{
	const uint8_t *quote = msg + TS_ICMP_LEN, *tcp;

	check(drop == TS_DROP_NONE || drop == TS_DROP_IP_MAPPED ||
		(drop >= TS_DROP_ICMP_SHORT && drop <= TS_DROP_ND_FORMAT));
	check(drop != TS_DROP_ICMP_CHECKSUM);
	if (drop != TS_DROP_NONE || pkt->kind != TS_PKT_ICMP_ERROR)
		return;
	tcp = quote + (v6 ? TS_IP6_LEN : (quote[0] & 15) * 4);
	check(memcmp(v6 ? quote + 8 : quote + 12, v6 ? pkt->dst.b : pkt->dst.b + 12, v6 ? 16 : 4) ==
		0);
	check(ts_addr_is_v4(&pkt->icmp.quote_dst) == !v6);
	check(pkt->icmp.quote_sport == ts_get16(tcp) && pkt->icmp.quote_seq == ts_get32(tcp + 4));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	bool v6 = len > 0 && (data[0] & USE_IP6);
	uint32_t l3_len = v6 ? TS_IP6_LEN : TS_IP4_LEN, msg_len;
	uint8_t *frame, *ip, *msg;
	struct ts_pkt pkt;
	enum ts_drop drop;

	if (len == 0 || len > MESSAGE_MAX)
		return 0;
	msg_len = (uint32_t)len - 1;
	frame = calloc(1, TS_ETH_LEN + l3_len + msg_len);
	check(frame != NULL);
	ip = frame + TS_ETH_LEN;
	msg = ip + l3_len;
	memcpy(msg, data + 1, msg_len);
	ts_put16(frame + 12, v6 ? TS_ETHERTYPE_IP6 : TS_ETHERTYPE_IP4);
	if (v6) {
		put_headers6(ip, msg, msg_len, data[0]);
		mend_message(msg, msg_len, ts_csum_pseudo(ip + 8, 32, TS_IP_PROTO_ICMP6, msg_len));
	} else {
		put_headers4(ip, msg, msg_len, data[0]);
		mend_message(msg, msg_len, 0);
	}
	drop = ts_pkt_parse(frame, TS_ETH_LEN + l3_len + msg_len, 0, &pkt);
	check_result(drop, &pkt, msg, v6);
	free(frame);
	return 0;
}
