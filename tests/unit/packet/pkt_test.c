/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parser takes, field by field. What it refuses is in pkt_drop_test.c. */
#include "tap.h"
#include "frames.h"
#include "vectors.h"

static uint64_t seed = 1;

static struct parsed take(const char *hex, const char *label)
{
	struct frame f = frame_from(hex);
	struct parsed p = frame_parse(f.b, f.len, 0, &seed);

	tap_str(ts_drop_name(p.drop), "none", label);
	return p;
}

static bool is_addr(const struct ts_addr *a, const char *text)
{
	struct ts_addr want = addr(text);

	return ts_addr_equal(a, &want);
}

static void syn_ack(void)
{
	struct parsed p = take(FRAME_SYNACK4, "an IPv4 SYN-ACK is taken");
	const struct ts_tcp *t = &p.pkt.tcp;

	tap_ok(p.pkt.kind == TS_PKT_TCP && p.pkt.vlan == 0 && p.pkt.ttl == 57 &&
			is_addr(&p.pkt.src, "198.18.5.6") && is_addr(&p.pkt.dst, "198.18.0.1") &&
			memcmp(p.pkt.src_mac, "\2\0\0\0\0\xaa", 6) == 0,
		"an IPv4 SYN-ACK: addresses, TTL and MAC address are read");
	tap_ok(t->sport == 25 && t->dport == 40000 && t->seq == 0x11111111 &&
			t->ack == 0x22222223 && t->wnd == 29200 &&
			t->flags == (TS_TCP_SYN | TS_TCP_ACK) && t->payload_len == 0,
		"an IPv4 SYN-ACK: the TCP header is read");
	tap_ok(t->mss == 1460 && t->sack_ok && t->has_ts && t->ts_val == 0x01020304 &&
			t->ts_ecr == 0x05060708 && t->wscale == 7,
		"an IPv4 SYN-ACK: all options are read");
	tap_str(t->opts_order, "MSTNW", "an IPv4 SYN-ACK: the order of its options is kept");
	parsed_free(&p);

	p = take(FRAME_SYNACK6, "an IPv6 SYN-ACK is taken");
	tap_ok(is_addr(&p.pkt.src, "2001:db8::56") && is_addr(&p.pkt.dst, "2001:db8::1") &&
			p.pkt.ttl == 57 && p.pkt.tcp.mss == 1440 && p.pkt.tcp.wscale == 0xff &&
			!p.pkt.tcp.sack_ok && !p.pkt.tcp.has_ts && p.pkt.tcp.dport == 40000,
		"a SYN-ACK without options: its fields are right, absent options are absent");
	parsed_free(&p);
}

static void payload_is(const char *hex, const char *label, uint16_t vlan, const char *want)
{
	struct parsed p = take(hex, label);

	tap_ok(p.pkt.vlan == vlan && p.pkt.tcp.payload_len == strlen(want) &&
			memcmp(p.pkt.tcp.payload, want, strlen(want)) == 0,
		"the payload of a segment is \"%s\" in VLAN %u", want, vlan);
	parsed_free(&p);
}

static void icmp_error(const char *hex, uint8_t type, uint8_t code, uint32_t mtu, const char *dst)
{
	struct parsed p = take(hex, "an ICMP error that quotes 8 bytes of TCP is taken");
	const struct ts_icmp *i = &p.pkt.icmp;

	tap_ok(p.pkt.kind == TS_PKT_ICMP_ERROR && i->type == type && i->code == code &&
			i->mtu == mtu,
		"an ICMP error has type %u, code %u and MTU %u", type, code, mtu);
	tap_ok(is_addr(&i->quote_dst, dst) && i->quote_sport == 40000 && i->quote_dport == 25 &&
			i->quote_seq == 0xdeadbeef,
		"an ICMP error quotes our segment to %s", dst);
	parsed_free(&p);
}

static void neighbours(void)
{
	struct parsed p = take(FRAME_ARP_REQUEST, "a padded ARP request is taken");

	tap_ok(p.pkt.kind == TS_PKT_ARP_REQUEST && is_addr(&p.pkt.arp.sender, "198.18.0.254") &&
			is_addr(&p.pkt.arp.target, "198.18.0.1") &&
			memcmp(p.pkt.arp.sender_mac, "\2\0\0\0\0\xaa", 6) == 0,
		"an ARP request says who asks for whom");
	parsed_free(&p);
	p = take(FRAME_ARP_REPLY, "an unpadded ARP reply is taken");
	tap_eq(p.pkt.kind, TS_PKT_ARP_REPLY, "an unpadded ARP reply is taken for a reply");
	parsed_free(&p);
	p = take(FRAME_ND_SOLICIT, "a neighbour solicitation is taken");
	tap_ok(p.pkt.kind == TS_PKT_ND_SOLICIT && is_addr(&p.pkt.nd.target, "2001:db8::1") &&
			memcmp(p.pkt.nd.lladdr, "\2\0\0\0\0\xbb", 6) == 0,
		"the link-layer option of a solicitation counts, not the source of the frame");
	parsed_free(&p);
	p = take(FRAME_ND_ADVERT, "a neighbour advertisement is taken");
	tap_ok(p.pkt.kind == TS_PKT_ND_ADVERT && is_addr(&p.pkt.nd.target, "2001:db8::56") &&
			memcmp(p.pkt.nd.lladdr, "\2\0\0\0\0\xbb", 6) == 0 && p.pkt.nd.has_lladdr,
		"the link-layer option of an advertisement counts");
	tap_ok(p.pkt.nd.solicited, "an advertisement that is solicited answers a question");
	tap_ok(memcmp(p.pkt.dst_mac, "\2\0\0\0\0\1", 6) == 0,
		"an advertisement to us is seen to have come to us");
	parsed_free(&p);
}

/* Options of an IPv4 SYN-ACK, 20 bytes of them, and what must come out. */
static const struct {
	const char *opts, *order;
	uint16_t mss;
	uint8_t wscale;
	bool sack_ok, has_ts;
	const char *label;
} options[] = {
	{"020405b401030307040201010101010101010101", "MNWSNNNNNNN", 1460, 7, true, false,
		"more letters than fit are cut off"},
	{"020405b403030f0000000000000000000000000f", "MW", 1460, 14, false, false,
		"a window scale above 14 is 14, and nothing behind the end of options is read"},
	{"020405b40303ff00000000000000000000000000", "MW", 1460, 14, false, false,
		"a window scale of 255 is 14"},
	{"0204021803020204020000000000000000000000", "M", 536, 0xff, false, false,
		"a window scale of the wrong length ends the walk and keeps what came before"},
	{"020405b4fe060102030404020000000000000000", "MUS", 1460, 0xff, true, false,
		"unknown options are stepped over"},
	{"020305b404020000000000000000000000000000", "", 0, 0xff, false, false,
		"an MSS of length 3 is no MSS"},
	{"fe00020405b40000000000000000000000000000", "", 0, 0xff, false, false,
		"an option of length 0 ends the walk"},
	{"fe01020405b40000000000000000000000000000", "", 0, 0xff, false, false,
		"an option of length 1 ends the walk"},
	{"020405b401010101010101010101010101010108", "MNNNNNNNNNN", 1460, 0xff, false, false,
		"a kind without a length in the last byte is not read past"},
	{"020405b40101010101010101010101010101080a", "MNNNNNNNNNN", 1460, 0xff, false, false,
		"a timestamp that runs over the header is not read"},
	{"0101010101010101010101010101010101020405", "NNNNNNNNNNN", 0, 0xff, false, false,
		"an MSS one byte longer than the header is not read"},
	{"04020303000204ffff080a000000010000000200", "SWMT", 65535, 0, true, true,
		"TCP options may come in any order"},
};

static void tcp_options(void)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		struct frame f = frame_from(FRAME_SYNACK4);
		struct parsed p;
		const struct ts_tcp *t = &p.pkt.tcp;

		frame_write(&f, 54, options[i].opts);
		frame_mend(&f);
		p = frame_parse(f.b, f.len, 0, &seed);
		tap_ok(p.drop == TS_DROP_NONE && t->mss == options[i].mss &&
				t->wscale == options[i].wscale &&
				t->sack_ok == options[i].sack_ok &&
				t->has_ts == options[i].has_ts &&
				strcmp(t->opts_order, options[i].order) == 0,
			"%s", options[i].label);
		parsed_free(&p);
	}
}

/* The data offset field allows 40 bytes of options and no more. */
static void longest_header(void)
{
	struct frame f = frame_from(FRAME_SYNACK4);
	struct parsed p;

	f.len += frame_write(&f, 54,
			 "0101010101010101010101010101010101010101"
			 "01010101010101010101010101010101020405b4") -
		 20;
	frame_write(&f, 46, "f0");
	naive_store(f.b + 16, 80);
	frame_mend(&f);
	p = frame_parse(f.b, f.len, 0, &seed);
	tap_ok(p.drop == TS_DROP_NONE && p.pkt.tcp.mss == 1460 && p.pkt.tcp.payload_len == 0,
		"an option at the end of the longest header is read");
	parsed_free(&p);
}

static void edges(void)
{
	struct frame f = frame_from(FRAME_SYNACK4);
	struct parsed p;

	frame_write(&f, 47, "10");
	frame_mend(&f);
	p = frame_parse(f.b, f.len, 0, &seed);
	tap_ok(p.drop == TS_DROP_NONE && p.pkt.tcp.mss == 0 && p.pkt.tcp.wscale == 0xff &&
			!p.pkt.tcp.sack_ok && p.pkt.tcp.has_ts && p.pkt.tcp.opts_order[0] == '\0',
		"outside a SYN only the timestamp option counts");
	parsed_free(&p);

	f = frame_from(FRAME_SYNACK4);
	frame_write(&f, 47, "d2");
	frame_mend(&f);
	p = frame_parse(f.b, f.len, 0, &seed);
	tap_eq(p.pkt.tcp.flags, TS_TCP_SYN | TS_TCP_ACK, "the ECN bits are masked out");
	parsed_free(&p);

	f = frame_from(FRAME_DATA4);
	f.b[24] ^= 1;
	f.b[50] ^= 1;
	p = frame_parse(f.b, f.len, TS_PKT_IP_CSUM_GOOD | TS_PKT_L4_CSUM_GOOD, &seed);
	tap_eq(p.drop, TS_DROP_NONE, "checksums the device vouches for are not looked at");
	parsed_free(&p);

	f = frame_from(FRAME_DATA4_VLAN);
	frame_write(&f, 14, "e000");
	p = frame_parse(f.b, f.len, 0, &seed);
	tap_ok(p.drop == TS_DROP_NONE && p.pkt.vlan == 0, "a priority tag is no VLAN");
	parsed_free(&p);

	f = frame_from(FRAME_ND_SOLICIT);
	frame_write(&f, 78, "0e");
	frame_mend(&f);
	p = frame_parse(f.b, f.len, 0, &seed);
	tap_ok(p.drop == TS_DROP_NONE && memcmp(p.pkt.nd.lladdr, "\2\0\0\0\0\xaa", 6) == 0,
		"without a link-layer option the frame's source counts");
	parsed_free(&p);

	f = frame_from(FRAME_ARP_REQUEST);
	frame_write(&f, 28, "00000000");
	p = frame_parse(f.b, f.len, 0, &seed);
	tap_ok(p.drop == TS_DROP_NONE, "an ARP probe for a duplicate of our address is taken");
	parsed_free(&p);
}

/* Receive offload hands over segments longer than any frame. */
static void jumbo(void)
{
	struct frame f = frame_from(FRAME_DATA4);
	uint32_t len = 14 + 65535;
	uint8_t *big = calloc(1, len);
	struct parsed p;

	memcpy(big, f.b, 54);
	naive_store(big + 16, 65535);
	p = frame_parse(big, len, TS_PKT_IP_CSUM_GOOD | TS_PKT_L4_CSUM_GOOD, &seed);
	tap_ok(p.drop == TS_DROP_NONE && p.pkt.tcp.payload_len == 65535 - 40,
		"a segment of 65,495 bytes is taken whole");
	parsed_free(&p);
	free(big);
}

int main(void)
{
	syn_ack();
	payload_is(FRAME_DATA4, "a frame with Ethernet padding is taken", 0, "hi");
	payload_is(FRAME_DATA4_VLAN, "a frame with a VLAN tag is taken", 100, "hi");
	payload_is(FRAME_DATA4_IPOPT, "a packet with IPv4 options is taken", 0, "hi");
	payload_is(FRAME_DATA6_VLAN, "a tagged IPv6 frame of odd length is taken", 100, "odd");
	icmp_error(FRAME_UNREACH4, 3, 1, 0, "198.18.7.8");
	icmp_error(FRAME_FRAG4, 3, 4, 1400, "198.18.7.8");
	icmp_error(FRAME_UNREACH6, 1, 4, 0, "2001:db8::78");
	icmp_error(FRAME_TOOBIG6, 2, 0, 1280, "2001:db8::78");
	neighbours();
	tcp_options();
	longest_header();
	edges();
	jumbo();
	return tap_done();
}
