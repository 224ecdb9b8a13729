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

#include <rte_ethdev.h>

#include "bench/median.h"
#include "dataplane/rx/carry_out.h"
#include "tests/poll_rig.h"

#define N_FRAMES 16384
#define N_ROUNDS 7
#define BURST	 64
#define SERVICE	 443
/* A SYN-ACK with an MSS option. */
#define FRAME_ROOM 64

static const struct dl_service service = {SERVICE, DL_SMTP, false};

struct bench {
	struct rig rig;
	uint8_t frames[N_FRAMES][FRAME_ROOM];
	uint32_t frame_len;
};

static void die(const char *what)
{
	fprintf(stderr, "bench rx: %s\n", what);
	exit(1);
}

static void set_up(struct bench *bench)
{
	struct rig_config config = {
		.port = "lab",
		.targets = "198.18.0.0/16",
		.source_v4 = "198.19.255.1",
		.n_extra_mbufs = 2 * N_FRAMES,
		.scan = rig_scan_config(&service, 1),
	};

	config.scan.rate_pps = 1000;
	config.scan.max_conns = 2 * N_FRAMES;
	config.scan.max_sessions = 64;
	config.scan.n_seen = 4 * N_FRAMES;
	rig_start("bench", 512);
	rig_open_scan(&bench->rig, &config);
}

/* SYN-ACKs of N_FRAMES hosts, answering our probes, or off by some acknowledgement. */
static void build_frames(struct bench *bench, uint32_t ack_off)
{
	for (uint32_t i = 0; i < N_FRAMES; i++) {
		struct ts_addr src = ts_addr_from_v4(rte_cpu_to_be_32(UINT32_C(0xc6120000) + i));
		struct ts_seg seg = rig_segment(
			&bench->rig, &src, SERVICE, DP_PROBE_PRIMARY, TS_TCP_SYN | TS_TCP_ACK);

		seg.seq = i;
		seg.ack += 1 + ack_off;
		seg.mss = 1460;
		bench->frame_len = rig_build(&bench->rig, &seg, bench->frames[i], FRAME_ROOM);
	}
}

/* What a device does: frames first..first + BURST - 1 into fresh buffers. */
static void arrive(struct bench *bench, uint32_t first)
{
	struct rte_mbuf *m[BURST];

	if (rte_pktmbuf_alloc_bulk(bench->rig.port.mbufs, m, BURST) != 0)
		die("no packet buffers");
	for (uint32_t k = 0; k < BURST; k++)
		memcpy(rte_pktmbuf_append(m[k], (uint16_t)bench->frame_len),
			bench->frames[first + k], bench->frame_len);
	if (rte_ring_sp_enqueue_bulk(bench->rig.rings.from_lab[0], (void **)m, BURST, NULL) == 0)
		die("the ring is full");
}

/* All frames once through the receive path, a turn at a time, while the device's ring is kept full:
 * what is taken has left the cache. @return TSC ticks a frame */
static double pass(struct bench *bench)
{
	double ticks[N_FRAMES / BURST];
	uint32_t n_arrived = 0, n_taken = 0, n_turns = 0;

	while (n_taken < N_FRAMES) {
		uint64_t start;
		uint32_t n;

		for (; n_arrived < N_FRAMES && n_arrived + BURST - n_taken <= DP_PORT_RING;
			n_arrived += BURST)
			arrive(bench, n_arrived);
		start = rte_rdtsc();
		n = dp_rx_poll(&bench->rig.core->rx);
		if (n < BURST)
			die("the receive path did not take a burst");
		ticks[n_turns++] = (double)(rte_rdtsc() - start) / n;
		n_taken += n;
		rig_take_sent(&bench->rig);
	}
	return median_sort(ticks, n_turns);
}

static void forget(struct bench *bench)
{
	dp_carry_abort_all(&bench->rig.core->rx);
	rig_take_sent(&bench->rig);
	memset(bench->rig.poll->dedup.buckets, 0, dp_dedup_size(bench->rig.scan->config.n_seen));
}

static void report(const char *what, double ns[N_ROUNDS])
{
	double middle = median_sort(ns, N_ROUNDS);

	printf("%-14s %7.1f ns  (%5.2f Mpps; %.1f..%.1f over %d rounds)\n", what, middle,
		1e3 / middle, ns[0], ns[N_ROUNDS - 1], N_ROUNDS);
}

int main(void)
{
	double noise[N_ROUNDS], duplicate[N_ROUNDS], fresh[N_ROUNDS];
	struct bench *bench = calloc(1, sizeof(*bench));
	double ns_per_tick;

	if (bench == NULL)
		die("no memory");
	set_up(bench);
	ns_per_tick = 1e9 / (double)rte_get_tsc_hz();
	for (int round = 0; round < N_ROUNDS; round++) {
		build_frames(bench, 1);
		noise[round] = pass(bench) * ns_per_tick;
		build_frames(bench, 0);
		fresh[round] = pass(bench) * ns_per_tick;
		dp_carry_abort_all(&bench->rig.core->rx);
		rig_take_sent(&bench->rig);
		duplicate[round] = pass(bench) * ns_per_tick;
		forget(bench);
	}
	report("rx noise", noise);
	report("rx duplicate", duplicate);
	report("rx accept", fresh);
	printf("idle connection: %zu B of TCP, %zu B of flow, %zu B of table: %zu B all told\n",
		sizeof(struct ts_conn), sizeof(struct dp_flow), 2 * sizeof(uint64_t),
		sizeof(struct ts_conn) + sizeof(struct dp_flow) + 2 * sizeof(uint64_t));
	rig_close(&bench->rig);
	free(bench);
	return 0;
}
