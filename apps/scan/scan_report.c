/* SPDX-License-Identifier: BSD-3-Clause */
#include <rte_version.h>

#include "memory_plan.h"
#include "report_parts.h"
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

static void fill_groups(const struct sc_engine *engine, struct groups *g)
{
	struct dp_stats *blocks[MAX_BLOCKS];
	uint32_t n = dp_scan_stats(engine->scan, blocks);
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
	dp_port_losses(&engine->port, &rx_missed, &tx_errors);
	g->device[0] = (struct su_value){"rx_missed", rx_missed};
	g->device[1] = (struct su_value){"tx_errors", tx_errors};
	g->device[2] = (struct su_value){"lab_frames_lost", engine->lab.counts.wire_full};
	g->device[3] = (struct su_value){"lab_conns_full", engine->lab.counts.conns_full};
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
static void fill_rates(const struct dp_live *live, const struct sc_account *account,
	double n_probes, struct su_rate rates[N_RATES])
{
	const struct sc_pace *pace = &account->pace;
	const struct su_rate found[N_RATES] = {
		{"asked_pps", live->rate_pps},
		{"asked_bps", live->bandwidth_bps},
		{"mean_pps", per_second(n_probes, account->end_unix_us - account->start_unix_us)},
		{"probes_pps", per_second((double)pace->n_probes, pace->us)},
		{"frames_pps", per_second((double)pace->n_frames, pace->us)},
		{"wire_bps", per_second((double)pace->wire_bytes * 8, pace->us)},
	};

	memcpy(rates, found, sizeof(found));
}

/* Write the summary. If the folder has no room for it, it goes to standard error, since it says
 * what is lost. */
static void write_summary(
	struct su_input *input, const struct ut_folder *folder, struct sc_end *end)
{
	char err[SC_ERR_LEN], ignored[SC_ERR_LEN];

	if (su_summary_write(input, folder, err, sizeof(err)) == 0)
		return;
	/* The first error is printed last, by the caller. This one is printed before it. */
	if (end->err[0] == '\0')
		snprintf(end->err, sizeof(end->err), "%s", err);
	else
		fprintf(stderr, "tlsweep: %s\n", err);
	/* These codes promise a whole summary. Any other is worse already. */
	if (end->code == UT_EXIT_DONE || end->code == UT_EXIT_INTERRUPTED ||
		end->code == UT_EXIT_GUARD) {
		end->code = input->exit_code = UT_EXIT_OUTPUT;
		end->reason = input->exit_reason = "output-error";
	}
	if (folder != NULL)
		su_summary_write(input, NULL, ignored, sizeof(ignored));
}

/* Long, because each field of the summary has a line here. */
/* NOLINTNEXTLINE(readability-function-size) */
void sc_report_write(struct sc_run *run)
{
	const struct op_options *options = run->plan.options;
	const struct dp_scan_config *config = &run->plan.config;
	const struct dp_roles *roles = &run->plan.roles;
	const struct sc_account *account = &run->account;
	struct sc_end *end = &run->end;
	struct groups g;
	const struct su_text libraries[] = {
		{.name = "dpdk", .text = rte_version()},
		{.name = "wolfssl", .text = tl_library_version()},
		{.name = "wolfssl_lacks", .text = tl_library_lacks()},
	};
	struct su_value plan[SC_MEMORY_PLAN_MAX], used[SC_MEMORY_USED_MAX];
	const struct su_group groups[] = {
		{"dataplane", g.counters, DP_N_COUNTER},
		{"drops", g.drops, TS_N_DROP - 1},
		{"levels", g.gauges, DP_N_GAUGE},
		{"device", g.device, roles->lab ? 4 : 2},
	};
	const struct su_value resume[] = {
		{"runs", run->keep.keeper.checkpoint.n_runs},
		{"earlier_records", run->keep.resume.n_records},
		{"earlier_bytes", account->counts.n_earlier_bytes},
		{"first_index", config->index_first},
		{"done_earlier", config->n_done},
		{"again", config->n_again},
	};
	const struct su_wait waits[] = {
		{dp_stall_name(DP_STALL_DISK), account->disk_waits.n, account->disk_waits.us},
	};
	struct su_rate rates[N_RATES];
	struct sc_report_parts parts = {0};
	struct su_input input;

	sc_report_parts_parameters(&parts, options, run->engine.port.driver);
	sc_report_parts_cores(&parts, roles, run->engine.scan);
	fill_groups(&run->engine, &g);
	fill_rates(run->engine.scan->live.current, account, (double)counter(&g, DP_PROBES_SENT),
		rates);
	input = (struct su_input){
		.arguments = (const char *const *)run->argv,
		.n_arguments = (size_t)run->argc,
		.version = UT_VERSION,
		.commit = ut_commit,
		.libraries = libraries,
		.n_libraries = sizeof(libraries) / sizeof(libraries[0]),
		.parameters = parts.parameters,
		.n_parameters = parts.n_parameters,
		.seed = options->seed,
		.seed_given = options->seed_given,
		.start_unix_us = account->start_unix_us,
		.end_unix_us = account->end_unix_us,
		.exit_reason = end->reason,
		.exit_code = end->code,
		.error = end->err,
		.n_targets = dp_targets_count(run->plan.targets),
		.targets_digest = dp_targets_digest(run->plan.targets),
		.shard = options->shard,
		.n_shards = options->n_shards,
		.first = config->index_first,
		.n_indices = config->n_indices,
		.n_targets_scanned = counter(&g, DP_TARGETS_STARTED),
		.records = account->counts,
		.noise = &account->noise,
		.counters = groups,
		.n_counters = sizeof(groups) / sizeof(groups[0]),
		.cores = parts.cores,
		.n_cores = parts.n_cores,
		.memory_plan = plan,
		.n_memory_plan = sc_memory_plan_make(&run->plan, plan),
		.memory_used = used,
		.n_memory_used = sc_memory_used(used),
		.resume = resume,
		.n_resume = options->resume ? sizeof(resume) / sizeof(resume[0]) : 0,
		.waits = waits,
		.n_waits = sizeof(waits) / sizeof(waits[0]),
		.rates = rates,
		.n_rates = N_RATES,
		.excluded_live = &account->exclusions,
	};
	if (options->verbosity >= 0)
		su_noise_print(stderr, &account->noise);
	write_summary(&input, run->output.folder.fd >= 0 ? &run->output.folder : NULL, end);
	sc_report_parts_free(&parts);
}
