/* SPDX-License-Identifier: BSD-3-Clause */
#include "tap.h"
#include "frames.h"
#include "vectors.h"
#include "tcpstack/packet/build.h"

#define N_SEEDS	    10000
#define PAYLOAD_MAX 1500

static const struct ts_link plain = {
	.src_mac = {2, 0, 0, 0, 0, 1}, .dst_mac = {2, 0, 0, 0, 0, 0xaa}, .ttl = 64};

/* Flag bytes that a stack sends. */
static const uint8_t legal_flags[] = {TS_TCP_SYN, TS_TCP_SYN | TS_TCP_ACK, TS_TCP_ACK,
	TS_TCP_ACK | TS_TCP_PSH, TS_TCP_ACK | TS_TCP_FIN, TS_TCP_RST, TS_TCP_RST | TS_TCP_ACK,
	TS_TCP_ACK | TS_TCP_URG};

static struct ts_seg random_seg(uint64_t *seed, const uint8_t *payload)
{
	bool v4 = rnd(seed) & 1;
	struct ts_seg seg = {
		.src = v4 ? addr("198.18.0.1") : addr("2001:db8::1"),
		.dst = ts_addr_from_v4((uint32_t)rnd(seed)),
		.sport = (uint16_t)(rnd(seed) % 65535 + 1),
		.dport = (uint16_t)(rnd(seed) % 65535 + 1),
		.seq = (uint32_t)rnd(seed),
		.ack = (uint32_t)rnd(seed),
		.wnd = (uint16_t)rnd(seed),
		.flags = legal_flags[rnd(seed) % sizeof(legal_flags)],
		.ip_id = (uint16_t)rnd(seed),
		.payload = payload,
		.payload_len = (uint32_t)(rnd(seed) % PAYLOAD_MAX),
	};

	if (!v4) {
		for (int i = 0; i < 16; i++)
			seg.dst.b[i] = (uint8_t)rnd(seed);
	}
	if ((seg.flags & TS_TCP_SYN) && rnd(seed) % 2)
		seg.mss = (uint16_t)(rnd(seed) % 9000 + 1);
	if (seg.flags & TS_TCP_SYN)
		seg.opts = (uint8_t)(rnd(seed) % (TS_OPT_ALL + 1));
	else if (rnd(seed) % 2)
		seg.opts = TS_OPT_TS;
	seg.wscale = (uint8_t)(rnd(seed) % 15);
	seg.ts_val = (uint32_t)rnd(seed);
	seg.ts_ecr = (uint32_t)rnd(seed);
	return seg;
}

/* The options in the order of Linux, as letters. */
static bool same_options(const struct ts_seg *seg, const struct ts_tcp *t)
{
	static const char *const further[] = {
		"", "NNS", "NNT", "ST", "NW", "NNSNW", "NNTNW", "STNW"};
	char order[TS_OPTS_ORDER_LEN] = "";
	bool has_ts = seg->opts & TS_OPT_TS;

	if (seg->flags & TS_TCP_SYN) {
		strcat(order, seg->mss != 0 ? "M" : "");
		strcat(order, further[seg->opts]);
	}
	return t->mss == seg->mss && strcmp(t->opts_order, order) == 0 &&
	       t->sack_ok == (seg->opts & TS_OPT_SACK_OK) &&
	       t->wscale == (seg->opts & TS_OPT_WSCALE ? seg->wscale : 0xff) &&
	       t->has_ts == has_ts &&
	       (!has_ts || (t->ts_val == seg->ts_val && t->ts_ecr == seg->ts_ecr));
}

static bool same_segment(
	const struct ts_seg *seg, const struct ts_link *link, const struct ts_pkt *p)
{
	const struct ts_tcp *t = &p->tcp;

	return p->kind == TS_PKT_TCP && p->vlan == link->vlan && p->ttl == link->ttl &&
	       memcmp(p->src_mac, link->src_mac, 6) == 0 && ts_addr_equal(&p->src, &seg->src) &&
	       ts_addr_equal(&p->dst, &seg->dst) && t->sport == seg->sport &&
	       t->dport == seg->dport && t->seq == seg->seq && t->ack == seg->ack &&
	       t->wnd == seg->wnd && t->flags == seg->flags && same_options(seg, t) &&
	       t->payload_len == seg->payload_len &&
	       memcmp(t->payload, seg->payload, seg->payload_len) == 0;
}

/* Build into a block of exactly the frame's size, parse, compare; one byte less must be refused. */
static bool round_trip(uint64_t *seed)
{
	uint8_t payload[PAYLOAD_MAX], scratch[PAYLOAD_MAX + TS_BUILD_HEADER_MAX], *exact;
	struct ts_link link = plain;
	struct ts_seg seg;
	struct parsed p;
	uint32_t len;
	bool ok;

	for (int i = 0; i < PAYLOAD_MAX; i++)
		payload[i] = (uint8_t)rnd(seed);
	seg = random_seg(seed, payload);
	link.vlan = rnd(seed) & 1 ? (uint16_t)(rnd(seed) % 4094 + 1) : 0;
	link.ttl = (uint8_t)(rnd(seed) % 255 + 1);
	len = ts_build_tcp(scratch, sizeof(scratch), &link, &seg);
	if (len == 0)
		return false;
	exact = malloc(len);
	ok = ts_build_tcp(exact, len, &link, &seg) == len &&
	     ts_build_tcp(exact, len - 1, &link, &seg) == 0 && memcmp(exact, scratch, len) == 0;
	p = frame_parse(exact, len, 0, seed);
	ok &= p.drop == TS_DROP_NONE && same_segment(&seg, &link, &p.pkt);
	parsed_free(&p);
	free(exact);
	return ok;
}

/* Three blocks beside timestamps fill the header to its end. */
static void sack_blocks(void)
{
	static const struct ts_sack blocks[TS_SACK_MAX] = {
		{1, 2}, {0xfffffff0, 0x10}, {0x01020304, 0x05060708}};
	static const uint8_t want[] = {1, 1, 5, 26, 0, 0, 0, 1, 0, 0, 0, 2, 0xff, 0xff, 0xff, 0xf0,
		0, 0, 0, 0x10, 1, 2, 3, 4, 5, 6, 7, 8};
	struct ts_seg seg = {
		.src = addr("198.18.0.1"),
		.dst = addr("198.18.0.2"),
		.sport = 1,
		.dport = 2,
		.flags = TS_TCP_ACK,
		.opts = TS_OPT_TS,
		.n_sack = TS_SACK_MAX,
		.sack = blocks,
	};
	uint8_t frame[TS_BUILD_HEADER_MAX];
	uint32_t len = ts_build_tcp(frame, sizeof(frame), &plain, &seg);
	struct ts_pkt pkt;

	tap_eq(len, 14 + 20 + 60, "timestamps and three SACK blocks fill a TCP header");
	tap_ok(memcmp(frame + len - sizeof(want), want, sizeof(want)) == 0,
		"SACK blocks stand behind two NOPs, in network order (RFC 2018 3)");
	tap_ok(ts_pkt_parse(frame, len, 0, &pkt) == TS_DROP_NONE && pkt.tcp.has_ts &&
			pkt.tcp.payload_len == 0,
		"a segment with SACK blocks is parsed, its timestamps included");
}

static void segments_round_trip(void)
{
	for (uint64_t s = 0; s < N_SEEDS; s++) {
		uint64_t seed = s;

		if (!round_trip(&seed)) {
			tap_ok(false, "the segment of seed %" PRIu64 " survives build and parse",
				s);
			return;
		}
	}
	tap_ok(true, "%d random segments survive build and parse", N_SEEDS);
}

static void limits(void)
{
	struct ts_seg seg = {
		.src = addr("198.18.0.1"), .dst = addr("2001:db8::1"), .sport = 1, .dport = 2};
	uint32_t cap = 70000;
	uint8_t *out = malloc(cap), *payload = calloc(1, cap);

	tap_eq(ts_build_tcp(out, cap, &plain, &seg), 0, "two families in one segment are refused");
	seg.dst = addr("198.18.5.6");
	seg.payload = payload;
	seg.payload_len = 65535 - 40;
	tap_eq(ts_build_tcp(out, cap, &plain, &seg), 14 + 65535,
		"the longest IPv4 packet is built");
	seg.payload_len++;
	tap_eq(ts_build_tcp(out, cap, &plain, &seg), 0, "one byte more is refused");
	seg.payload_len = UINT32_MAX;
	tap_eq(ts_build_tcp(out, cap, &plain, &seg), 0, "a length that would wrap is refused");
	seg.src = seg.dst = addr("2001:db8::1");
	seg.payload_len = 65535 - 20;
	tap_eq(ts_build_tcp(out, cap, &plain, &seg), 14 + 40 + 65535,
		"the longest IPv6 packet is built");
	seg.payload_len++;
	tap_eq(ts_build_tcp(out, cap, &plain, &seg), 0, "one byte more is refused");
	free(out);
	free(payload);
}

static void arp(uint16_t vlan)
{
	struct ts_addr us = addr("198.18.0.1"), gw = addr("198.18.0.254"), v6 = addr("2001:db8::1");
	uint8_t out[64];
	uint64_t seed = 1;
	uint32_t want = vlan != 0 ? 46 : 42;
	uint32_t len = ts_build_arp(out, sizeof(out), plain.src_mac, vlan, &us, &gw, NULL);
	struct parsed p = frame_parse(out, len, 0, &seed);

	tap_ok(len == want && p.drop == TS_DROP_NONE && p.pkt.kind == TS_PKT_ARP_REQUEST &&
			p.pkt.vlan == vlan && ts_addr_equal(&p.pkt.arp.sender, &us) &&
			ts_addr_equal(&p.pkt.arp.target, &gw) &&
			memcmp(out, "\xff\xff\xff\xff\xff\xff", 6) == 0,
		"an ARP request goes to everyone, vlan %u", vlan);
	parsed_free(&p);
	len = ts_build_arp(out, want, plain.src_mac, vlan, &us, &gw, plain.dst_mac);
	p = frame_parse(out, len, 0, &seed);
	tap_ok(p.drop == TS_DROP_NONE && p.pkt.kind == TS_PKT_ARP_REPLY &&
			memcmp(p.pkt.arp.sender_mac, plain.src_mac, 6) == 0 &&
			memcmp(out, plain.dst_mac, 6) == 0,
		"an ARP reply goes to the asker, vlan %u", vlan);
	parsed_free(&p);
	tap_ok(ts_build_arp(out, want - 1, plain.src_mac, vlan, &us, &gw, NULL) == 0 &&
			ts_build_arp(out, sizeof(out), plain.src_mac, vlan, &v6, &gw, NULL) == 0,
		"ARP is refused without room or for IPv6, vlan %u", vlan);
}

/* Is a neighbour still where it was? */
static void polls(void)
{
	struct ts_addr us = addr("198.18.0.1"), gw = addr("198.18.0.254"),
		       us6 = addr("2001:db8::1"), gw6 = addr("fe80::1");
	uint8_t out[128];
	uint64_t seed = 1;
	uint32_t len = ts_build_arp_poll(out, sizeof(out), &plain, &us, &gw);
	struct parsed p = frame_parse(out, len, 0, &seed);

	tap_ok(p.drop == TS_DROP_NONE && p.pkt.kind == TS_PKT_ARP_REQUEST &&
			ts_addr_equal(&p.pkt.arp.target, &gw) &&
			memcmp(p.pkt.dst_mac, plain.dst_mac, 6) == 0 &&
			memcmp(p.pkt.arp.sender_mac, plain.src_mac, 6) == 0,
		"an ARP poll is a request to one link-layer address");
	parsed_free(&p);
	len = ts_build_nd_poll(out, sizeof(out), &plain, &us6, &gw6);
	p = frame_parse(out, len, 0, &seed);
	tap_ok(p.drop == TS_DROP_NONE && p.pkt.kind == TS_PKT_ND_SOLICIT &&
			ts_addr_equal(&p.pkt.nd.target, &gw6) && ts_addr_equal(&p.pkt.dst, &gw6) &&
			memcmp(p.pkt.dst_mac, plain.dst_mac, 6) == 0,
		"an ND poll is a solicitation to the neighbour itself, on both layers");
	parsed_free(&p);
	tap_ok(ts_build_arp_poll(out, 41, &plain, &us, &gw) == 0 &&
			ts_build_nd_poll(out, len - 1, &plain, &us6, &gw6) == 0 &&
			ts_build_nd_poll(out, sizeof(out), &plain, &us, &gw) == 0,
		"polls are refused without room or for the other family");
}

static void neighbour_discovery(void)
{
	struct ts_addr us = addr("2001:db8::1"), gw = addr("2001:db8::1:abcd:ef01"),
		       v4 = addr("198.18.0.1");
	struct frame f;
	uint64_t seed = 1;
	struct parsed p;

	f.len = ts_build_nd_solicit(f.b, sizeof(f.b), plain.src_mac, 7, &us, &gw);
	p = frame_parse(f.b, f.len, 0, &seed);
	tap_ok(p.drop == TS_DROP_NONE && p.pkt.kind == TS_PKT_ND_SOLICIT && p.pkt.vlan == 7 &&
			ts_addr_equal(&p.pkt.nd.target, &gw) &&
			memcmp(p.pkt.nd.lladdr, plain.src_mac, 6) == 0,
		"a neighbour solicitation asks for the target and names our address");
	gw = addr("ff02::1:ffcd:ef01");
	tap_ok(ts_addr_equal(&p.pkt.dst, &gw) && memcmp(f.b, "\x33\x33\xff\xcd\xef\x01", 6) == 0,
		"a neighbour solicitation goes to the solicited-node group on both layers");
	parsed_free(&p);
	gw = addr("2001:db8::56");
	f.len = ts_build_nd_advert(f.b, sizeof(f.b), &plain, &us, &gw);
	p = frame_parse(f.b, f.len, 0, &seed);
	tap_ok(p.drop == TS_DROP_NONE && p.pkt.kind == TS_PKT_ND_ADVERT &&
			ts_addr_equal(&p.pkt.nd.target, &us) && ts_addr_equal(&p.pkt.dst, &gw) &&
			memcmp(p.pkt.nd.lladdr, plain.src_mac, 6) == 0,
		"a neighbour advertisement answers the asker");
	tap_eq(f.b[14 + 40 + 4], 0x60,
		"a neighbour advertisement of ours is solicited and overrides");
	parsed_free(&p);
	tap_ok(ts_build_nd_advert(f.b, f.len - 1, &plain, &us, &gw) == 0 &&
			ts_build_nd_advert(f.b, sizeof(f.b), &plain, &us, &v4) == 0 &&
			ts_build_nd_solicit(f.b, sizeof(f.b), plain.src_mac, 0, &v4, &v4) == 0,
		"neighbour discovery is refused without room or for IPv4");
}

/* The zero ping is the one whose incrementally updated checksum would be refused (RFC 1624 3). */
static void echo(const char *hex, const char *name, uint8_t reply_type)
{
	struct frame req = frame_from(hex), rep, mended;
	uint64_t seed = 1;
	struct parsed p = frame_parse(req.b, req.len, 0, &seed), q;
	uint32_t l4 = ts_addr_is_v4(&p.pkt.src) ? 34 : 54;

	rep.len = ts_build_echo_reply(rep.b, req.len, &plain, &p.pkt);
	tap_ok(rep.len == req.len && rep.b[l4] == reply_type &&
			memcmp(rep.b + l4 + 4, req.b + l4 + 4, req.len - l4 - 4) == 0,
		"%s is answered with its own words", name);
	mended = rep;
	frame_mend(&mended);
	tap_ok(memcmp(mended.b, rep.b, rep.len) == 0, "the checksums of the answer are right");
	q = frame_parse(rep.b, rep.len, 0, &seed);
	tap_eq(q.drop, TS_DROP_ICMP_TYPE,
		"our own parser finds nothing wrong but that it is no request");
	tap_eq(ts_build_echo_reply(rep.b, req.len - 1, &plain, &p.pkt), 0,
		"without room no answer is built");
	parsed_free(&p);
	parsed_free(&q);
}

int main(void)
{
	segments_round_trip();
	sack_blocks();
	limits();
	arp(0);
	arp(100);
	polls();
	neighbour_discovery();
	echo(FRAME_ECHO4, "an IPv4 ping", 0);
	echo(FRAME_ECHO4_ZERO, "an IPv4 ping of zeros", 0);
	echo(FRAME_ECHO6, "an IPv6 ping", 129);
	return tap_done();
}
