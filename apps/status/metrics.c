/* SPDX-License-Identifier: BSD-3-Clause */
#include "metrics.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "apps/util/replace_file.h"

/* Print the lines that come before the samples of a metric. */
static void head(FILE *out, const char *name, const char *kind, const char *help)
{
	fprintf(out, "# HELP tlsweep_%s %s\n# TYPE tlsweep_%s %s\n", name, help, name, kind);
}

static void one(FILE *out, const char *name, const char *kind, const char *help, double value)
{
	head(out, name, kind, help);
	fprintf(out, "tlsweep_%s %.17g\n", name, value);
}

static void print_counters(FILE *out, const struct st_tally *tally)
{
	for (int i = 0; i < DP_N_COUNTER; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s_total", dp_counter_name((enum dp_counter)i));
		head(out, name, "counter", "Counter of the packet path; see docs/output.md.");
		fprintf(out, "tlsweep_%s %" PRIu64 "\n", name, tally->counter[i]);
	}
	head(out, "drops_total", "counter", "Received frames that were not used, by reason.");
	for (int i = 1; i < TS_N_DROP; i++)
		fprintf(out, "tlsweep_drops_total{reason=\"%s\"} %" PRIu64 "\n",
			ts_drop_name((enum ts_drop)i), tally->drop[i]);
}

static void print_levels(FILE *out, const struct st_tally *tally)
{
	for (int i = 0; i < DP_N_GAUGE; i++) {
		const char *name = dp_gauge_name((enum dp_gauge)i);

		/* Printed per core, see print_cores(). */
		if (i == DP_G_LOOP_MAX_US)
			continue;
		head(out, name, "gauge", "Level of the packet path; see docs/output.md.");
		fprintf(out, "tlsweep_%s %" PRIu64 "\n", name, tally->gauge[i]);
	}
	head(out, "stalled_poll_cores", "gauge", "Poll cores by what their prober waits for.");
	for (int i = 0; i < DP_N_STALL; i++)
		fprintf(out, "tlsweep_stalled_poll_cores{waits_for=\"%s\"} %u\n",
			dp_stall_name((enum dp_stall)i), tally->stalls[i]);
}

static void print_cores(
	FILE *out, const struct st_tally_core *cores, uint32_t n, const struct dp_clock *clock)
{
	static const enum dp_counter shown[] = {DP_LOOPS, DP_LOOPS_IDLE, DP_PROBES_SENT,
		DP_RX_FRAMES, DP_TX_FRAMES, DP_SYNACK_VALID, DP_TLS_COMPLETED};

	for (size_t k = 0; k < sizeof(shown) / sizeof(shown[0]); k++) {
		char name[64];

		snprintf(name, sizeof(name), "core_%s_total", dp_counter_name(shown[k]));
		head(out, name, "counter", "The same counter of each lcore.");
		for (uint32_t i = 0; i < n; i++)
			fprintf(out,
				"tlsweep_%s{lcore=\"%u\",role=\"%s\",cpu=\"%u\"} %" PRIu64 "\n",
				name, cores[i].lcore, dp_role_name(cores[i].role), cores[i].cpu,
				dp_stats_sum(&(struct dp_stats *){cores[i].stats}, 1, shown[k]));
	}
	head(out, "core_loop_seconds", "gauge",
		"Time of one turn of an lcore's loop: 99.9 % of those with work, and the longest.");
	for (uint32_t i = 0; i < n; i++) {
		struct dp_stats *stats = cores[i].stats;
		uint64_t ticks[2] = {dp_stats_loop_p999(&stats, 1), dp_stats_loop_max(&stats, 1)};

		for (unsigned int k = 0; k < 2; k++)
			fprintf(out,
				"tlsweep_core_loop_seconds{lcore=\"%u\",role=\"%s\",cpu=\"%u\","
				"quantile=\"%s\"} %.9g\n",
				cores[i].lcore, dp_role_name(cores[i].role), cores[i].cpu,
				k == 0 ? "0.999" : "1",
				(double)ticks[k] * clock->us_per_tick / 1e6);
	}
}

void st_metrics_print(FILE *out, const struct st_tally *tally, const struct st_tally_core *cores,
	uint32_t n_cores, const struct dp_clock *clock)
{
	one(out, "start_time_seconds", "gauge", "Unix time at which the scan's clock began.",
		(double)clock->start_unix_us / 1e6);
	one(out, "elapsed_seconds", "gauge", "Time since then.", (double)tally->now_us / 1e6);
	one(out, "targets", "gauge", "Pairs of address and port of this run.",
		(double)tally->n_targets);
	one(out, "targets_gone", "gauge", "Those probed or passed over.", (double)tally->n_gone);
	one(out, "asked_packets_per_second", "gauge", "Rate asked for; 0: no limit.",
		tally->asked_pps);
	one(out, "asked_bits_per_second", "gauge", "Bandwidth asked for; 0: no limit.",
		tally->asked_bps);
	one(out, "hit_ratio", "gauge", "SYN-ACKs by targets probed.", st_tally_hit_rate(tally));
	one(out, "results_written_total", "counter", "Records on their way to the file.",
		(double)tally->n_records);
	one(out, "nic_rx_missed_total", "counter", "Frames the device received and lost.",
		(double)tally->nic_rx_missed);
	one(out, "nic_tx_errors_total", "counter", "Frames the device could not send.",
		(double)tally->nic_tx_errors);
	print_counters(out, tally);
	print_levels(out, tally);
	print_cores(out, cores, n_cores, clock);
}

int st_metrics_write(const struct ut_folder *folder, const struct st_tally *tally,
	const struct st_tally_core *cores, uint32_t n_cores, const struct dp_clock *clock)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out;
	int rc = 0;

	out = open_memstream(&text, &len);
	if (out == NULL)
		return -ENOMEM;
	st_metrics_print(out, tally, cores, n_cores, clock);
	if (fclose(out) != 0)
		rc = -ENOMEM;
	else
		rc = ut_replace_file(folder, UT_METRICS_FILE, text, len, false);
	free(text);
	return rc;
}
