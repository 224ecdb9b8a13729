/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What strangers repeat without end. Each answer was charged before probes, or to nobody: ARP
 * replies and the ACKs for what a connection's peer repeats had no limit at all, and a SYN-ACK
 * that was repeated to a live connection was no duplicate.
 */
#include "rx_rig.h"
#include "tcpstack/packet/build.h"
#include "tcpstack/packet/wire.h"
#include "tests/tap.h"

#define SYNACK	(TS_TCP_SYN | TS_TCP_ACK)
#define N_FLOOD 200
#define BURST	8  /* of one part of the budget */
#define FREE	16 /* ACKs of a connection in a row, for nothing new */
#define TCP_AT	(TS_ETH_LEN + TS_IP4_LEN)

static const uint8_t gateway_mac[6] = {2, 0, 0, 0, 0, 2}, stranger_mac[6] = {2, 0, 0, 0, 0, 7};
static struct dp_live live;

static struct frame arp_request(const struct rig *rig, const char *from, const uint8_t mac[6])
{
	struct ts_addr sender;
	struct frame f;

	ts_addr_parse(from, &sender);
	f.len = ts_build_arp(
		f.b, sizeof(f.b), mac, 0, &sender, &rig->scan->config.route.source_v4, NULL);
	return f;
}

/* Frames that leave for a flood of copies at one moment. */
static uint32_t answers(struct rig *rig, const struct frame *f)
{
	rig_take_sent(rig);
	rig_takes_of(rig, f, N_FLOOD);
	return rig_take_sent(rig);
}

/* The scan is slow, so that no part is refilled while the test runs. */
static void start(struct rig *rig)
{
	struct dp_route *route = &rig->scan->config.route;
	struct dp_neigh_entry gateway = {.gateway = true};

	ts_addr_parse("198.19.0.1", &route->gateway_v4);
	route->has_gateway_v4 = true;
	gateway.addr = route->gateway_v4;
	memcpy(gateway.mac, gateway_mac, sizeof(gateway.mac));
	live = *dp_live_get(&rig->scan->live);
	dp_neigh_put(&live.neigh, &gateway);
	live.rate_pps = 0.5;
	rig->poll->live = &live;
	rig->poll->now_us = 1000000;
	dp_prober_run(&rig->core->prober, dp_poll_core_busy(rig->core));
	rig_take_sent(rig);
}

static void test_arp(struct rig *rig)
{
	struct frame f = arp_request(rig, "198.19.0.9", stranger_mac);

	tap_eq(answers(rig, &f), BURST,
		"of a flood of ARP requests from one host, one burst is answered");
	tap_eq((int64_t)rig_counted(rig, 0, DP_ARP_SUPPRESSED), N_FLOOD - BURST,
		"ARP requests beyond the budget are counted");
	f = arp_request(rig, "198.19.0.1", stranger_mac);
	tap_eq(answers(rig, &f), 0,
		"ARP requests with the gateway's address and another MAC address have the budget "
		"of other hosts");
	f = arp_request(rig, "198.19.0.1", gateway_mac);
	tap_eq(answers(rig, &f), BURST, "ARP requests of the gateway have a budget of their own");
}

static void test_echo(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 0);
	struct frame f = rig_icmp(rig, &host, RIG_SERVICE, DP_PROBE_PRIMARY, 8);

	f.b[TCP_AT] = TS_ICMP4_ECHO_REQUEST;
	f.b[TCP_AT + 1] = 0;
	frame_mend(&f);
	tap_eq(answers(rig, &f), BURST, "pings: so many are answered, whatever ARP has used up");
	tap_eq((int64_t)rig_counted(rig, 0, DP_ECHO_SUPPRESSED), N_FLOOD - BURST,
		"pings beyond the budget are counted");
}

/* One turn for each, so that ACKs are not paid together. @return ACKs sent */
static uint32_t repeat(struct rig *rig, const struct frame *f)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < N_FLOOD; i++) {
		rig_takes_of(rig, f, 1);
		dp_flow_flush_acks(&rig->core->rx.flows, rig->poll->now_us);
		dp_carry_out(&rig->core->rx);
		n += rig_take_sent(rig);
	}
	return n;
}

static void test_connection(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 1), other = rig_host(rig, 2);
	struct frame f = rig_answer(rig, &host, RIG_SERVICE, DP_PROBE_PRIMARY, SYNACK, 1);

	rig_takes_of(rig, &f, 1);
	rig_take_sent(rig);
	tap_eq(repeat(rig, &f), FREE + BURST,
		"a SYN-ACK repeated to a live connection gets the connection's ACKs, then those of "
		"the budget");
	tap_eq((int64_t)rig_counted(rig, 0, DP_ACK_SUPPRESSED), N_FLOOD - FREE - BURST,
		"repeated SYN-ACKs beyond the budget are counted");
	tap_eq((int64_t)rig_counted(rig, 0, DP_SYNACK_DUPLICATE), N_FLOOD,
		"each repeated SYN-ACK of a flood is a duplicate");
	f = rig_answer(rig, &other, RIG_SERVICE, DP_PROBE_PRIMARY, SYNACK, 1);
	rig_takes_of(rig, &f, 1);
	rig_take_sent(rig);
	tap_eq(repeat(rig, &f), FREE, "another connection has ACKs of its own");
	f = rig_answer(rig, &host, RIG_SERVICE, DP_PROBE_PRIMARY, SYNACK, 2);
	rig_takes_of(rig, &f, 1);
	tap_eq((int64_t)rig_counted(rig, 0, DP_SYNACK_DUPLICATE), 2 * N_FLOOD,
		"a SYN-ACK for something else is none");
	f = rig_answer(rig, &host, RIG_SERVICE, DP_PROBE_PRIMARY, SYNACK, 1);
	dp_carry_abort_all(&rig->core->rx);
	rig_take_sent(rig);
	tap_eq(repeat(rig, &f), 0, "after the connection: the budget is one for all TCP");
}

int main(void)
{
	struct rig rig;

	rig_open(&rig);
	start(&rig);
	test_arp(&rig);
	test_echo(&rig);
	test_connection(&rig);
	rig_close(&rig);
	return tap_done();
}
