/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any bytes as a frame. What is taken must lie inside the frame, and must come out the same when it
 * is built again from its parsed form and parsed once more.
 */
#include <stdlib.h>

#include "tcpstack/packet/build.h"

#define ALL_GOOD (TS_PKT_IP_CSUM_GOOD | TS_PKT_L4_CSUM_GOOD)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static bool inside(const uint8_t *p, uint32_t n, const uint8_t *data, size_t len)
{
	return p >= data && p <= data + len && n <= (size_t)(data + len - p);
}

static void check_tcp(const struct ts_pkt *pkt, const uint8_t *data, size_t len)
{
	const struct ts_tcp *t = &pkt->tcp;
	struct ts_link link = {.vlan = pkt->vlan, .ttl = pkt->ttl};
	struct ts_seg seg = {.src = pkt->src,
		.dst = pkt->dst,
		.sport = t->sport,
		.dport = t->dport,
		.seq = t->seq,
		.ack = t->ack,
		.wnd = t->wnd,
		.flags = t->flags,
		.mss = t->flags & TS_TCP_SYN ? t->mss : 0,
		.payload = t->payload,
		.payload_len = t->payload_len};
	uint32_t cap = t->payload_len + TS_BUILD_HEADER_MAX, n;
	struct ts_pkt again;
	uint8_t *out;

	check(inside(t->payload, t->payload_len, data, len));
	check(t->wscale <= 14 || t->wscale == 0xff);
	check(memchr(t->opts_order, '\0', sizeof(t->opts_order)) != NULL);
	out = malloc(cap);
	check(out != NULL);
	n = ts_build_tcp(out, cap, &link, &seg);
	if (n != 0) {
		check(ts_pkt_parse(out, n, 0, &again) == TS_DROP_NONE);
		check(again.kind == TS_PKT_TCP && again.tcp.mss == seg.mss &&
			again.vlan == pkt->vlan);
		check(ts_addr_equal(&again.src, &pkt->src) && ts_addr_equal(&again.dst, &pkt->dst));
		check(again.tcp.seq == t->seq && again.tcp.ack == t->ack &&
			again.tcp.flags == t->flags);
		check(again.tcp.payload_len == t->payload_len);
		check(memcmp(again.tcp.payload, t->payload, t->payload_len) == 0);
	}
	free(out);
}

static void check_echo(const struct ts_pkt *pkt, const uint8_t *data, size_t len)
{
	struct ts_link link = {.vlan = pkt->vlan, .ttl = 64};
	uint32_t cap = pkt->echo.len + TS_BUILD_HEADER_MAX, n;
	uint8_t *out = malloc(cap);
	struct ts_pkt again;
	enum ts_drop drop;

	check(out != NULL && inside(pkt->echo.msg, pkt->echo.len, data, len));
	n = ts_build_echo_reply(out, cap, &link, pkt);
	check(n != 0);
	drop = ts_pkt_parse(out, n, 0, &again);
	check(drop == TS_DROP_ICMP_TYPE || drop == TS_DROP_IP_BAD_SOURCE);
	free(out);
}

static void parse(const uint8_t *data, size_t len, uint32_t flags)
{
	struct ts_pkt pkt;
	enum ts_drop drop = ts_pkt_parse(data, (uint32_t)len, flags, &pkt);

	check(drop < TS_DROP_NO_CONNECTION && ts_drop_name(drop) != NULL);
	if (drop != TS_DROP_NONE)
		return;
	if (pkt.kind == TS_PKT_TCP)
		check_tcp(&pkt, data, len);
	else if (pkt.kind == TS_PKT_ECHO_REQUEST)
		check_echo(&pkt, data, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	parse(data, len, 0);
	parse(data, len, ALL_GOOD);
	return 0;
}
