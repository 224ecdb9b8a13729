/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the XDP program takes from the kernel, compiled for this machine. A scan over AF_XDP once
 * took all that its interface received: logins over it were cut off.
 */
#include "tap.h"
#include "dataplane/port/own_frame.h"
#include "tcpstack/packet/build.h"
#include "tests/unit/packet/frames.h"

#define OUR_V4	  "198.18.0.2"
#define OUR_V6	  "fd00::2"
#define KERNEL_V4 "198.18.0.9"
/* Of the same solicited-node group as ours. */
#define KERNEL_V6   "fd00::1:2"
#define PEER_V4	    "198.18.0.1"
#define PEER_V6	    "fd00::1"
#define PORT_FIRST  40000
#define PORT_LAST   40099
#define VLAN	    7
#define N_MUTATIONS 200000

static struct dp_own own = {.port_first = PORT_FIRST, .port_last = PORT_LAST};
static const uint8_t mac[6] = {2, 0, 0, 0, 0, 1}, peer_mac[6] = {2, 0, 0, 0, 0, 9};

DP_OWN_INLINE const struct dp_own *find(const struct dp_own_key *key)
{
	static struct ts_addr ours[2];

	if (ours[0].b[15] == 0) {
		ours[0] = addr(OUR_V4);
		ours[1] = addr(OUR_V6);
	}
	for (int i = 0; i < 2; i++) {
		if (memcmp(ours[i].b, key->addr, sizeof(key->addr)) == 0)
			return &own;
	}
	return NULL;
}

/* Out of a block of exactly the frame's size. */
static bool is_own(const struct frame *f, uint32_t len)
{
	uint8_t *block = malloc(len + (len == 0));
	bool found;

	if (block == NULL)
		abort();
	memcpy(block, f->b, len);
	found = dp_own_frame(block, block + len, find);
	free(block);
	return found;
}

static void taken(const struct frame *f, const char *label)
{
	tap_ok(is_own(f, f->len), "%s is the scan's", label);
	for (uint32_t len = 0; len < f->len; len++)
		is_own(f, len);
}

static void left(const struct frame *f, const char *label)
{
	tap_ok(!is_own(f, f->len), "%s is the kernel's", label);
	for (uint32_t len = 0; len < f->len; len++)
		is_own(f, len);
}

static struct frame tcp(const char *from, const char *to, uint16_t dport, uint16_t vlan)
{
	struct ts_link link = {.vlan = vlan, .ttl = 64};
	struct ts_seg seg = {.src = addr(from),
		.dst = addr(to),
		.sport = 443,
		.dport = dport,
		.flags = TS_TCP_SYN | TS_TCP_ACK,
		.mss = 1460};
	struct frame f = {.len = 0};

	memcpy(link.dst_mac, mac, sizeof(mac));
	f.len = ts_build_tcp(f.b, sizeof(f.b), &link, &seg);
	return f;
}

/* An ICMP message with room for what it says, in an IP packet to an address. */
static struct frame icmp(
	const char *from, const char *to, uint8_t type, const uint8_t *rest, uint32_t n)
{
	struct frame f = tcp(from, to, PORT_FIRST, 0);
	bool v6 = f.b[12] == 0x86;
	uint32_t l4 = TS_ETH_LEN + (v6 ? TS_IP6_LEN : TS_IP4_LEN);

	f.b[TS_ETH_LEN + (v6 ? 6 : 9)] = v6 ? TS_IP_PROTO_ICMP6 : TS_IP_PROTO_ICMP;
	memset(&f.b[l4], 0, TS_ICMP_LEN);
	f.b[l4] = type;
	memcpy(&f.b[l4 + TS_ICMP_LEN], rest, n);
	f.len = l4 + TS_ICMP_LEN + n;
	ts_put16(&f.b[TS_ETH_LEN + (v6 ? 4 : 2)], (uint16_t)(f.len - (v6 ? l4 : TS_ETH_LEN)));
	frame_mend(&f);
	return f;
}

/* An error about a segment from an address and a port. */
static struct frame error(const char *to, uint8_t type, const char *quoted, uint16_t sport)
{
	bool v6 = strchr(to, ':') != NULL;
	struct frame inner = tcp(quoted, v6 ? PEER_V6 : PEER_V4, 443, 0);

	ts_put16(&inner.b[TS_ETH_LEN + (v6 ? TS_IP6_LEN : TS_IP4_LEN)], sport);
	return icmp(v6 ? PEER_V6 : PEER_V4, to, type, &inner.b[TS_ETH_LEN],
		inner.len - TS_ETH_LEN - TS_TCPOPT_MSS_LEN);
}

static void test_tcp(const char *ours, const char *kernels, const char *peer)
{
	struct frame f = tcp(peer, ours, PORT_FIRST, 0);

	tap_about("TCP to %s", ours);
	taken(&f, "a segment to the first port");
	f = tcp(peer, ours, PORT_LAST, 0);
	taken(&f, "a segment to the last port");
	f = tcp(peer, ours, PORT_FIRST - 1, 0);
	left(&f, "a segment to the port before");
	f = tcp(peer, ours, PORT_LAST + 1, 0);
	left(&f, "a segment to the port behind");
	f = tcp(peer, kernels, PORT_FIRST, 0);
	left(&f, "a segment to the kernel's address");
	f = tcp(ours, kernels, PORT_FIRST, 0);
	left(&f, "a segment from our address to the kernel's");
	f = tcp(peer, ours, PORT_FIRST, 0);
	f.b[TS_ETH_LEN + (strchr(ours, ':') != NULL ? 6 : 9)] = 17;
	left(&f, "a datagram of UDP");
	tap_about(NULL);
}

static void test_ip4_header(void)
{
	struct frame f = tcp(PEER_V4, OUR_V4, PORT_FIRST, 0);
	uint32_t l4 = TS_ETH_LEN + TS_IP4_LEN;

	f.b[TS_ETH_LEN + 6] = 0x20;
	taken(&f, "the first fragment of a segment");
	f.b[TS_ETH_LEN + 7] = 1;
	left(&f, "a later fragment");
	f = tcp(PEER_V4, OUR_V4, PORT_FIRST, 0);
	memmove(&f.b[l4 + 40], &f.b[l4], f.len - l4);
	memset(&f.b[l4], 1, 40);
	f.b[TS_ETH_LEN] = 0x4f;
	f.len += 40;
	taken(&f, "a segment behind 40 bytes of IP options");
	f.b[TS_ETH_LEN] = 0x44;
	left(&f, "a segment with a header shorter than a header");
}

static void test_vlan(void)
{
	struct frame f = tcp(PEER_V4, OUR_V4, PORT_FIRST, VLAN);

	tap_about("a scan without a VLAN");
	left(&f, "a segment with a tag");
	f.b[TS_ETH_LEN + 1] = 0;
	taken(&f, "a segment with a priority tag");
	own.vlan = VLAN;
	tap_about("a scan in a VLAN");
	f = tcp(PEER_V4, OUR_V4, PORT_FIRST, VLAN);
	taken(&f, "a segment with its tag");
	f = tcp(PEER_V6, OUR_V6, PORT_FIRST, VLAN);
	taken(&f, "a segment of IPv6 with its tag");
	f = tcp(PEER_V4, OUR_V4, PORT_FIRST, VLAN + 1);
	left(&f, "a segment with another tag");
	f = tcp(PEER_V4, OUR_V4, PORT_FIRST, 0);
	taken(&f, "a segment whose tag the driver has taken off");
	own.vlan = 0;
	tap_about(NULL);
}

static void test_icmp(const char *ours, const char *kernels, const char *peer,
	const uint8_t *errors, uint8_t request)
{
	struct frame f;

	tap_about("ICMP to %s", ours);
	for (uint32_t i = 0; errors[i] != 0; i++) {
		char label[64];

		snprintf(label, sizeof(label), "an error of type %u about our segment", errors[i]);
		f = error(ours, errors[i], ours, PORT_LAST);
		taken(&f, label);
	}
	f = error(ours, errors[0], ours, PORT_LAST + 1);
	left(&f, "an error about another port");
	f = error(ours, errors[0], kernels, PORT_LAST);
	left(&f, "an error about the kernel's segment");
	f = error(kernels, errors[0], kernels, PORT_LAST);
	left(&f, "an error to the kernel about its segment");
	f = icmp(peer, ours, request, peer_mac, 6);
	taken(&f, "a ping");
	f = icmp(peer, ours, request == 8 ? 0 : (uint8_t)(request + 1), peer_mac, 6);
	left(&f, "the answer to a ping");
	f = icmp(peer, kernels, request, peer_mac, 6);
	left(&f, "a ping to the kernel");
	tap_about(NULL);
}

static struct frame arp(const char *sender, const char *target, bool reply)
{
	struct ts_addr from = addr(sender), to = addr(target);
	struct frame f = {.len = 0};

	f.len = ts_build_arp(f.b, sizeof(f.b), peer_mac, 0, &from, &to, reply ? mac : NULL);
	return f;
}

static void test_arp(void)
{
	struct frame f = arp(PEER_V4, OUR_V4, false);

	taken(&f, "an ARP request for our address");
	f = arp(PEER_V4, OUR_V4, true);
	taken(&f, "an ARP reply to us");
	f = arp(OUR_V4, PEER_V4, true);
	taken(&f, "an ARP reply of another host that has our address");
	f = arp(PEER_V4, KERNEL_V4, false);
	left(&f, "an ARP request for the kernel's address");
	f = arp(PEER_V4, KERNEL_V4, true);
	left(&f, "an ARP reply to the kernel");
	f = arp(PEER_V4, PEER_V4, true);
	left(&f, "what a neighbour says of itself by ARP");
}

static void test_nd(void)
{
	struct ts_addr peer = addr(PEER_V6), ours = addr(OUR_V6), kernels = addr(KERNEL_V6);
	struct ts_link link = {.ttl = 255};
	struct frame f = {.len = 0};
	uint8_t all_nodes[16] = {0xff, 2, [15] = 1};

	f.len = ts_build_nd_solicit(f.b, sizeof(f.b), peer_mac, 0, &peer, &ours);
	taken(&f, "a neighbour solicitation to the group of our address, for it");
	f.len = ts_build_nd_solicit(f.b, sizeof(f.b), peer_mac, 0, &peer, &kernels);
	left(&f, "a neighbour solicitation to the same group for the kernel's address");
	f.len = ts_build_nd_poll(f.b, sizeof(f.b), &link, &peer, &ours);
	taken(&f, "a neighbour solicitation to our address alone");
	f.len = ts_build_nd_advert(f.b, sizeof(f.b), &link, &peer, &ours);
	taken(&f, "a neighbour advertisement to us");
	f.len = ts_build_nd_advert(f.b, sizeof(f.b), &link, &peer, &kernels);
	left(&f, "a neighbour advertisement to the kernel");
	memcpy(&f.b[TS_ETH_LEN + 24], all_nodes, 16);
	left(&f, "what a neighbour advertises of itself to all");
	f.len = ts_build_nd_advert(f.b, sizeof(f.b), &link, &ours, &peer);
	memcpy(&f.b[TS_ETH_LEN + 24], all_nodes, 16);
	taken(&f, "an advertisement of our address to all by another host");
	f.b[TS_ETH_LEN + TS_IP6_LEN] = 134;
	left(&f, "a router advertisement");
}

static bool has_port(uint16_t port)
{
	return port >= PORT_FIRST && port <= PORT_LAST;
}

/* Would the receive path use it? Its own rules for each kind. */
static bool wanted(const struct ts_pkt *pkt)
{
	struct ts_addr v4 = addr(OUR_V4), v6 = addr(OUR_V6);
	bool to_us = ts_addr_equal(&pkt->dst, &v4) || ts_addr_equal(&pkt->dst, &v6);

	if (pkt->vlan != 0)
		return false;
	switch (pkt->kind) {
	case TS_PKT_TCP:
		return to_us && has_port(pkt->tcp.dport);
	case TS_PKT_ICMP_ERROR:
		return to_us && has_port(pkt->icmp.quote_sport);
	case TS_PKT_ND_SOLICIT:
		return ts_addr_equal(&pkt->nd.target, &v6);
	case TS_PKT_ECHO_REQUEST:
	case TS_PKT_ARP_REQUEST:
	case TS_PKT_ARP_REPLY:
	case TS_PKT_ND_ADVERT:
		return to_us;
	}
	return false;
}

/* Frames of each kind with some bytes changed: whatever the receive path would use comes to it. */
static void test_agrees(void)
{
	static const uint8_t any[8];
	struct frame bases[] = {tcp(PEER_V4, OUR_V4, PORT_LAST, 0),
		tcp(PEER_V6, OUR_V6, PORT_LAST, 0), error(OUR_V4, 3, OUR_V4, PORT_LAST),
		error(OUR_V6, 1, OUR_V6, PORT_LAST), icmp(PEER_V4, OUR_V4, 8, any, 8),
		icmp(PEER_V6, OUR_V6, 128, any, 8), arp(PEER_V4, OUR_V4, false),
		arp(PEER_V4, OUR_V4, true)};
	uint64_t seed = 1;
	uint32_t n_wanted = 0, n_missed = 0;

	for (uint32_t i = 0; i < N_MUTATIONS; i++) {
		struct frame f = bases[rnd(&seed) % (sizeof(bases) / sizeof(bases[0]))];
		struct parsed p;
		bool want;

		for (uint64_t n = rnd(&seed) % 3; n > 0; n--)
			f.b[rnd(&seed) % f.len] ^= (uint8_t)(1u << rnd(&seed) % 8);
		if (f.b[12] != TS_ETHERTYPE_ARP >> 8 || f.b[13] != (TS_ETHERTYPE_ARP & 0xff))
			frame_mend(&f);
		p = frame_parse(f.b, f.len, 0, &seed);
		want = p.drop == TS_DROP_NONE && wanted(&p.pkt);
		n_wanted += want;
		n_missed += want && !is_own(&f, f.len);
		free(p.block);
	}
	tap_eq(n_missed, 0, "no frame that the receive path would use is left to the kernel");
	tap_ok(n_wanted > N_MUTATIONS / 4, "many of the changed frames are still of use");
}

int main(void)
{
	static const uint8_t errors_v4[] = {3, 4, 5, 11, 12, 0}, errors_v6[] = {1, 2, 3, 4, 0};

	test_tcp(OUR_V4, KERNEL_V4, PEER_V4);
	test_tcp(OUR_V6, KERNEL_V6, PEER_V6);
	test_ip4_header();
	test_vlan();
	test_icmp(OUR_V4, KERNEL_V4, PEER_V4, errors_v4, 8);
	test_icmp(OUR_V6, KERNEL_V6, PEER_V6, errors_v6, 128);
	test_arp();
	test_nd();
	test_agrees();
	return tap_done();
}
