/* SPDX-License-Identifier: BSD-3-Clause */
/* How fast, how long, how much, and what is probed twice to know what that costs. */
#include "options_apply.h"

/* 1 ms to an hour: outside of that a unit is wrong. */
#define GAP_MIN_US UINT64_C(1000)
#define GAP_MAX_US (UINT64_C(3600) * 1000000)
/* A year, to the nearest second. */
#define RUNTIME_MAX_US	(UINT64_C(31536000) * 1000000)
#define COOLDOWN_MAX_US (UINT64_C(86400) * 1000000)
#define MAX_SAMPLE	1000000000u
#define MAX_DECOYS	8u

static int probe_gap(struct sw_options *options, const struct sw_arg *arg)
{
	uint64_t us;
	int rc = sw_arg_time_us(arg, GAP_MIN_US, GAP_MAX_US, &us);

	if (rc == 0)
		options->probe_gap_ms = (uint32_t)(us / 1000);
	return rc;
}

static int min_disk_free(struct sw_options *options, const struct sw_arg *arg)
{
	if (strcmp(arg->text, "0") != 0)
		return sw_arg_share(arg, &options->min_disk_free);
	options->min_disk_free = 0;
	return 0;
}

static int apply_sample(struct sw_options *options, int key, const struct sw_arg *arg)
{
	switch (key) {
	case SW_KEY_LOSS_SAMPLE:
		return sw_arg_count32(arg, 0, MAX_SAMPLE, &options->loss_sample);
	case SW_KEY_CANARY_SAMPLE:
		return sw_arg_count32(arg, 0, MAX_SAMPLE, &options->canary_sample);
	case SW_KEY_DECOY_PORTS:
		return sw_arg_count32(arg, 0, MAX_DECOYS, &options->n_decoys);
	case SW_KEY_DECOY_SAMPLE:
		return sw_arg_count32(arg, 1, MAX_SAMPLE, &options->decoy_sample);
	default:
		return SW_NOT_MINE;
	}
}

int sw_apply_pace(struct sw_options *options, int key, const struct sw_arg *arg)
{
	switch (key) {
	case SW_KEY_RATE:
		options->rate_given = true;
		return sw_arg_rate(arg, &options->rate_pps);
	case SW_KEY_BANDWIDTH:
		return sw_arg_bandwidth(arg, &options->bandwidth_bps);
	case SW_KEY_PROBES:
		return sw_arg_count32(arg, 1, 16, &options->n_probes);
	case SW_KEY_PROBE_GAP:
		return probe_gap(options, arg);
	case SW_KEY_COOLDOWN:
		return sw_arg_seconds(arg, 0, COOLDOWN_MAX_US, &options->cooldown_s);
	case SW_KEY_MAX_RUNTIME:
		return sw_arg_seconds(arg, 0, RUNTIME_MAX_US, &options->max_runtime_s);
	case SW_KEY_MAX_RESULTS:
		return sw_arg_count(arg, 1, UINT64_MAX, &options->max_results);
	case SW_KEY_MAX_OUTPUT:
		return sw_arg_count(arg, 1, UINT64_MAX, &options->max_output_bytes);
	case SW_KEY_MIN_DISK_FREE:
		return min_disk_free(options, arg);
	case SW_KEY_MIN_HITRATE:
		return sw_arg_share(arg, &options->min_hitrate);
	default:
		return apply_sample(options, key, arg);
	}
}
