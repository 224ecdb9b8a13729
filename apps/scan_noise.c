/* SPDX-License-Identifier: BSD-3-Clause */
/* What a run tells about noise and loss, gathered from counters, writer and targets. */
#include "apps/scan_run.h"

struct probed_ctx {
	const struct dp_targets *targets;
	double share; /* of the set, probed by this run */
};

static double probed_of(const void *ctx, const struct ts_addr *first, uint8_t len)
{
	const struct probed_ctx *p = ctx;

	return p->share * (double)dp_targets_count_within(p->targets, first, len);
}

void scan_noise(struct scan_run *run)
{
	struct dp_stats *blocks[DP_MAX_POLL + DP_MAX_TLS];
	uint32_t n = dp_scan_stats(run->scan, blocks);
	const struct wr_counts *counts = wr_counts(run->writer);
	const struct prefix_table *prefixes = wr_prefixes(run->writer);
	struct nr_facts *facts = &run->noise;
	struct probed_ctx ctx = {.targets = run->targets};

	*facts = (struct nr_facts){
		.n_probed = dp_stats_sum(blocks, n, DP_TARGETS_STARTED),
		.n_wrong_cookie = dp_stats_sum(blocks, n, DP_SYNACK_BAD_COOKIE),
		.n_duplicate = dp_stats_sum(blocks, n, DP_SYNACK_DUPLICATE),
		.n_canaries = dp_stats_sum(blocks, n, DP_CANARIES_SENT),
		.n_canary_synacks = dp_stats_sum(blocks, n, DP_CANARY_SYNACK),
		.n_sampled = dp_stats_sum(blocks, n, DP_PROBES_SAMPLED),
		.n_first = dp_stats_sum(blocks, n, DP_SAMPLE_FIRST),
		.n_second = dp_stats_sum(blocks, n, DP_SAMPLE_SECOND),
		.n_both = dp_stats_sum(blocks, n, DP_SAMPLE_BOTH),
		.prefixes = pt_totals(prefixes),
	};
	memcpy(facts->responders, counts->by_responder, sizeof(facts->responders));
	ctx.share = (double)facts->n_probed / (double)dp_targets_count(run->targets);
	facts->n_top = pt_suspects(
		prefixes, probed_of, &ctx, facts->top, NR_TOP, &facts->n_suspects);
	facts->is_part = ctx.share < 1;
	facts->has_canaries = run->config.canary_sample.every > 0;
}
