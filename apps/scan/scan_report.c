/* SPDX-License-Identifier: BSD-3-Clause */
#include <rte_version.h>

#include "memory_plan.h"
#include "apps/scan/report_parts.h"
#include "scan_run.h"
#include "apps/util/version.h"
#include "dataplane/scan/scan.h"
#include "dataplane/targets/targets_file.h"
#include "dataplane/tlscore/tlscore.h"

#define N_RATES	   6
#define MAX_BLOCKS (DP_MAX_POLL + DP_MAX_TLS)

struct groups {
	struct su_value counters[DP_N_COUNTER];
	struct su_value drops[TS_N_DROP - 1];
	struct su_value gauges[DP_N_GAUGE];
	struct su_value device[4];
};

static void fill_groups(const struct sc_run *run, struct groups *g)
{
	struct dp_stats *blocks[MAX_BLOCKS];
	uint32_t n = dp_scan_stats(run->scan, blocks);
	uint64_t rx_missed = 0, tx_errors = 0;

	for (int i = 0; i < DP_N_COUNTER; i++)
		g->counters[i] = (struct su_value){dp_counter_name((enum dp_counter)i),
			dp_stats_sum(blocks, n, (enum dp_counter)i)};
	for (int i = 1; i < TS_N_DROP; i++)
		g->drops[i - 1] = (struct su_value){ts_drop_name((enum ts_drop)i),
			dp_stats_sum_drop(blocks, n, (enum ts_drop)i)};
	for (int i = 0; i < DP_N_GAUGE; i++)
		g->gauges[i] = (struct su_value){dp_gauge_name((enum dp_gauge)i),
			dp_stats_gauge(blocks, n, (enum dp_gauge)i)};
	dp_port_losses(&run->port, &rx_missed, &tx_errors);
	g->device[0] = (struct su_value){"rx_missed", rx_missed};
	g->device[1] = (struct su_value){"tx_errors", tx_errors};
	g->device[2] = (struct su_value){"lab_frames_lost", run->lab.counts.wire_full};
	g->device[3] = (struct su_value){"lab_conns_full", run->lab.counts.conns_full};
}

static uint64_t counter(const struct groups *g, enum dp_counter which)
{
	return g->counters[which].value;
}

static double per_second(double n, uint64_t us)
{
	return us > 0 ? n * 1e6 / (double)us : 0;
}

/* The last limits, the mean over the whole run, and the means while there was something to
 * probe. */
static void fill_rates(const struct sc_run *run, double n_probes, struct su_rate rates[N_RATES])
{
	const struct dp_live *live = run->scan->live.current;
	const struct sc_pace *pace = &run->pace;
	const struct su_rate found[N_RATES] = {
		{"asked_pps", live->rate_pps},
		{"asked_bps", live->bandwidth_bps},
		{"mean_pps", per_second(n_probes, run->end_unix_us - run->start_unix_us)},
		{"probes_pps", per_second((double)pace->n_probes, pace->us)},
		{"frames_pps", per_second((double)pace->n_frames, pace->us)},
		{"wire_bps", per_second((double)pace->wire_bytes * 8, pace->us)},
	};

	memcpy(rates, found, sizeof(found));
}

/* Write the summary. If the folder has no room for it, it goes to standard error, since it says
 * what is lost. */
static void write_summary(struct sc_run *run, struct su_input *input)
{
	const struct ut_folder *folder = run->folder.fd >= 0 ? &run->folder : NULL;
	char err[SC_ERR_LEN], ignored[SC_ERR_LEN];

	if (su_summary_write(input, folder, err, sizeof(err)) == 0)
		return;
	/* The first error is printed last, by the caller. This one is printed before it. */
	if (run->err[0] == '\0')
		snprintf(run->err, sizeof(run->err), "%s", err);
	else
		fprintf(stderr, "tlsweep: %s\n", err);
	/* These codes promise a whole summary. Any other is worse already. */
	if (run->exit_code == UT_EXIT_DONE || run->exit_code == UT_EXIT_INTERRUPTED ||
		run->exit_code == UT_EXIT_GUARD) {
		run->exit_code = input->exit_code = UT_EXIT_OUTPUT;
		run->exit_reason = input->exit_reason = "output-error";
	}
	if (folder != NULL)
		su_summary_write(input, NULL, ignored, sizeof(ignored));
}

/* Long, because each field of the summary has a line here. */
/* NOLINTNEXTLINE(readability-function-size) */
void sc_report_write(struct sc_run *run)
{
	struct groups g;
	const struct su_text libraries[] = {
		{.name = "dpdk", .text = rte_version()},
		{.name = "wolfssl", .text = tl_library_version()},
	};
	struct su_value plan[SC_MEMORY_PLAN_MAX], used[SC_MEMORY_USED_MAX];
	const struct su_group groups[] = {
		{"dataplane", g.counters, DP_N_COUNTER},
		{"drops", g.drops, TS_N_DROP - 1},
		{"levels", g.gauges, DP_N_GAUGE},
		{"device", g.device, run->roles.lab ? 4 : 2},
	};
	const struct su_value resume[] = {
		{"runs", run->keeper.checkpoint.n_runs},
		{"earlier_records", run->resume.n_records},
		{"earlier_bytes", run->counts.n_earlier_bytes},
		{"first_index", run->config.index_first},
		{"done_earlier", run->config.n_done},
		{"again", run->config.n_again},
	};
	const struct su_wait waits[] = {
		{dp_stall_name(DP_STALL_DISK), run->disk_waits.n, run->disk_waits.us},
	};
	struct su_rate rates[N_RATES];
	struct sc_report_parts parts;
	struct su_input input;

	sc_report_parts_take(&parts, run);
	fill_groups(run, &g);
	fill_rates(run, (double)counter(&g, DP_PROBES_SENT), rates);
	input = (struct su_input){
		.arguments = (const char *const *)run->argv,
		.n_arguments = (size_t)run->argc,
		.version = UT_VERSION,
		.commit = ut_commit,
		.libraries = libraries,
		.n_libraries = sizeof(libraries) / sizeof(libraries[0]),
		.parameters = parts.parameters,
		.n_parameters = parts.n_parameters,
		.seed = run->options->seed,
		.seed_given = run->options->seed_given,
		.start_unix_us = run->start_unix_us,
		.end_unix_us = run->end_unix_us,
		.exit_reason = run->exit_reason,
		.exit_code = run->exit_code,
		.error = run->err,
		.n_targets = dp_targets_count(run->targets),
		.targets_digest = dp_targets_digest(run->targets),
		.shard = run->options->shard,
		.n_shards = run->options->n_shards,
		.first = run->config.index_first,
		.n_indices = run->config.n_indices,
		.n_targets_scanned = counter(&g, DP_TARGETS_STARTED),
		.records = run->counts,
		.noise = &run->noise,
		.counters = groups,
		.n_counters = sizeof(groups) / sizeof(groups[0]),
		.cores = parts.cores,
		.n_cores = parts.n_cores,
		.memory_plan = plan,
		.n_memory_plan = sc_memory_plan_make(run, plan),
		.memory_used = used,
		.n_memory_used = sc_memory_used(used),
		.resume = resume,
		.n_resume = run->options->resume ? sizeof(resume) / sizeof(resume[0]) : 0,
		.waits = waits,
		.n_waits = sizeof(waits) / sizeof(waits[0]),
		.rates = rates,
		.n_rates = N_RATES,
		.excluded_live = &run->exclusions,
	};
	if (run->options->verbosity >= 0)
		su_noise_print(stderr, &run->noise);
	write_summary(run, &input);
	sc_report_parts_free(&parts);
}
