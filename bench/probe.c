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

#include <rte_eal.h>
#include <urcu/urcu-qsbr.h>

#include "dataplane/port/eal.h"
#include "dataplane/scan/poll_core.h"
#include "dataplane/port/port.h"
#include "dataplane/scan/scan.h"
#include "dataplane/scan/scan_sizes.h"

#define N_SLICES 4000
#define N_BURSTS 32

struct rig {
	struct dp_targets *targets;
	struct dp_port port;
	struct dp_scan *scan;
	struct dp_poll *poll;
	struct dp_poll_core *core;
	uint64_t n_sent; /* by the slice */
};

static const struct dl_service service = {443, DL_SMTP, true};

static void die(const char *what)
{
	fprintf(stderr, "bench probe: %s\n", what);
	exit(1);
}

static void set_up(struct rig *rig)
{
	struct dp_scan_config config = {
		.services = &service,
		.n_services = 1,
		.source_port_first = 32768,
		.source_port_last = 61000,
		.n_probes = 1,
		.max_conns = 1024,
		.max_sessions = 64,
		.n_seen = 1024,
		.n_poll = 1,
		.n_tls = 1,
		.route = {.has_v4 = true,
			.prefix_v4_len = 32,
			.prefix_v6_len = 128,
			.has_fixed_mac = true,
			.fixed_mac = {2, 0, 0, 0, 0, 1}},
	};
	struct dp_port_spec spec = dp_port_spec("null");
	char err[DP_ERR_LEN];

	dl_config_default(&config.dialog);
	ts_addr_parse("192.0.2.1", &config.route.source_v4);
	rig->targets = dp_targets_new();
	if (dp_targets_exclude_special(rig->targets) != 0 ||
		dp_targets_add(rig->targets, DP_ALLOW, "0.0.0.0/0", err) != 0 ||
		dp_targets_finish(rig->targets, 1, 1, err) != 0)
		die(err);
	config.n_indices = dp_targets_count(rig->targets);
	if (dp_port_open(&spec, 1, dp_scan_sizes(&config).n_mbufs, NULL, &rig->port, err,
		    sizeof(err)) != 0)
		die(err);
	rig->scan = dp_scan_new(&config, rig->targets, rig->port.id, rig->port.mbufs, rig->port.mac,
		err, sizeof(err));
	if (rig->scan == NULL)
		die(err);
	rig->poll = rig->scan->poll[0];
	rig->core = dp_poll_core_of(rig->poll);
	rig->poll->live = dp_live_get(&rig->scan->live);
}

static void slice_probes(struct rig *rig)
{
	uint64_t before = rig->poll->tx->n_frames;

	for (uint32_t i = 0; i < N_BURSTS; i++) {
		dp_prober_run(&rig->core->prober, dp_poll_core_busy(rig->core));
		dp_txq_flush(rig->poll->tx);
	}
	rig->n_sent = rig->poll->tx->n_frames - before;
}

static void slice_targets(struct rig *rig)
{
	static uint64_t index;
	static struct dp_target targets[DP_PROBE_BURST];

	for (uint32_t i = 0; i < N_BURSTS; i++) {
		dp_targets_get_many(rig->targets, index, 1, DP_PROBE_BURST, targets);
		index += DP_PROBE_BURST;
	}
	rig->n_sent = N_BURSTS * DP_PROBE_BURST;
}

static void slice_single(struct rig *rig)
{
	static uint64_t index;
	volatile uint16_t service_out;

	for (uint32_t i = 0; i < N_BURSTS * DP_PROBE_BURST; i++)
		service_out = dp_targets_get(rig->targets, index++).service;
	(void)service_out;
	rig->n_sent = N_BURSTS * DP_PROBE_BURST;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(struct rig *rig, const char *what, void (*slice)(struct rig *rig))
{
	static double ticks[N_SLICES];
	double ns = 1e9 / (double)rte_get_tsc_hz();

	for (uint32_t i = 0; i < N_SLICES; i++) {
		uint64_t start = rte_rdtsc();

		slice(rig);
		ticks[i] = (double)(rte_rdtsc() - start) / (double)rig->n_sent;
	}
	qsort(ticks, N_SLICES, sizeof(ticks[0]), by_value);
	printf("%-8s %6.1f ns  (%5.2f Mpps; %5.1f ticks, best tenth %5.1f)\n", what,
		ticks[N_SLICES / 2] * ns, 1e3 / (ticks[N_SLICES / 2] * ns), ticks[N_SLICES / 2],
		ticks[N_SLICES / 10]);
}

int main(void)
{
	static char *words[] = {"bench", "-l", "0", "--no-huge", "-m", "256", "--no-pci",
		"--no-telemetry", "--no-shconf", "--file-prefix=tlsweep-bench-probe",
		"--log-level=*:error", NULL};
	struct rig *rig = calloc(1, sizeof(*rig));

	if (rig == NULL || rte_eal_init((int)RTE_DIM(words) - 1, words) < 0)
		die("DPDK did not start");
	urcu_qsbr_register_thread();
	set_up(rig);
	measure(rig, "target", slice_single);
	measure(rig, "targets", slice_targets);
	measure(rig, "probes", slice_probes);
	urcu_qsbr_unregister_thread();
	dp_eal_stop();
	return 0;
}
