/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Receive path: how many SYN-ACKs a second one core validates, from a ring.
 *
 *   rx noise      wrong cookie: parsed, hashed, counted
 *   rx duplicate  right cookie, served before: looked up, judged, counted. No clock runs here, so
 *                 the budget of replies never refills and but for eight the RST is not made: what
 *                 is measured is a flood of repeats, not the sending of resets
 *   rx accept     right cookie, new: a connection, its ACK and its flow; forgotten off the clock
 *
 * The ring always holds as many frames as a device's queue has descriptors, freshly written into
 * buffers from the pool, and each burst takes the oldest. A round's figure is the median of its
 * bursts: what another process takes of the CPU meanwhile falls out.
 */
#include <stdio.h>
#include <stdlib.h>

#include <rte_eal.h>
#include <rte_ethdev.h>
#include <urcu/urcu-qsbr.h>

#include "dataplane/port/eal.h"
#include "dataplane/rx/carry_out.h"
#include "dataplane/scan/poll_core.h"
#include "dataplane/port/port.h"
#include "dataplane/scan/scan.h"
#include "dataplane/scan/scan_sizes.h"
#include "tcpstack/packet/build.h"

#define N_FRAMES 16384
#define N_ROUNDS 7
#define BURST	 64
#define SERVICE	 443
/* A SYN-ACK with an MSS option. */
#define FRAME_ROOM 64

static const uint8_t server_mac[6] = {2, 0, 0, 0, 0, 2};

struct rig {
	struct dp_targets *targets;
	struct dp_port port;
	struct dp_port_lab rings;
	struct dp_scan *scan;
	struct dp_poll *poll;
	struct dp_poll_core *core;
	struct dl_service service;
	uint8_t frames[N_FRAMES][FRAME_ROOM];
	uint32_t frame_len;
};

static void die(const char *what)
{
	fprintf(stderr, "bench rx: %s\n", what);
	exit(1);
}

static struct ts_addr host(uint32_t i)
{
	return ts_addr_from_v4(rte_cpu_to_be_32(UINT32_C(0xc6120000) + i));
}

static void set_up(struct rig *rig)
{
	struct dp_scan_config config = {
		.services = &rig->service,
		.n_services = 1,
		.source_port_first = 32768,
		.source_port_last = 61000,
		.rate_pps = 1000,
		.n_probes = 1,
		.max_conns = 2 * N_FRAMES,
		.max_sessions = 64,
		.conn_limit_us = 100000000,
		.n_seen = 4 * N_FRAMES,
		.n_poll = 1,
		.n_tls = 1,
		.route = {.has_v4 = true, .prefix_v4_len = 32, .prefix_v6_len = 128},
	};
	struct dp_port_spec spec = dp_port_spec("lab");
	char err[DP_ERR_LEN];

	rig->service = (struct dl_service){SERVICE, DL_SMTP, false};
	dl_config_default(&config.dialog);
	ts_addr_parse("198.19.255.1", &config.route.source_v4);
	rig->targets = dp_targets_new();
	if (dp_targets_add(rig->targets, DP_ALLOW, "198.18.0.0/16", err) != 0 ||
		dp_targets_finish(rig->targets, 1, 1, err) != 0 ||
		dp_port_open(&spec, 1, dp_scan_sizes(&config).n_mbufs + 2 * N_FRAMES, &rig->rings,
			&rig->port, err, sizeof(err)) != 0)
		die(err);
	rig->scan = dp_scan_new(&config, rig->targets, rig->port.id, rig->port.mbufs, rig->port.mac,
		err, sizeof(err));
	if (rig->scan == NULL)
		die(err);
	rig->poll = rig->scan->poll[0];
	rig->core = dp_poll_core_of(rig->poll);
	rig->poll->live = dp_live_get(&rig->scan->live);
	dp_carry_look(&rig->core->rx, false);
}

/* SYN-ACKs of N_FRAMES hosts, answering our probes, or off by some acknowledgement. */
static void build_frames(struct rig *rig, uint32_t ack_off)
{
	for (uint32_t i = 0; i < N_FRAMES; i++) {
		struct ts_addr src = host(i);
		uint64_t hash = dp_probe_id_hash(&rig->poll->probe_id, &src, SERVICE);
		struct ts_link link = {.ttl = 55};
		struct ts_seg seg = {
			.src = src,
			.dst = rig->scan->config.route.source_v4,
			.sport = SERVICE,
			.dport = dp_probe_id_port(&rig->poll->probe_id, hash, DP_PROBE_PRIMARY),
			.seq = i,
			.ack = dp_probe_id_iss(hash, DP_PROBE_PRIMARY) + 1 + ack_off,
			.wnd = 65535,
			.flags = TS_TCP_SYN | TS_TCP_ACK,
			.mss = 1460,
		};

		memcpy(link.src_mac, server_mac, 6);
		memcpy(link.dst_mac, rig->port.mac, 6);
		rig->frame_len = ts_build_tcp(rig->frames[i], FRAME_ROOM, &link, &seg);
	}
}

/* The ring to the lab may hold less than what waits in the transmit queue. */
static void drop_sent(struct rig *rig)
{
	struct rte_mbuf *out[BURST];
	unsigned int n;

	do {
		dp_txq_flush(rig->poll->tx);
		while ((n = rte_ring_sc_dequeue_burst(
				rig->rings.to_lab[0], (void **)out, BURST, NULL)) > 0)
			rte_pktmbuf_free_bulk(out, n);
	} while (rig->poll->tx->n > 0);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_value);
	return v[n / 2];
}

/* What a device does: frames first..first + BURST - 1 into fresh buffers. */
static void arrive(struct rig *rig, uint32_t first)
{
	struct rte_mbuf *m[BURST];

	if (rte_pktmbuf_alloc_bulk(rig->port.mbufs, m, BURST) != 0)
		die("no packet buffers");
	for (uint32_t k = 0; k < BURST; k++)
		memcpy(rte_pktmbuf_append(m[k], (uint16_t)rig->frame_len), rig->frames[first + k],
			rig->frame_len);
	if (rte_ring_sp_enqueue_bulk(rig->rings.from_lab[0], (void **)m, BURST, NULL) == 0)
		die("the ring is full");
}

/* All frames once through the receive path, a turn at a time, while the device's ring is kept full:
 * what is taken has left the cache. @return TSC ticks a frame */
static double pass(struct rig *rig)
{
	double ticks[N_FRAMES / BURST];
	uint32_t n_arrived = 0, n_taken = 0, n_turns = 0;

	while (n_taken < N_FRAMES) {
		uint64_t start;
		uint32_t n;

		for (; n_arrived < N_FRAMES && n_arrived + BURST - n_taken <= DP_PORT_RING;
			n_arrived += BURST)
			arrive(rig, n_arrived);
		start = rte_rdtsc();
		n = dp_rx_poll(&rig->core->rx);
		if (n < BURST)
			die("the receive path did not take a burst");
		ticks[n_turns++] = (double)(rte_rdtsc() - start) / n;
		n_taken += n;
		drop_sent(rig);
	}
	return median(ticks, n_turns);
}

static void forget(struct rig *rig)
{
	dp_carry_abort_all(&rig->core->rx);
	drop_sent(rig);
	memset(rig->poll->dedup.buckets, 0, dp_dedup_size(rig->scan->config.n_seen));
}

static void report(const char *what, double ns[N_ROUNDS])
{
	double middle = median(ns, N_ROUNDS);

	printf("%-14s %7.1f ns  (%5.2f Mpps; %.1f..%.1f over %d rounds)\n", what, middle,
		1e3 / middle, ns[0], ns[N_ROUNDS - 1], N_ROUNDS);
}

int main(void)
{
	static char *words[] = {"bench", "-l", "0", "--no-huge", "-m", "512", "--no-pci",
		"--no-telemetry", "--no-shconf", "--file-prefix=tlsweep-bench",
		"--log-level=*:error", NULL};
	double noise[N_ROUNDS], duplicate[N_ROUNDS], fresh[N_ROUNDS];
	struct rig *rig = calloc(1, sizeof(*rig));
	double ns_per_tick;

	if (rig == NULL || rte_eal_init((int)RTE_DIM(words) - 1, words) < 0)
		die("DPDK did not start");
	ns_per_tick = 1e9 / (double)rte_get_tsc_hz();
	urcu_qsbr_register_thread();
	set_up(rig);
	for (int round = 0; round < N_ROUNDS; round++) {
		build_frames(rig, 1);
		noise[round] = pass(rig) * ns_per_tick;
		build_frames(rig, 0);
		fresh[round] = pass(rig) * ns_per_tick;
		dp_carry_abort_all(&rig->core->rx);
		drop_sent(rig);
		duplicate[round] = pass(rig) * ns_per_tick;
		forget(rig);
	}
	report("rx noise", noise);
	report("rx duplicate", duplicate);
	report("rx accept", fresh);
	printf("idle connection: %zu B of TCP, %zu B of flow, %zu B of table: %zu B all told\n",
		sizeof(struct ts_conn), sizeof(struct dp_flow), 2 * sizeof(uint64_t),
		sizeof(struct ts_conn) + sizeof(struct dp_flow) + 2 * sizeof(uint64_t));
	urcu_qsbr_unregister_thread();
	dp_eal_stop();
	return 0;
}
