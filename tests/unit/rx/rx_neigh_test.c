/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which answers about neighbours a poll core takes. Whoever could send a frame used to be able to
 * move the gateway.
 */
#include "rx_rig.h"
#include "tcpstack/packet/build.h"
#include "tcpstack/packet/wire.h"
#include "tests/tap.h"

#define SYNACK (TS_TCP_SYN | TS_TCP_ACK)

static const uint8_t their_mac[6] = {2, 0, 0, 0, 0, 2}, liar_mac[6] = {2, 0, 0, 0, 0, 6};
static const uint8_t vrrp_mac[6] = {0, 0, 0x5e, 0, 1, 9};

static struct frame arp_reply(const struct rig *rig, const struct ts_addr *of, const uint8_t mac[6])
{
	struct frame f;

	f.len = ts_build_arp(
		f.b, sizeof(f.b), mac, 0, of, &rig->scan->config.route.source_v4, rig->port.mac);
	return f;
}

static struct frame advert(const struct rig *rig, const struct ts_addr *of, const uint8_t mac[6])
{
	struct ts_link link = {.ttl = 255};
	struct frame f;

	memcpy(link.dst_mac, rig->port.mac, 6);
	memcpy(link.src_mac, mac, 6);
	f.len = ts_build_nd_advert(f.b, sizeof(f.b), &link, of, &rig->scan->config.route.source_v6);
	return f;
}

static void ask(struct rig *rig, const struct ts_addr *host)
{
	dp_asked_note(rig->scan->asked, host, rig->poll->now_us);
}

/* Answers that wait for control. */
static uint32_t n_told(struct rig *rig)
{
	struct dp_neigh_update s;
	uint32_t n = 0;

	while (rte_ring_sc_dequeue_elem(rig->scan->to_control[0], &s, sizeof(s)) == 0)
		n++;
	return n;
}

static void test_arp(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 0);
	struct frame good = arp_reply(rig, &host, their_mac), lie = arp_reply(rig, &host, liar_mac),
		     f;

	tap_ok(rig_gives(rig, &good, MOVES(DP_NEIGHBOUR_UNASKED)),
		"an ARP answer to no question is counted as unasked");
	f = good;
	memset(f.b, 0xff, 6);
	ask(rig, &host);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NEIGHBOUR_UNASKED)),
		"an ARP answer to the broadcast address is counted as unasked");
	f = good;
	f.b[TS_ETH_LEN + 27] ^= 1;
	ask(rig, &host);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NEIGHBOUR_UNASKED)),
		"ARP: an answer to somebody else's address");
	f = good;
	f.b[11] ^= 1;
	ask(rig, &host);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NEIGHBOUR_REFUSED)),
		"ARP: a sender that is not where the frame comes from");
	tap_eq(n_told(rig), 0, "control hears of no ARP answer that was not asked for");
	tap_ok(rig_gives(rig, &good, MOVES(DP_N_COUNTER)) && n_told(rig) == 1,
		"ARP: the answer to our question is taken");
	tap_ok(rig_gives(rig, &good, MOVES(DP_NEIGHBOUR_REPEATED)) && n_told(rig) == 0,
		"ARP: the answer to our question is taken once");
	ask(rig, &host);
	rig_gives(rig, &good, MOVES(DP_N_COUNTER));
	tap_ok(rig_gives(rig, &lie, MOVES(DP_NEIGHBOUR_CLAIMS)),
		"ARP: an answer from another address to the same question is a claim");
	tap_eq(n_told(rig), 2, "ARP: control hears of the claim");
	ask(rig, &host);
	f = arp_reply(rig, &host, vrrp_mac);
	f.b[6] = 2;
	tap_ok(rig_gives(rig, &f, MOVES(DP_N_COUNTER)) && n_told(rig) == 1,
		"ARP: routers of a group may answer from their own address for the shared one");
}

static void test_advert(struct rig *rig)
{
	struct frame good, f;
	struct ts_addr host;

	ts_addr_parse("fe80::1", &host);
	good = advert(rig, &host, their_mac);
	tap_ok(rig_gives(rig, &good, MOVES(DP_NEIGHBOUR_UNASKED)),
		"a neighbour advertisement to no question is counted as unasked");
	ask(rig, &host);
	f = good;
	f.b[TS_ETH_LEN + TS_IP6_LEN + 4] &= (uint8_t)~TS_ND_ADVERT_SOLICITED;
	frame_mend(&f);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NEIGHBOUR_UNASKED)),
		"ND: an answer that is none by its own word");
	ask(rig, &host);
	f = good;
	memcpy(f.b, "\x33\x33\0\0\0\1", 6);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NEIGHBOUR_UNASKED)),
		"a neighbour advertisement to all nodes is counted as unasked");
	ask(rig, &host);
	f = good;
	f.b[11] ^= 1;
	tap_ok(rig_gives(rig, &f, MOVES(DP_NEIGHBOUR_REFUSED)),
		"ND: a link-layer address that is not where the frame comes from");
	ask(rig, &host);
	f = good;
	f.b[TS_ETH_LEN + TS_IP6_LEN + TS_ND_LEN] = 14;
	frame_mend(&f);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NEIGHBOUR_REFUSED)),
		"ND: an answer without a link-layer address is not taken");
	ask(rig, &host);
	tap_ok(n_told(rig) == 0 && rig_gives(rig, &good, MOVES(DP_N_COUNTER)) && n_told(rig) == 1,
		"ND: the answer to our question is taken, and none of the others was");
}

/* Who floods us with answers leaves the table as it is. */
static void test_flood(struct rig *rig)
{
	uint64_t before = rig_counted(rig, 0, DP_NEIGHBOUR_UNASKED);

	for (uint32_t i = 0; i < 20000; i++) {
		struct ts_addr host = ts_addr_from_v4(rte_cpu_to_be_32(UINT32_C(0xc6130000) + i));
		struct frame f = arp_reply(rig, &host, liar_mac);

		rig_put(rig, &f);
		dp_rx_poll(&rig->core->rx);
	}
	tap_eq(rig_counted(rig, 0, DP_NEIGHBOUR_UNASKED) - before, 20000,
		"20,000 answers to no question are counted");
	tap_eq(n_told(rig), 0, "control hears of none of 20,000 answers to no question");
}

/* Control takes answers from a ring; what it has no room for is counted. */
static void test_full_ring(struct rig *rig)
{
	uint32_t n_ring = rte_ring_free_count(rig->scan->to_control[0]);

	for (uint32_t i = 0; i <= n_ring; i++) {
		struct ts_addr host = ts_addr_from_v4(i);
		struct frame f = arp_reply(rig, &host, their_mac);

		f.b[TS_ETH_LEN + 14] = 198;
		memcpy(&host.b[12], &f.b[TS_ETH_LEN + 14], 4);
		ask(rig, &host);
		rig_put(rig, &f);
		dp_rx_poll(&rig->core->rx);
	}
	tap_eq(rig_counted(rig, 0, DP_NEIGH_UPDATES_LOST), 1,
		"what control has no room for is counted");
	tap_eq(n_told(rig), n_ring, "control is told of all answers that it has room for");
}

/* From another address than the one that frames to the host go to: routers of a group do that. */
static void test_source(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 5);
	struct frame f = rig_answer(rig, &host, RIG_SERVICE, DP_PROBE_PRIMARY, SYNACK, 1);
	struct dp_live live = *rig->poll->live;
	struct dp_neigh_entry entry = {.addr = host};
	struct rte_mbuf *sent = NULL;

	memcpy(entry.mac, their_mac, 6);
	dp_neigh_put(&live.neigh, &entry);
	rig->poll->live = &live;
	memcpy(&f.b[6], liar_mac, 6);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_VALID, DP_CONNS_OPENED)),
		"an answer is taken from whatever link-layer address");
	dp_txq_flush(rig->poll->tx);
	tap_ok(rte_ring_sc_dequeue(rig->rings.to_lab[0], (void **)&sent) == 0 &&
			memcmp(rte_pktmbuf_mtod(sent, uint8_t *), their_mac, 6) == 0,
		"a host whose answer has another link-layer address is answered at the next hop "
		"that we know");
	rte_pktmbuf_free(sent);
	dp_carry_abort_all(&rig->core->rx);
	rig->poll->live = dp_live_get(&rig->scan->live);
}

int main(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.scan->config.route.has_v6 = true;
	ts_addr_parse("fd00::2", &rig.scan->config.route.source_v6);
	test_arp(&rig);
	test_advert(&rig);
	test_flood(&rig);
	test_full_ring(&rig);
	test_source(&rig);
	rig_close(&rig);
	return tap_done();
}
