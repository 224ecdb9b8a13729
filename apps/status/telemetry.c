/* SPDX-License-Identifier: BSD-3-Clause */
#include "telemetry.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include <rte_telemetry.h>

#include "tally.h"
#include "apps/util/version.h"
#include "dataplane/core/clock.h"
#include "dataplane/scan/scan.h"

/* The scan that commands report on; its scan is NULL: none. Guarded by the lock, which only
 * telemetry's own thread and the main thread take. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct st_telemetry told;

typedef int answer(const struct st_telemetry *of, const char *params, struct rte_tel_data *data);

static int with_scan(answer *fill, const char *params, struct rte_tel_data *data)
{
	int rc = 0;

	rte_tel_data_start_dict(data);
	pthread_mutex_lock(&lock);
	if (told.scan != NULL)
		rc = fill(&told, params, data);
	pthread_mutex_unlock(&lock);
	return rc;
}

static int fill_info(const struct st_telemetry *of, const char *params, struct rte_tel_data *data)
{
	char seed[24];

	(void)params;
	rte_tel_data_add_dict_string(data, "version", UT_VERSION);
	rte_tel_data_add_dict_string(data, "commit", ut_commit);
	rte_tel_data_add_dict_int(data, "pid", (int)getpid());
	/* A string: 64 bits do not fit the numbers of many JSON readers. */
	snprintf(seed, sizeof(seed), "%" PRIu64, of->scan->config.seed);
	rte_tel_data_add_dict_string(data, "seed", seed);
	rte_tel_data_add_dict_string(data, "interface", of->interface);
	rte_tel_data_add_dict_string(data, "output", of->output);
	rte_tel_data_add_dict_u64(data, "uptime_us", dp_clock_us(&of->scan->clock));
	rte_tel_data_add_dict_u64(data, "first_index", of->scan->config.index_first);
	rte_tel_data_add_dict_u64(data, "n_indices", of->scan->config.n_indices);
	return 0;
}

static int fill_counters(
	const struct st_telemetry *of, const char *params, struct rte_tel_data *data)
{
	struct dp_stats *blocks[DP_MAX_BLOCKS];
	uint32_t n = dp_scan_stats(of->scan, blocks);

	(void)params;
	for (int i = 0; i < DP_N_COUNTER; i++)
		rte_tel_data_add_dict_u64(data, dp_counter_name((enum dp_counter)i),
			dp_stats_sum(blocks, n, (enum dp_counter)i));
	return 0;
}

static int fill_drops(const struct st_telemetry *of, const char *params, struct rte_tel_data *data)
{
	struct dp_stats *blocks[DP_MAX_BLOCKS];
	uint32_t n = dp_scan_stats(of->scan, blocks);

	(void)params;
	for (int i = 1; i < TS_N_DROP; i++)
		rte_tel_data_add_dict_u64(data, ts_drop_name((enum ts_drop)i),
			dp_stats_sum_drop(blocks, n, (enum ts_drop)i));
	return 0;
}

static void add_loops(const struct st_telemetry *of, struct rte_tel_data *data,
	struct dp_stats *const *blocks, uint32_t n)
{
	const struct dp_clock *clock = &of->scan->clock;

	rte_tel_data_add_dict_u64(
		data, "loop_p999_us", dp_clock_span_us(clock, dp_stats_loop_p999(blocks, n)));
	rte_tel_data_add_dict_u64(
		data, "loop_max_us", dp_clock_span_us(clock, dp_stats_loop_max(blocks, n)));
}

static int fill_levels(const struct st_telemetry *of, const char *params, struct rte_tel_data *data)
{
	struct dp_stats *blocks[DP_MAX_BLOCKS];
	uint32_t n = dp_scan_stats(of->scan, blocks);

	(void)params;
	for (int i = 0; i < DP_N_GAUGE; i++)
		if (i != DP_G_LOOP_MAX_US)
			rte_tel_data_add_dict_u64(data, dp_gauge_name((enum dp_gauge)i),
				dp_stats_gauge(blocks, n, (enum dp_gauge)i));
	add_loops(of, data, blocks, of->scan->config.n_poll);
	return 0;
}

static void fill_core(const struct st_telemetry *of, const struct st_tally_core *core, bool all,
	struct rte_tel_data *data)
{
	struct dp_stats *stats = core->stats;

	rte_tel_data_add_dict_int(data, "lcore", (int)core->lcore);
	rte_tel_data_add_dict_string(data, "role", dp_role_name(core->role));
	rte_tel_data_add_dict_int(data, "cpu", core->cpu);
	if (core->role == DP_ROLE_POLL)
		rte_tel_data_add_dict_string(data, "waits_for",
			dp_stall_name((enum dp_stall)atomic_load_explicit(
				&stats->stall, memory_order_relaxed)));
	add_loops(of, data, &stats, 1);
	for (int i = 0; i < DP_N_COUNTER && all; i++)
		rte_tel_data_add_dict_u64(data, dp_counter_name((enum dp_counter)i),
			dp_stats_sum(&stats, 1, (enum dp_counter)i));
}

static int fill_one_core(const struct st_telemetry *of, const struct st_tally_core *cores,
	uint32_t n, const char *params, struct rte_tel_data *data)
{
	char *end;
	unsigned long lcore = strtoul(params, &end, 10);

	if (end == params || *end != '\0')
		return -EINVAL;
	for (uint32_t i = 0; i < n; i++) {
		if (cores[i].lcore == lcore) {
			fill_core(of, &cores[i], true, data);
			return 0;
		}
	}
	return -EINVAL;
}

static int fill_cores(const struct st_telemetry *of, const char *params, struct rte_tel_data *data)
{
	struct st_tally_core cores[DP_MAX_BLOCKS];
	uint32_t n = st_tally_cores(of->roles, of->scan, cores);

	if (params != NULL && params[0] != '\0')
		return fill_one_core(of, cores, n, params, data);
	for (uint32_t i = 0; i < n; i++) {
		struct rte_tel_data *core = rte_tel_data_alloc();
		char name[32];

		if (core == NULL)
			return -ENOMEM;
		rte_tel_data_start_dict(core);
		fill_core(of, &cores[i], false, core);
		snprintf(name, sizeof(name), "lcore_%u", cores[i].lcore);
		/* core belongs to data from here on. */
		rte_tel_data_add_dict_container(data, name, core, 0);
	}
	return 0;
}

static int on_info(const char *cmd, const char *params, struct rte_tel_data *data)
{
	(void)cmd;
	return with_scan(fill_info, params, data);
}

static int on_counters(const char *cmd, const char *params, struct rte_tel_data *data)
{
	(void)cmd;
	return with_scan(fill_counters, params, data);
}

static int on_drops(const char *cmd, const char *params, struct rte_tel_data *data)
{
	(void)cmd;
	return with_scan(fill_drops, params, data);
}

static int on_levels(const char *cmd, const char *params, struct rte_tel_data *data)
{
	(void)cmd;
	return with_scan(fill_levels, params, data);
}

static int on_cores(const char *cmd, const char *params, struct rte_tel_data *data)
{
	(void)cmd;
	return with_scan(fill_cores, params, data);
}

void st_telemetry_open(const struct st_telemetry *telemetry)
{
	pthread_mutex_lock(&lock);
	told = *telemetry;
	pthread_mutex_unlock(&lock);
	rte_telemetry_register_cmd("/tlsweep/info", on_info, "The scan. No parameters");
	rte_telemetry_register_cmd(
		"/tlsweep/counters", on_counters, "All counters, summed. No parameters");
	rte_telemetry_register_cmd(
		"/tlsweep/drops", on_drops, "Frames not used, by reason. No parameters");
	rte_telemetry_register_cmd(
		"/tlsweep/levels", on_levels, "Levels, peaks, loop times. No parameters");
	rte_telemetry_register_cmd("/tlsweep/cores", on_cores,
		"The lcores; with the number of one, all its counters. Parameters: int lcore "
		"(optional)");
}

void st_telemetry_close(void)
{
	pthread_mutex_lock(&lock);
	told = (struct st_telemetry){0};
	pthread_mutex_unlock(&lock);
}
