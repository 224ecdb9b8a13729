/* SPDX-License-Identifier: BSD-3-Clause */
/* Whose frames a poll core takes, by their link-layer header: a switch that floods, or a port that
 * mirrors, brings those of others. */
#include "rx_rig.h"
#include "tcpstack/packet/build.h"
#include "tcpstack/packet/wire.h"
#include "tests/tap.h"

#define SYNACK (TS_TCP_SYN | TS_TCP_ACK)

static const uint8_t their_mac[6] = {2, 0, 0, 0, 0, 2};

static struct frame to_group(const struct frame *frame, const char *mac)
{
	struct frame f = *frame;

	frame_write(&f, 0, mac);
	return f;
}

static struct frame tagged(const struct frame *frame, uint16_t tci)
{
	struct frame f = *frame;

	memmove(&f.b[16], &frame->b[12], frame->len - 12);
	ts_put16(&f.b[12], TS_ETHERTYPE_VLAN);
	ts_put16(&f.b[14], tci);
	f.len += TS_VLAN_LEN;
	return f;
}

static void test_others(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 3);
	struct frame good = rig_answer(rig, &host, RIG_SERVICE, DP_PROBE_PRIMARY, SYNACK, 1);
	struct frame request = {.len = 0}, f;

	f = to_group(&good, "020000000099");
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_OTHER_MAC)),
		"a frame to another MAC address is dropped and counted");
	f = to_group(&good, "ffffffffffff");
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_OTHER_MAC)),
		"TCP to everyone is dropped and counted");
	f = to_group(&good, "333300000001");
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_OTHER_MAC)),
		"TCP to all nodes is dropped and counted");
	f = tagged(&good, 7);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_OTHER_VLAN)),
		"a frame of a VLAN is dropped and counted where we are untagged");
	f = rig_icmp(rig, &host, RIG_SERVICE, DP_PROBE_PRIMARY, 8);
	f = to_group(&f, "020000000099");
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_OTHER_MAC)),
		"an ICMP error to another MAC address is dropped and counted");
	tap_eq(rig_take_sent(rig), 0, "no frame for others is answered");
	f = tagged(&good, 0xe000);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_VALID, DP_CONNS_OPENED)),
		"a tag of priority alone is as good as none");
	dp_carry_abort_all(&rig->core->rx);
	request.len = ts_build_arp(request.b, sizeof(request.b), their_mac, 0, &host,
		&rig->scan->config.route.source_v4, NULL);
	tap_ok(rig_gives(rig, &request, MOVES(DP_ARP_ANSWERED, DP_REPLIES_SENT)),
		"ARP requests come to everyone");
	f = to_group(&request, "010000000001");
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_OTHER_MAC)),
		"ARP requests to a group that is not ours are dropped");
}

/* A scan in a VLAN, on a port that keeps tags and on one that may take them off. */
static void test_vlan(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 4);
	struct frame bare = rig_answer(rig, &host, RIG_SERVICE, DP_PROBE_PRIMARY, SYNACK, 77), f;

	rig->scan->config.vlan = 7;
	tap_ok(rig_gives(rig, &bare, MOVES(DP_RX_OTHER_VLAN)),
		"in a VLAN a frame without a tag is dropped");
	f = tagged(&bare, 8);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_OTHER_VLAN)),
		"in a VLAN a frame of another VLAN is dropped");
	f = tagged(&bare, 7);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_BAD_COOKIE)),
		"in a VLAN a frame of the same VLAN is taken");
	rig->scan->config.tags_lost = true;
	tap_ok(rig_gives(rig, &bare, MOVES(DP_SYNACK_BAD_COOKIE)),
		"on a port that may have taken the tag off a frame without one is taken");
	f = tagged(&bare, 8);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_OTHER_VLAN)),
		"on a port that may have taken the tag off a frame with another tag is dropped");
	rig->scan->config.tags_lost = false;
	rig->scan->config.vlan = 0;
}

int main(void)
{
	struct rig rig;

	rig_open(&rig);
	test_others(&rig);
	test_vlan(&rig);
	rig_close(&rig);
	return tap_done();
}
