/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Probe generation without the rest of the loop: what one probe costs in the prober, the transmit
 * queue and net_null, over all of IPv4 but the default exclusions.
 *
 *   target    index -> target alone, one by one
 *   targets   the same, many at a time as the prober does it
 *   probes    prober, frames, device: everything
 *
 * Slices of some 0.1 ms are timed by the TSC, and the median slice is told: a slice in which
 * another thread had the CPU does not count, so that the figure is the same on a busy machine.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench/median.h"
#include "tests/poll_rig.h"

#define N_SLICES 4000
#define N_BURSTS 32

static const struct dl_service service = {443, DL_SMTP, true};

struct bench {
	struct rig rig;
	uint64_t n_sent; /* by the slice */
};

static void set_up(struct bench *bench)
{
	struct rig_config config = {
		.port = "null",
		.targets = "0.0.0.0/0",
		.exclude_special = true,
		.source_v4 = "192.0.2.1",
		.scan = rig_scan_config(&service, 1),
	};

	config.scan.max_conns = 1024;
	config.scan.max_sessions = 64;
	config.scan.n_seen = 1024;
	config.scan.route.has_fixed_mac = true;
	memcpy(config.scan.route.fixed_mac, (const uint8_t[]){2, 0, 0, 0, 0, 1}, 6);
	rig_start("bench-probe", 256);
	rig_open_scan(&bench->rig, &config);
}

static void slice_probes(struct bench *bench)
{
	uint64_t before = bench->rig.poll->tx->n_frames;

	for (uint32_t i = 0; i < N_BURSTS; i++) {
		dp_prober_run(&bench->rig.core->prober, dp_poll_core_busy(bench->rig.core));
		dp_txq_flush(bench->rig.poll->tx);
	}
	bench->n_sent = bench->rig.poll->tx->n_frames - before;
}

static void slice_targets(struct bench *bench)
{
	static uint64_t index;
	static struct dp_target targets[DP_PROBE_BURST];

	for (uint32_t i = 0; i < N_BURSTS; i++) {
		dp_targets_get_many(bench->rig.targets, index, 1, DP_PROBE_BURST, targets);
		index += DP_PROBE_BURST;
	}
	bench->n_sent = N_BURSTS * DP_PROBE_BURST;
}

static void slice_single(struct bench *bench)
{
	static uint64_t index;
	volatile uint16_t service_out;

	for (uint32_t i = 0; i < N_BURSTS * DP_PROBE_BURST; i++)
		service_out = dp_targets_get(bench->rig.targets, index++).service;
	(void)service_out;
	bench->n_sent = N_BURSTS * DP_PROBE_BURST;
}

static void measure(struct bench *bench, const char *what, void (*slice)(struct bench *bench))
{
	static double ticks[N_SLICES];
	double ns = 1e9 / (double)rte_get_tsc_hz(), middle;

	for (uint32_t i = 0; i < N_SLICES; i++) {
		uint64_t start = rte_rdtsc();

		slice(bench);
		ticks[i] = (double)(rte_rdtsc() - start) / (double)bench->n_sent;
	}
	middle = median_sort(ticks, N_SLICES);
	printf("%-8s %6.1f ns  (%5.2f Mpps; %5.1f ticks, best tenth %5.1f)\n", what, middle * ns,
		1e3 / (middle * ns), middle, ticks[N_SLICES / 10]);
}

int main(void)
{
	struct bench bench;

	set_up(&bench);
	measure(&bench, "target", slice_single);
	measure(&bench, "targets", slice_targets);
	measure(&bench, "probes", slice_probes);
	rig_close(&bench.rig);
	return 0;
}
