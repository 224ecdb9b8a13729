/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parser refuses and how it calls it: each reason is reached, each rule has its vector. */
#include <assert.h>
#include <ctype.h>

#include "tap.h"
#include "frames.h"
#include "vectors.h"

/* A good frame, cut or overwritten in one place; mend makes the checksums right again. */
struct vector {
	enum ts_drop want;
	const char *label, *base;
	uint32_t at;
	const char *hex; /* NULL: nothing is overwritten */
	uint32_t len;	 /* 0: the frame keeps its length */
	bool mend;
};

#define CUT(reason, label, base, len)                              \
	{                                                          \
		TS_DROP_##reason, label, base, 0, NULL, len, false \
	}
#define RAW(reason, label, base, at, hex)                        \
	{                                                        \
		TS_DROP_##reason, label, base, at, hex, 0, false \
	}
#define MENDED(reason, label, base, at, hex)                    \
	{                                                       \
		TS_DROP_##reason, label, base, at, hex, 0, true \
	}

static const struct vector vectors[] = {
	CUT(SHORT_FRAME, "a frame without a whole Ethernet header", FRAME_DATA4, 13),
	CUT(SHORT_FRAME, "a frame cut in the VLAN tag", FRAME_DATA4_VLAN, 17),
	CUT(SHORT_FRAME, "a frame cut in the IPv4 header", FRAME_DATA4, 33),
	CUT(SHORT_FRAME, "a frame cut in the IPv6 header", FRAME_SYNACK6, 53),
	CUT(SHORT_FRAME, "a frame cut in ARP", FRAME_ARP_REPLY, 41),
	RAW(ETHERTYPE, "LLDP", FRAME_DATA4, 12, "88cc"),
	RAW(ETHERTYPE, "an 802.3 length", FRAME_DATA4, 12, "0026"),
	RAW(VLAN, "two tags", FRAME_DATA4_VLAN, 16, "8100"),
	RAW(VLAN, "a service tag", FRAME_DATA4, 12, "88a8"),
	RAW(VLAN, "a service tag inside a tag", FRAME_DATA4_VLAN, 16, "88a8"),
	RAW(VLAN, "the reserved VLAN id", FRAME_DATA4_VLAN, 14, "2fff"),
	RAW(ARP_FORMAT, "ARP for a network that is not Ethernet", FRAME_ARP_REPLY, 14, "0006"),
	RAW(ARP_FORMAT, "ARP with 8-byte hardware addresses", FRAME_ARP_REPLY, 18, "08"),
	RAW(ARP_FORMAT, "reverse ARP", FRAME_ARP_REPLY, 20, "0003"),
	RAW(ARP_FORMAT, "an ARP sender with a group address", FRAME_ARP_REPLY, 22, "01"),
	RAW(IP_BAD_SOURCE, "an ARP reply from 0.0.0.0", FRAME_ARP_REPLY, 28, "00000000"),
	RAW(IP_BAD_SOURCE, "ARP from a group", FRAME_ARP_REQUEST, 28, "e0000001"),
	RAW(IP_VERSION, "version 6 under the ethertype of 4", FRAME_DATA4, 14, "65"),
	RAW(IP_VERSION, "version 4 under the ethertype of 6", FRAME_SYNACK6, 14, "40"),
	RAW(IP_HEADER_LEN, "an IPv4 header of 16 bytes", FRAME_DATA4, 14, "44"),
	RAW(IP_HEADER_LEN, "an IPv4 header longer than the frame", FRAME_DATA4, 14, "4f"),
	RAW(IP_TOTAL_LEN, "a total length below the header", FRAME_DATA4, 16, "0013"),
	RAW(IP_TOTAL_LEN, "a total length beyond the frame", FRAME_DATA4, 16, "002f"),
	RAW(IP_TOTAL_LEN, "a total length of 0", FRAME_DATA4, 16, "0000"),
	RAW(IP_TOTAL_LEN, "an IPv6 payload beyond the frame", FRAME_SYNACK6, 18, "0019"),
	RAW(IP_CHECKSUM, "a wrong IPv4 checksum", FRAME_DATA4, 24, "ffff"),
	MENDED(IP_FRAGMENT, "a first fragment", FRAME_DATA4, 20, "2000"),
	MENDED(IP_FRAGMENT, "a later fragment", FRAME_DATA4, 20, "0001"),
	RAW(IP_FRAGMENT, "an IPv6 fragment header", FRAME_SYNACK6, 20, "2c"),
	RAW(IP_EXTENSION, "hop-by-hop options", FRAME_SYNACK6, 20, "00"),
	RAW(IP_EXTENSION, "a routing header", FRAME_SYNACK6, 20, "2b"),
	RAW(IP_EXTENSION, "destination options", FRAME_SYNACK6, 20, "3c"),
	MENDED(IP_PROTOCOL, "UDP over IPv4", FRAME_DATA4, 23, "11"),
	MENDED(IP_PROTOCOL, "ICMPv6 over IPv4", FRAME_DATA4, 23, "3a"),
	RAW(IP_PROTOCOL, "UDP over IPv6", FRAME_SYNACK6, 20, "11"),
	MENDED(IP_BAD_SOURCE, "0.0.0.0", FRAME_DATA4, 26, "00000000"),
	MENDED(IP_BAD_SOURCE, "127.0.0.1", FRAME_DATA4, 26, "7f000001"),
	MENDED(IP_BAD_SOURCE, "224.0.0.1", FRAME_DATA4, 26, "e0000001"),
	MENDED(IP_BAD_SOURCE, "239.1.1.1", FRAME_DATA4, 26, "ef010101"),
	MENDED(IP_BAD_SOURCE, "255.255.255.255", FRAME_DATA4, 26, "ffffffff"),
	MENDED(IP_BAD_SOURCE, "::", FRAME_SYNACK6, 22, "00000000000000000000000000000000"),
	MENDED(IP_BAD_SOURCE, "::1", FRAME_SYNACK6, 22, "00000000000000000000000000000001"),
	MENDED(IP_BAD_SOURCE, "ff02::1", FRAME_SYNACK6, 22, "ff020000000000000000000000000001"),
	MENDED(IP_MAPPED, "::ffff:198.18.5.6 as a source", FRAME_SYNACK6, 22,
		"00000000000000000000ffffc6120506"),
	MENDED(IP_MAPPED, "::ffff:198.18.0.1 as a destination", FRAME_SYNACK6, 38,
		"00000000000000000000ffffc6120001"),
	MENDED(TCP_SHORT, "19 bytes of TCP", FRAME_DATA4, 16, "0027"),
	MENDED(TCP_SHORT, "no TCP at all", FRAME_DATA4, 16, "0014"),
	RAW(TCP_SHORT, "no TCP over IPv6", FRAME_SYNACK6, 18, "0000"),
	MENDED(TCP_DATA_OFFSET, "a data offset of 16", FRAME_DATA4, 46, "40"),
	MENDED(TCP_DATA_OFFSET, "a data offset of 0", FRAME_DATA4, 46, "00"),
	MENDED(TCP_DATA_OFFSET, "a data offset into the padding", FRAME_DATA4, 46, "60"),
	RAW(TCP_CHECKSUM, "a wrong TCP checksum", FRAME_DATA4, 54, "00"),
	RAW(TCP_CHECKSUM, "a changed IPv6 address", FRAME_SYNACK6, 37, "57"),
	MENDED(TCP_FLAGS, "no flags", FRAME_DATA4, 47, "00"),
	MENDED(TCP_FLAGS, "PSH and URG alone", FRAME_DATA4, 47, "28"),
	MENDED(TCP_FLAGS, "SYN and FIN", FRAME_DATA4, 47, "13"),
	MENDED(TCP_FLAGS, "SYN and RST", FRAME_DATA4, 47, "06"),
	MENDED(TCP_PORT_ZERO, "source port 0", FRAME_DATA4, 34, "0000"),
	MENDED(TCP_PORT_ZERO, "destination port 0", FRAME_DATA4, 36, "0000"),
	MENDED(ICMP_SHORT, "7 bytes of ICMP", FRAME_ECHO4, 16, "001b"),
	RAW(ICMP_SHORT, "7 bytes of ICMPv6", FRAME_ECHO6, 18, "0007"),
	RAW(ICMP_CHECKSUM, "a wrong ICMP checksum", FRAME_ECHO4, 42, "ff"),
	RAW(ICMP_CHECKSUM, "a wrong ICMPv6 checksum", FRAME_ECHO6, 62, "ff"),
	MENDED(ICMP_TYPE, "an echo reply", FRAME_ECHO4, 34, "00"),
	MENDED(ICMP_TYPE, "a redirect", FRAME_UNREACH4, 34, "05"),
	MENDED(ICMP_TYPE, "a source quench", FRAME_UNREACH4, 34, "04"),
	MENDED(ICMP_TYPE, "an echo request with a code", FRAME_ECHO4, 35, "01"),
	MENDED(ICMP_TYPE, "a router advertisement", FRAME_ECHO6, 54, "86"),
	MENDED(ICMP_QUOTE, "a quote of 7 bytes of TCP", FRAME_UNREACH4, 16, "0037"),
	MENDED(ICMP_QUOTE, "an empty quote", FRAME_UNREACH4, 16, "001c"),
	MENDED(ICMP_QUOTE, "a quote that is not IPv4", FRAME_UNREACH4, 42, "65"),
	MENDED(ICMP_QUOTE, "a quoted header of 16 bytes", FRAME_UNREACH4, 42, "44"),
	MENDED(ICMP_QUOTE, "quoted options that leave no room", FRAME_UNREACH4, 42, "46"),
	MENDED(ICMP_QUOTE, "a quoted UDP packet", FRAME_UNREACH4, 51, "11"),
	MENDED(ICMP_QUOTE, "a quoted later fragment", FRAME_UNREACH4, 48, "0001"),
	MENDED(ICMP_QUOTE, "a quote of somebody else's packet", FRAME_UNREACH4, 57, "02"),
	MENDED(ICMP_QUOTE, "an IPv6 quote one byte short", FRAME_UNREACH6, 18, "0037"),
	MENDED(ICMP_QUOTE, "a quote that is not IPv6", FRAME_UNREACH6, 62, "40"),
	MENDED(ICMP_QUOTE, "an IPv6 quote of UDP", FRAME_UNREACH6, 68, "11"),
	MENDED(ICMP_QUOTE, "an IPv6 quote of somebody else", FRAME_UNREACH6, 85, "02"),
	MENDED(ICMP_QUOTE, "an IPv6 quote with a mapped destination", FRAME_UNREACH6, 86,
		"00000000000000000000ffffc6120708"),
	RAW(ND_HOP_LIMIT, "a routed solicitation", FRAME_ND_SOLICIT, 21, "fe"),
	RAW(ND_HOP_LIMIT, "a routed advertisement", FRAME_ND_ADVERT, 21, "fe"),
	MENDED(ND_FORMAT, "a solicitation with a code", FRAME_ND_SOLICIT, 55, "01"),
	MENDED(ND_FORMAT, "a solicitation cut in its target", FRAME_ND_SOLICIT, 18, "0017"),
	MENDED(ND_FORMAT, "half an option header", FRAME_ND_SOLICIT, 18, "0019"),
	MENDED(ND_FORMAT, "an option of length 0", FRAME_ND_SOLICIT, 78, "0e00"),
	MENDED(ND_FORMAT, "a link-layer option of 16 bytes", FRAME_ND_SOLICIT, 79, "02"),
	MENDED(ND_FORMAT, "an option beyond the end", FRAME_ND_SOLICIT, 78, "0e02"),
	MENDED(ND_FORMAT, "an advertised group address", FRAME_ND_ADVERT, 80, "01"),
	MENDED(ND_FORMAT, "a group as target", FRAME_ND_ADVERT, 62, "ff"),
	MENDED(ND_FORMAT, "a mapped target", FRAME_ND_ADVERT, 62,
		"00000000000000000000ffffc6120506"),
	MENDED(ND_FORMAT, "a solicited advertisement to a group", FRAME_ND_ADVERT, 38, "ff02"),
};

static bool reached[TS_N_DROP];

static void run(const struct vector *v, uint64_t *seed)
{
	struct frame f = frame_from(v->base);
	struct parsed p = frame_parse(f.b, f.len, 0, seed);

	tap_about("%s", v->label);
	tap_ok(p.drop == TS_DROP_NONE, "the frame is good before it is spoiled");
	parsed_free(&p);
	if (v->hex != NULL)
		frame_write(&f, v->at, v->hex);
	if (v->len != 0)
		f.len = v->len;
	if (v->mend)
		frame_mend(&f);
	p = frame_parse(f.b, f.len, 0, seed);
	if (!tap_ok(p.drop == v->want, "the frame is dropped as %s", ts_drop_name(v->want)))
		printf("# dropped as %s\n", ts_drop_name(p.drop));
	tap_about(NULL);
	reached[p.drop] = true;
	parsed_free(&p);
}

/* Long lists of options are an attack on time; the bound ends them. */
static void nd_option_flood(uint64_t *seed)
{
	struct frame f = frame_from(FRAME_ND_SOLICIT);
	struct parsed p;

	for (int i = 1; i <= 8; i++)
		frame_write(&f, (uint32_t)(78 + 8 * i), "0e01000000000000");
	f.len += 64;
	naive_store(f.b + 18, 32 + 64);
	frame_mend(&f);
	p = frame_parse(f.b, f.len, 0, seed);
	tap_eq(p.drop, TS_DROP_ND_FORMAT, "nine options of neighbour discovery are too many");
	parsed_free(&p);
	f.len -= 8;
	naive_store(f.b + 18, 32 + 56);
	frame_mend(&f);
	p = frame_parse(f.b, f.len, 0, seed);
	tap_eq(p.drop, TS_DROP_NONE, "eight options of neighbour discovery are taken");
	parsed_free(&p);
}

/* No prefix of a good frame may be read past its end; the exact-size blocks let sanitizers see it.
 */
static void every_prefix(const char *hex, uint64_t *seed)
{
	struct frame f = frame_from(hex);
	bool refused = true;

	/* 4 bytes of FRAME_DATA4 and 18 of FRAME_ARP_REQUEST are padding: a shorter prefix may be
	 * good. */
	for (uint32_t len = 0; len + 18 < f.len; len++) {
		struct parsed p = frame_parse(f.b, len, 0, seed);
		struct parsed q = frame_parse(
			f.b, len, TS_PKT_IP_CSUM_GOOD | TS_PKT_L4_CSUM_GOOD, seed);

		refused &= p.drop != TS_DROP_NONE && q.drop != TS_DROP_NONE;
		parsed_free(&p);
		parsed_free(&q);
	}
	tap_ok(refused, "no prefix of the frame %.40s... passes", hex);
}

#define NAMED(reason)                     \
	{                                 \
		TS_DROP_##reason, #reason \
	}

static const struct {
	enum ts_drop reason;
	const char *name;
} named[] = {NAMED(NONE), NAMED(SHORT_FRAME), NAMED(ETHERTYPE), NAMED(VLAN), NAMED(ARP_FORMAT),
	NAMED(IP_VERSION), NAMED(IP_HEADER_LEN), NAMED(IP_TOTAL_LEN), NAMED(IP_CHECKSUM),
	NAMED(IP_FRAGMENT), NAMED(IP_EXTENSION), NAMED(IP_PROTOCOL), NAMED(IP_BAD_SOURCE),
	NAMED(IP_MAPPED), NAMED(TCP_SHORT), NAMED(TCP_DATA_OFFSET), NAMED(TCP_CHECKSUM),
	NAMED(TCP_FLAGS), NAMED(TCP_PORT_ZERO), NAMED(ICMP_SHORT), NAMED(ICMP_CHECKSUM),
	NAMED(ICMP_TYPE), NAMED(ICMP_QUOTE), NAMED(ND_HOP_LIMIT), NAMED(ND_FORMAT),
	NAMED(NO_CONNECTION), NAMED(PAWS), NAMED(SEQ_OLD), NAMED(SEQ_BEYOND), NAMED(RST_NOT_EXACT),
	NAMED(SYN_IN_SYNC), NAMED(SYNACK_REPEATED), NAMED(ACK_RANGE), NAMED(ACK_MISSING),
	NAMED(REORDER_FULL), NAMED(AFTER_CLOSE), NAMED(ICMP_NO_MATCH)};
static_assert(sizeof(named) / sizeof(named[0]) == TS_N_DROP, "every reason's name is tested");

static void names(void)
{
	for (size_t i = 0; i < TS_N_DROP; i++) {
		char want[32];
		size_t n = 0;

		for (const char *c = named[i].name; *c != '\0' && n < sizeof(want) - 1; c++)
			want[n++] = (char)tolower((unsigned char)*c);
		want[n] = '\0';
		tap_ok(strcmp(ts_drop_name(named[i].reason), want) == 0,
			"the drop reason %s is named after its enumerator", want);
	}
}

int main(void)
{
	static const char *const frames[] = {FRAME_SYNACK4, FRAME_DATA4_VLAN, FRAME_DATA4_IPOPT,
		FRAME_SYNACK6, FRAME_UNREACH4, FRAME_UNREACH6, FRAME_ECHO4, FRAME_ECHO6,
		FRAME_ARP_REPLY, FRAME_ND_SOLICIT, FRAME_ND_ADVERT};
	uint64_t seed = 1;

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		run(&vectors[i], &seed);
	for (int r = TS_DROP_NONE + 1; r < TS_DROP_NO_CONNECTION; r++)
		tap_ok(reached[r], "a spoiled frame here is dropped as %s",
			ts_drop_name((enum ts_drop)r));
	nd_option_flood(&seed);
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		every_prefix(frames[i], &seed);
	names();
	return tap_done();
}
