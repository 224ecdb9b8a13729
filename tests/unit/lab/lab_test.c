/* SPDX-License-Identifier: BSD-3-Clause */
/* Raw frames into the lab, and the frames it must answer with. */
#include <stdlib.h>

#include "apps/lab/lab.h"
#include "tap.h"
#include "tcpstack/packet/build.h"
#include "tls/session/session.h"

#define SEED	 7
#define FRAME_US 100000 /* longer than any host's delay */
#define MAX_OUT	 16
#define ISS	 1000

static const struct lab_world world = {.seed = SEED};

struct bench {
	struct lab *lab;
	uint64_t now_us;
	struct ts_link link;
	uint32_t n_out;
	uint32_t len[MAX_OUT];
	uint8_t out[MAX_OUT][1600];
	struct ts_pkt pkt[MAX_OUT]; /* parsed */
};

static bool emit(void *ctx, const uint8_t *frame, uint32_t len)
{
	struct bench *b = ctx;

	if (b->n_out == MAX_OUT)
		return true;
	memcpy(b->out[b->n_out], frame, len);
	b->len[b->n_out] = len;
	b->n_out++;
	return true;
}

/* Put a frame in and collect what comes out within FRAME_US. */
static void exchange(struct bench *b, const uint8_t *frame, uint32_t len)
{
	b->n_out = 0;
	lab_input(b->lab, frame, len, b->now_us);
	b->now_us += FRAME_US;
	while (lab_tick(b->lab, b->now_us) > 0)
		continue;
	for (uint32_t i = 0; i < b->n_out; i++) {
		if (ts_pkt_parse(b->out[i], b->len[i], 0, &b->pkt[i]) != TS_DROP_NONE)
			tap_ok(false, "each frame that the lab sends can be parsed");
	}
}

static struct ts_addr parse(const char *text)
{
	struct ts_addr addr;

	ts_addr_parse(text, &addr);
	return addr;
}

/* The first address of a kind, in either family. */
static struct ts_addr host_of(enum lab_kind kind, bool v6)
{
	struct ts_addr addr = parse(v6 ? "fd00:1ab:0:1::" : "198.18.0.0");

	for (uint32_t i = 0; i < 65536; i++) {
		addr.b[14] = (uint8_t)(i >> 8);
		addr.b[15] = (uint8_t)i;
		if (lab_truth(&world, &addr, 25).kind == kind)
			break;
	}
	return addr;
}

/* Send one segment to port 25 of a host. */
static void segment(struct bench *b, const struct ts_addr *host, uint8_t flags, uint32_t seq,
	uint32_t ack, const char *text)
{
	uint8_t frame[256];
	struct ts_seg seg = {
		.src = parse(ts_addr_is_v4(host) ? LAB_SCANNER_V4 : LAB_SCANNER_V6),
		.dst = *host,
		.sport = 40000,
		.dport = 25,
		.seq = seq,
		.ack = ack,
		.wnd = 8192,
		.flags = flags,
		.mss = flags & TS_TCP_SYN ? 1460 : 0,
		.payload = (const uint8_t *)text,
		.payload_len = (uint32_t)strlen(text),
	};

	exchange(b, frame, ts_build_tcp(frame, sizeof(frame), &b->link, &seg));
}

static bool is_tcp(const struct bench *b, uint8_t flags, uint32_t ack)
{
	return b->n_out == 1 && b->pkt[0].kind == TS_PKT_TCP && b->pkt[0].tcp.flags == flags &&
	       b->pkt[0].tcp.ack == ack;
}

static void test_neighbours(struct bench *b)
{
	struct ts_addr scanner = parse(LAB_SCANNER_V4), gateway = parse(LAB_GATEWAY_V4);
	struct ts_addr other = parse("198.19.255.77");
	uint8_t frame[128];

	exchange(b, frame,
		ts_build_arp(frame, sizeof(frame), b->link.src_mac, 0, &scanner, &other, NULL));
	tap_eq(b->n_out, 0, "nobody but the gateway answers ARP");
	exchange(b, frame,
		ts_build_arp(frame, sizeof(frame), b->link.src_mac, 0, &scanner, &gateway, NULL));
	tap_ok(b->n_out == 1 && b->pkt[0].kind == TS_PKT_ARP_REPLY &&
			ts_addr_equal(&b->pkt[0].arp.sender, &gateway),
		"the gateway answers ARP");
	memcpy(b->link.dst_mac, b->pkt[0].arp.sender_mac, sizeof(b->link.dst_mac));
	scanner = parse(LAB_SCANNER_V6);
	gateway = parse(LAB_GATEWAY_V6);
	exchange(b, frame,
		ts_build_nd_solicit(frame, sizeof(frame), b->link.src_mac, 0, &scanner, &gateway));
	tap_ok(b->n_out == 1 && b->pkt[0].kind == TS_PKT_ND_ADVERT &&
			memcmp(b->pkt[0].nd.lladdr, b->link.dst_mac, 6) == 0,
		"the gateway answers neighbour solicitations with the same address");
}

static void test_quiet(struct bench *b, bool v6)
{
	const char *family = v6 ? "IPv6" : "IPv4";
	struct ts_addr host = host_of(LAB_SILENT, v6);
	struct ts_addr gateway = parse(v6 ? LAB_GATEWAY_V6 : LAB_GATEWAY_V4);

	segment(b, &host, TS_TCP_SYN, ISS, 0, "");
	tap_eq(b->n_out, 0, v6 ? "IPv6: a silent host is silent" : "IPv4: a silent host is silent");
	host = host_of(LAB_CLOSED, v6);
	segment(b, &host, TS_TCP_SYN, ISS, 0, "");
	tap_ok(is_tcp(b, TS_TCP_RST | TS_TCP_ACK, ISS + 1), "%s: a closed port resets", family);
	host = host_of(LAB_UNREACHABLE, v6);
	segment(b, &host, TS_TCP_SYN, ISS, 0, "");
	tap_ok(b->n_out == 1 && b->pkt[0].kind == TS_PKT_ICMP_ERROR &&
			ts_addr_equal(&b->pkt[0].src, &gateway) &&
			ts_addr_equal(&b->pkt[0].icmp.quote_dst, &host) &&
			b->pkt[0].icmp.quote_seq == ISS && b->pkt[0].icmp.quote_sport == 40000 &&
			b->pkt[0].icmp.quote_dport == 25,
		"%s: the gateway reports an unreachable host and quotes our SYN", family);
}

/* SYN-ACK, then what follows data. */
static uint32_t open_noise(struct bench *b, enum lab_kind kind)
{
	struct ts_addr host = host_of(kind, false);
	uint32_t seq;

	segment(b, &host, TS_TCP_SYN, ISS, 0, "");
	tap_ok(is_tcp(b, TS_TCP_SYN | TS_TCP_ACK, ISS + 1),
		"host of kind %s: it answers a SYN with a SYN-ACK", lab_kind_name(kind));
	seq = b->pkt[0].tcp.seq;
	segment(b, &host, TS_TCP_SYN, ISS, 0, "");
	tap_eq(b->pkt[0].tcp.seq, seq, "the same SYN gets the same sequence number");
	return seq + 1;
}

static void test_noise(struct bench *b)
{
	struct ts_addr host = host_of(LAB_ACCEPT_SILENT, false);
	uint32_t ack = open_noise(b, LAB_ACCEPT_SILENT);

	segment(b, &host, TS_TCP_ACK | TS_TCP_PSH, ISS + 1, ack, "hello");
	tap_ok(is_tcp(b, TS_TCP_ACK, ISS + 6) && b->pkt[0].tcp.payload_len == 0,
		"a host that accepts and is silent acknowledges data and says nothing");
	host = host_of(LAB_ACCEPT_DEAF, false);
	ack = open_noise(b, LAB_ACCEPT_DEAF);
	segment(b, &host, TS_TCP_ACK | TS_TCP_PSH, ISS + 1, ack, "hello");
	tap_eq(b->n_out, 0, "a host that accepts and is deaf never acknowledges data");
	host = host_of(LAB_ZERO_WINDOW, false);
	ack = open_noise(b, LAB_ZERO_WINDOW);
	tap_ok(b->pkt[0].tcp.wnd == 0 && b->pkt[0].tcp.mss == 0,
		"a host with a closed window has window 0 and no options");
	segment(b, &host, TS_TCP_ACK, ISS + 1, ack, "h");
	tap_ok(is_tcp(b, TS_TCP_ACK, ISS + 1) && b->pkt[0].tcp.wnd == 0,
		"a window probe is answered: still shut");
	host = host_of(LAB_RESET_ON_DATA, false);
	ack = open_noise(b, LAB_RESET_ON_DATA);
	segment(b, &host, TS_TCP_ACK, ISS + 1, ack, "");
	tap_eq(b->n_out, 0, "a host that resets on data does not reset before");
	segment(b, &host, TS_TCP_ACK | TS_TCP_PSH, ISS + 1, ack, "hello");
	tap_ok(b->n_out == 1 && b->pkt[0].tcp.flags == TS_TCP_RST && b->pkt[0].tcp.seq == ack,
		"data is answered by a reset that fits");
}

static bool says(const struct bench *b, uint32_t i, const char *words)
{
	return i < b->n_out && b->pkt[i].kind == TS_PKT_TCP &&
	       b->pkt[i].tcp.payload_len >= strlen(words) &&
	       memcmp(b->pkt[i].tcp.payload, words, strlen(words)) == 0;
}

static void test_service(struct bench *b, bool v6)
{
	struct ts_addr host = host_of(LAB_SERVICE, v6);
	struct lab_host truth = lab_truth(&world, &host, 25);
	uint32_t ack, greeting_len;

	segment(b, &host, TS_TCP_SYN, ISS, 0, "");
	tap_ok(is_tcp(b, TS_TCP_SYN | TS_TCP_ACK, ISS + 1) && b->pkt[0].ttl == truth.ttl &&
			b->pkt[0].tcp.mss == truth.mss,
		"a service sends a SYN-ACK with the TTL and segment size of the truth");
	ack = b->pkt[0].tcp.seq + 1;
	segment(b, &host, TS_TCP_ACK, ISS + 1, ack, "");
	tap_ok(says(b, 0, "220 "), "a mail server of the lab greets an open connection");
	greeting_len = b->pkt[0].tcp.payload_len;
	b->n_out = 0;
	b->now_us += 400000;
	while (lab_tick(b->lab, b->now_us) > 0)
		b->now_us += FRAME_US;
	tap_ok(b->n_out > 0 && b->len[0] > greeting_len,
		"the greeting is repeated while it is not acknowledged");
	ack += greeting_len;
	segment(b, &host, TS_TCP_ACK | TS_TCP_PSH, ISS + 1, ack, "QU");
	tap_ok(is_tcp(b, TS_TCP_ACK, ISS + 3), "half a command is acknowledged, not answered");
	segment(b, &host, TS_TCP_ACK | TS_TCP_PSH, ISS + 3, ack, "IT\r\n");
	tap_ok(says(b, 0, "221 ") && (b->pkt[0].tcp.flags & TS_TCP_FIN),
		"QUIT is answered, and the connection closed with the same segment");
	ack += b->pkt[0].tcp.payload_len + 1;
	segment(b, &host, TS_TCP_ACK | TS_TCP_FIN, ISS + 7, ack, "");
	tap_ok(is_tcp(b, TS_TCP_ACK, ISS + 8), "a host of the lab acknowledges our FIN");
	b->now_us += 5000000;
	lab_tick(b->lab, b->now_us);
	segment(b, &host, TS_TCP_ACK, ISS + 8, ack, "");
	tap_ok(b->n_out == 1 && b->pkt[0].tcp.flags == TS_TCP_RST && b->pkt[0].tcp.seq == ack,
		"a connection that was forgotten is reset");
}

static void test_full(struct bench *b)
{
	struct ts_addr host = host_of(LAB_SERVICE, false);
	struct lab_config config = {.world = {.seed = SEED},
		.n_conns = 1,
		.n_sessions = 1,
		.emit = emit,
		.emit_ctx = b};
	const char *why;

	lab_free(b->lab);
	b->lab = lab_new(&config, b->now_us, &why);
	segment(b, &host, TS_TCP_SYN, ISS, 0, "");
	tap_eq(b->n_out, 1, "a lab with room for one connection takes the first");
	host = host_of(LAB_SERVICE, true);
	segment(b, &host, TS_TCP_SYN, ISS, 0, "");
	tap_ok(b->n_out == 0 && lab_read_counts(b->lab)->conns_full == 1,
		"a SYN that finds the table full is counted and not answered");
	b->link.dst_mac[5] ^= 1;
	segment(b, &host, TS_TCP_SYN, ISS, 0, "");
	tap_eq((int64_t)lab_read_counts(b->lab)->bad_frames, 1,
		"the lab counts a frame for another MAC address as bad");
	b->link.dst_mac[5] ^= 1;
}

/* A host that hangs up, asked through the buffer its answer takes. */
static void test_exchange(struct bench *b)
{
	struct ts_addr host = parse("198.18.7.7");
	struct lab_config config = {.world = {SEED, LAB_ANSWERING, 0},
		.n_conns = 1,
		.n_sessions = 1,
		.emit = emit,
		.emit_ctx = b};
	struct ts_seg seg = {.src = parse(LAB_SCANNER_V4),
		.dst = host,
		.sport = 40000,
		.dport = 25,
		.seq = ISS,
		.flags = TS_TCP_SYN,
		.mss = 1460};
	uint8_t frame[256];
	struct ts_pkt pkt;
	const char *why;
	uint32_t len;

	lab_free(b->lab);
	b->lab = lab_new(&config, b->now_us, &why);
	len = ts_build_tcp(frame, sizeof(frame), &b->link, &seg);
	len = lab_exchange(b->lab, frame, len, sizeof(frame), b->now_us);
	tap_ok(ts_pkt_parse(frame, len, 0, &pkt) == TS_DROP_NONE &&
			ts_addr_equal(&pkt.src, &host) &&
			pkt.tcp.flags == (TS_TCP_SYN | TS_TCP_ACK) && pkt.tcp.ack == ISS + 1,
		"a host without state and delay answers a SYN in the buffer it came in");
	seg.flags = TS_TCP_ACK;
	seg.mss = 0;
	seg.seq = ISS + 1;
	seg.ack = pkt.tcp.seq + 1;
	len = ts_build_tcp(frame, sizeof(frame), &b->link, &seg);
	len = lab_exchange(b->lab, frame, len, sizeof(frame), b->now_us);
	tap_ok(ts_pkt_parse(frame, len, 0, &pkt) == TS_DROP_NONE && pkt.tcp.flags == TS_TCP_RST &&
			pkt.tcp.seq == seg.ack,
		"a host without state hangs up on the ACK");
	len = lab_exchange(b->lab, frame, len, sizeof(frame), b->now_us);
	b->n_out = 0;
	b->now_us += FRAME_US;
	lab_tick(b->lab, b->now_us);
	tap_ok(len == 0 && b->n_out == 0,
		"an answer in the SYN's buffer does not leave by the wire a second time");
	segment(b, &host, TS_TCP_SYN, ISS, 0, "");
	tap_ok(is_tcp(b, TS_TCP_SYN | TS_TCP_ACK, ISS + 1),
		"without a buffer it answers by the wire");
}

struct gate {
	bool open;
	uint32_t n;
};

static bool through(void *ctx, const uint8_t *frame, uint32_t len)
{
	struct gate *gate = ctx;

	(void)frame;
	(void)len;
	gate->n += gate->open;
	return gate->open;
}

/* The other side takes nothing for a while. */
static void test_no_room(struct bench *b)
{
	struct gate gate = {false, 0};
	struct lab_config config = {.world = {SEED, LAB_ANSWERING, 0},
		.n_conns = 1,
		.n_sessions = 1,
		.emit = through,
		.emit_ctx = &gate};
	struct ts_addr host = parse("198.18.7.7");
	uint32_t n_in = 0;
	const char *why;

	lab_free(b->lab);
	b->lab = lab_new(&config, b->now_us, &why);
	while (n_in < 100000 && lab_has_room(b->lab)) {
		segment(b, &host, TS_TCP_SYN, ISS, 0, "");
		n_in++;
	}
	tap_ok(n_in > LAB_BURST && n_in < 100000,
		"after some answers that nobody takes, here %u, "
		"the lab has no room for more",
		n_in);
	for (uint32_t i = 0; i < LAB_BURST; i++)
		segment(b, &host, TS_TCP_SYN, ISS, 0, "");
	gate.open = true;
	while (lab_tick(b->lab, b->now_us) > 0)
		continue;
	tap_eq(gate.n, n_in + LAB_BURST, "each answer leaves when there is room again");
	tap_eq((int64_t)lab_read_counts(b->lab)->wire_full, 0,
		"no answer was lost while nobody took them");
}

static void test_config(void)
{
	struct lab_config config = {.world = {.seed = SEED}, .n_conns = 0, .n_sessions = 1};
	const char *why = NULL;

	tap_ok(lab_new(&config, 0, &why) == NULL && why != NULL,
		"a lab without connections is refused with a sentence");
}

int main(void)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct lab_config config = {.world = {.seed = SEED},
		.n_conns = 16,
		.n_sessions = 2,
		.emit = emit,
		.emit_ctx = b};
	const char *why = "";

	b->link = (struct ts_link){.src_mac = {2, 0, 0, 0, 0, 9}, .ttl = 64};
	tl_global_init();
	b->lab = lab_new(&config, 0, &why);
	if (tap_ok(b->lab != NULL, "a lab is made%s", why)) {
		test_neighbours(b);
		test_quiet(b, false);
		test_quiet(b, true);
		test_noise(b);
		test_service(b, false);
		test_service(b, true);
		test_full(b);
		test_config();
		test_exchange(b);
		test_no_room(b);
		lab_free(b->lab);
	}
	free(b);
	return tap_done();
}
