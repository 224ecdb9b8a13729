/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Answers to probes that are no hits by themselves - the loss estimate's second probe, canaries and
 * decoys - and what comes from addresses excluded while the scan runs.
 */
#include "dataplane/targets/ranges.h"
#include "rx_rig.h"
#include "tcpstack/packet/build.h"
#include "tcpstack/packet/wire.h"
#include "tests/tap.h"

#define SYNACK (TS_TCP_SYN | TS_TCP_ACK)
#define RSTACK (TS_TCP_RST | TS_TCP_ACK)

static struct frame service_answer(
	const struct rig *rig, const struct ts_addr *host, enum dp_probe_kind kind, uint8_t flags)
{
	return rig_answer(rig, host, RIG_SERVICE, kind, flags, 1);
}

static struct frame decoy_answer(const struct rig *rig, const struct ts_addr *host,
	enum dp_probe_kind kind, uint32_t n, uint8_t flags)
{
	return rig_answer(
		rig, host, dp_probe_id_decoy_port(&rig->poll->probe_id, host, n), kind, flags, 1);
}

/* A sampled target counts once for each of its two probes, whichever answer comes first. (When the
 * second probe is still to come: loss_test.c.) */
static void test_sample(struct rig *rig)
{
	struct ts_addr host = rig_sampled_host(rig, 0), other = rig_sampled_host(rig, 1);
	struct ts_addr plain = rig_host(rig, 0);
	struct frame f;

	/* The pass of second probes has been through. */
	rig->core->work.loss.n_second = rig->core->prober.n_positions;
	f = service_answer(rig, &host, DP_PROBE_PRIMARY, SYNACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_VALID, DP_CONNS_OPENED, DP_SAMPLE_FIRST)),
		"a sampled target's SYN-ACK counts for its first probe");
	dp_carry_abort_all(&rig->core->rx);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_DUPLICATE, DP_REPLIES_SENT, DP_RST_SENT)),
		"the duplicate of a sampled target's SYN-ACK does not count again");
	f = service_answer(rig, &host, DP_PROBE_SECOND, SYNACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SAMPLE_SECOND, DP_SAMPLE_BOTH, DP_RST_SENT)),
		"the SYN-ACK of a sampled target's second probe opens no connection and is reset");
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_DUPLICATE, DP_REPLIES_SENT, DP_RST_SENT)),
		"the duplicate of a second probe's SYN-ACK does not count again");
	f = rig_icmp(rig, &host, RIG_SERVICE, DP_PROBE_SECOND, 8);
	tap_ok(rig_gives(rig, &f, MOVES(DP_ICMP_SIDE_PROBE)),
		"an ICMP error about a second probe counts as its answer");

	f = service_answer(rig, &other, DP_PROBE_SECOND, RSTACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SAMPLE_SECOND)), "a second probe's RST may come first");
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_DUPLICATE)),
		"the duplicate of an ICMP error about a second probe does not count again");
	f = service_answer(rig, &other, DP_PROBE_PRIMARY, RSTACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_VALID, DP_RECORDS, DP_SAMPLE_FIRST, DP_SAMPLE_BOTH)),
		"the RST of the first probe after that of the second counts for both");

	f = service_answer(rig, &plain, DP_PROBE_PRIMARY, RSTACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_VALID, DP_RECORDS)),
		"a target outside the sample counts for nothing");
	f = rig_answer(rig, &plain, RIG_SERVICE, DP_PROBE_SECOND, SYNACK, 2);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_BAD_COOKIE)),
		"a second probe's SYN-ACK with a wrong number counts for nothing");
	f = service_answer(rig, &plain, DP_PROBE_CANARY, SYNACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_BAD_COOKIE)),
		"a canary's SYN-ACK from a service's port counts for nothing");
}

static void test_canary(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 10), other = rig_host(rig, 11);
	struct frame f;

	f = decoy_answer(rig, &host, DP_PROBE_CANARY, RIG_CANARY, SYNACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_CANARY_SYNACK, DP_RST_SENT)),
		"a canary's SYN-ACK is reset");
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_DUPLICATE, DP_REPLIES_SENT, DP_RST_SENT)),
		"the duplicate of a canary's SYN-ACK does not count again");
	f = decoy_answer(rig, &other, DP_PROBE_CANARY, RIG_CANARY, RSTACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_CANARY_RST)), "a canary's RST counts as its answer");
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_DUPLICATE)),
		"the duplicate of a canary's RST does not count again");
	f = rig_icmp(rig, &host, dp_probe_id_decoy_port(&rig->poll->probe_id, &host, RIG_CANARY),
		DP_PROBE_CANARY, 8);
	tap_ok(rig_gives(rig, &f, MOVES(DP_ICMP_SIDE_PROBE)),
		"an ICMP error about a canary counts as its answer");
	f = decoy_answer(rig, &host, DP_PROBE_CANARY, 0, SYNACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NO_CONNECTION)),
		"a canary's SYN-ACK from another decoy port counts for nothing");
	f = decoy_answer(rig, &host, DP_PROBE_PRIMARY, RIG_CANARY, SYNACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NO_CONNECTION)),
		"a first probe's SYN-ACK from the canary's port counts for nothing");
	f = decoy_answer(rig, &host, DP_PROBE_CANARY, RIG_CANARY, TS_TCP_ACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NO_CONNECTION)),
		"a late segment of a canary counts for nothing");
}

static void test_decoys(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 20);
	struct frame f;

	for (uint32_t n = 0; n < RIG_DECOYS; n++) {
		f = decoy_answer(rig, &host, DP_PROBE_DECOY, n, SYNACK);
		tap_ok(rig_gives(rig, &f, MOVES(DP_DECOY_SYNACK, DP_RST_SENT)),
			"each decoy port's SYN-ACK counts");
		tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_DUPLICATE, DP_REPLIES_SENT, DP_RST_SENT)),
			"each decoy port's SYN-ACK counts once");
		tap_ok(dp_dedup_has(&rig->poll->dedup, DP_DEDUP_DECOY, &host, (uint16_t)n),
			"each decoy port's answer is remembered by its number");
	}
	f = decoy_answer(rig, &host, DP_PROBE_DECOY, RIG_DECOYS, SYNACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NO_CONNECTION)),
		"an answer from a decoy port beyond the number asked counts for nothing");
	host = rig_host(rig, 21);
	f = decoy_answer(rig, &host, DP_PROBE_DECOY, 1, RSTACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_DECOY_RST)), "a decoy port's RST counts as an answer");
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_DUPLICATE)),
		"the duplicate of a decoy port's RST does not count again");
}

static struct frame ping(const struct rig *rig, const struct ts_addr *host)
{
	struct frame f = rig_icmp(rig, host, RIG_SERVICE, DP_PROBE_PRIMARY, 8);

	f.b[TS_ETH_LEN + TS_IP4_LEN] = TS_ICMP4_ECHO_REQUEST;
	f.b[TS_ETH_LEN + TS_IP4_LEN + 1] = 0;
	frame_mend(&f);
	return f;
}

/* Whom control excludes in the middle of the scan hears nothing more, ARP apart. */
static void test_excluded(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 30), talking = rig_host(rig, 31);
	struct ts_addr free_host = rig_host(rig, 60);
	struct dp_ranges excluded = {0};
	struct dp_live live = *rig->poll->live;
	struct dp_record record;
	struct frame f, arp = {.len = 0};
	dp_u128 first = dp_number_from_addr(&host);

	while (rig_record(rig, &record))
		;
	f = service_answer(rig, &talking, DP_PROBE_PRIMARY, SYNACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_VALID, DP_CONNS_OPENED)),
		"a host that is excluded has a connection from before");
	rig_take_sent(rig);
	dp_ranges_push(&excluded, (struct dp_range){first, dp_number_from_addr(&talking)});
	dp_ranges_normalize(&excluded);
	live.excluded = &excluded;
	rig->poll->live = &live;

	f = service_answer(rig, &host, DP_PROBE_PRIMARY, SYNACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_EXCLUDED)),
		"excluded: a SYN-ACK is dropped and counted");
	f = service_answer(rig, &host, DP_PROBE_PRIMARY, RSTACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_EXCLUDED)), "excluded: a RST is dropped and counted");
	f = service_answer(rig, &host, DP_PROBE_PRIMARY, TS_TCP_ACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_EXCLUDED)),
		"excluded: a late segment is dropped and counted");
	f = service_answer(rig, &host, DP_PROBE_SECOND, SYNACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_EXCLUDED)),
		"excluded: the SYN-ACK of a second probe is dropped and counted");
	f = rig_icmp(rig, &host, RIG_SERVICE, DP_PROBE_PRIMARY, 8);
	f.b[TS_ETH_LEN + 15] = 254;
	frame_mend(&f);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_EXCLUDED)),
		"excluded: an ICMP error about the target is dropped and counted");
	f = ping(rig, &host);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_EXCLUDED)),
		"excluded: a ping is dropped and counted");
	tap_eq(rig_take_sent(rig), 0, "no frame of an excluded address is answered");
	tap_ok(!rig_record(rig, &record), "no frame of an excluded address leaves a record");

	arp.len = ts_build_arp(arp.b, sizeof(arp.b), rig->port.mac, 0, &host,
		&rig->scan->config.route.source_v4, NULL);
	tap_ok(rig_gives(rig, &arp, MOVES(DP_REPLIES_SENT, DP_ARP_ANSWERED)),
		"excluded: ARP is answered");
	f = ping(rig, &free_host);
	tap_ok(rig_gives(rig, &f, MOVES(DP_REPLIES_SENT, DP_ECHO_ANSWERED)),
		"pings of hosts that are not excluded are answered");
	f = service_answer(rig, &talking, DP_PROBE_PRIMARY, TS_TCP_ACK);
	tap_ok(rig_gives(rig, &f, MOVES(DP_N_COUNTER)),
		"excluded: segments of a connection reach it until it is reset");
	rig->poll->live = dp_live_get(&rig->scan->live);
	dp_carry_abort_all(&rig->core->rx);
	dp_ranges_free(&excluded);
}

/* When the writer does not keep up, frames wait in the device's ring and no verdict is lost. */
static void test_full_writer(struct rig *rig)
{
	uint32_t n_ring = rte_ring_free_count(rig->scan->to_writer[0]);
	struct ts_addr host = rig_host(rig, 70);
	struct frame f = service_answer(rig, &host, DP_PROBE_PRIMARY, RSTACK);
	struct dp_record record = {0};
	struct rte_mbuf *m = rte_pktmbuf_alloc(rig->port.mbufs);

	memcpy(rte_pktmbuf_append(m, (uint16_t)f.len), f.b, f.len);
	while (rte_ring_sp_enqueue_elem(rig->scan->to_writer[0], &record, sizeof(record)) == 0)
		;
	rte_ring_sp_enqueue(rig->rings.from_lab[0], m);
	tap_eq(dp_rx_poll(&rig->core->rx), 0, "no frame is taken while the writer's ring is full");
	while (n_ring-- > 0)
		dp_scan_next_record(rig->scan, &record);
	tap_eq(dp_rx_poll(&rig->core->rx), 1, "frames are taken when the writer's ring has room");
	tap_ok(rig_record(rig, &record) && ts_addr_equal(&record.addr, &host),
		"the verdict of a frame that waited reaches the writer");
}

/* Answers come faster than probes leave: all that wait are taken first, and a flood has its
 * limit. */
static void test_backlog(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 9);
	struct frame noise = rig_answer(
		rig, &host, RIG_SERVICE, DP_PROBE_PRIMARY, TS_TCP_SYN | TS_TCP_ACK, 77);

	tap_eq(rig_takes_of(rig, &noise, DP_RX_BUDGET - 1), DP_RX_BUDGET - 1,
		"one turn takes all frames that wait if they are fewer than its budget");
	tap_eq(rig_takes_of(rig, &noise, DP_RX_BUDGET + 5), DP_RX_BUDGET,
		"of a flood, one turn takes as many frames as its budget");
	tap_eq(rig_takes_of(rig, &noise, 0), 5, "the rest of a flood is taken in the next turn");
}

int main(void)
{
	struct rig rig;

	rig_open(&rig);
	test_sample(&rig);
	test_canary(&rig);
	test_decoys(&rig);
	test_excluded(&rig);
	test_backlog(&rig);
	test_full_writer(&rig);
	rig_close(&rig);
	return tap_done();
}
