/* SPDX-License-Identifier: BSD-3-Clause */
#include "report_parts.h"

#include <stdlib.h>
#include <string.h>

#include "apps/options/config_print.h"
#include "apps/status/tally.h"

/* Make room for one more entry in both arrays. */
static bool grow(struct sc_report_parts *parts)
{
	size_t cap = 2 * parts->cap_parameters + 64;
	struct su_text *texts;
	char **blocks;

	if (parts->n_parameters < parts->cap_parameters)
		return true;
	texts = realloc(parts->parameters, cap * sizeof(*texts));
	if (texts != NULL)
		parts->parameters = texts;
	blocks = realloc(parts->blocks, cap * sizeof(*blocks));
	if (blocks != NULL)
		parts->blocks = blocks;
	if (texts == NULL || blocks == NULL)
		return false;
	parts->cap_parameters = cap;
	return true;
}

static void add_parameter(void *to, const char *name, const char *value, bool is_list)
{
	struct sc_report_parts *parts = to;
	size_t name_len = strlen(name) + 1, value_len = strlen(value) + 1;
	char *block = grow(parts) ? malloc(name_len + value_len) : NULL;

	if (block == NULL)
		return;
	memcpy(block, name, name_len);
	memcpy(block + name_len, value, value_len);
	parts->blocks[parts->n_parameters] = block;
	parts->parameters[parts->n_parameters++] = (struct su_text){
		.name = block, .text = block + name_len, .is_list = is_list};
}

/* Write the counters of one lcore that are not 0. @return the place behind the last one */
static struct su_value *take_counts(
	struct su_core *core, struct dp_stats *stats, struct su_value *value)
{
	core->counters = value;
	for (int i = 0; i < DP_N_COUNTER; i++) {
		uint64_t n = dp_stats_sum(&stats, 1, (enum dp_counter)i);

		if (n != 0)
			*value++ = (struct su_value){dp_counter_name((enum dp_counter)i), n};
	}
	core->n_counters = (size_t)(value - core->counters);
	core->drops = value;
	for (int i = 1; i < TS_N_DROP; i++) {
		uint64_t n = dp_stats_sum_drop(&stats, 1, (enum ts_drop)i);

		if (n != 0)
			*value++ = (struct su_value){ts_drop_name((enum ts_drop)i), n};
	}
	core->n_drops = (size_t)(value - core->drops);
	return value;
}

void sc_report_parts_parameters(
	struct sc_report_parts *parts, const struct op_options *options, const char *driver)
{
	op_config_each(options, OP_CONFIG_ACCOUNT, add_parameter, parts);
	add_parameter(parts, "driver", driver, false);
}

void sc_report_parts_cores(
	struct sc_report_parts *parts, const struct dp_roles *roles, const struct dp_scan *scan)
{
	struct st_tally_core cores[DP_MAX_BLOCKS];
	uint32_t n = st_tally_cores(roles, scan, cores);
	struct su_value *value;

	parts->cores = calloc(n, sizeof(*parts->cores));
	parts->values = calloc(n, (DP_N_COUNTER + TS_N_DROP) * sizeof(*parts->values));
	if (parts->cores == NULL || parts->values == NULL)
		return;
	parts->n_cores = n;
	value = parts->values;
	for (uint32_t i = 0; i < n; i++) {
		struct dp_stats *stats = cores[i].stats;

		parts->cores[i] = (struct su_core){
			.lcore = cores[i].lcore,
			.cpu = cores[i].cpu,
			.role = dp_role_name(cores[i].role),
			.loop_p999_us = dp_clock_span_us(
				&scan->clock, dp_stats_loop_p999(&stats, 1)),
			.loop_max_us = dp_clock_span_us(&scan->clock, dp_stats_loop_max(&stats, 1)),
		};
		value = take_counts(&parts->cores[i], stats, value);
	}
}

void sc_report_parts_free(struct sc_report_parts *parts)
{
	for (size_t i = 0; i < parts->n_parameters; i++)
		free(parts->blocks[i]);
	free(parts->blocks);
	free(parts->parameters);
	free(parts->values);
	free(parts->cores);
}
