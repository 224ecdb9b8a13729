/* SPDX-License-Identifier: BSD-3-Clause */
#include "scan_account.h"

#include <string.h>

struct probed_ctx {
	const struct dp_targets *targets;
	double share; /* the share of the set that this run or an earlier one has probed */
};

static double probed_of(const void *ctx, const struct ts_addr *first, uint8_t len)
{
	const struct probed_ctx *p = ctx;

	return p->share * (double)dp_targets_count_within(p->targets, first, len);
}

void sc_account_noise(struct sc_account *account, const struct sc_plan *plan,
	const struct sc_keep *keep, const struct sc_output *output, const struct dp_scan *scan)
{
	struct dp_stats *blocks[DP_MAX_POLL + DP_MAX_TLS];
	uint32_t n = dp_scan_stats(scan, blocks);
	const struct out_writer_counts *counts = out_writer_read_counts(output->writer);
	const struct su_prefix_table *prefixes = output->prefixes;
	struct su_noise_facts *facts = &account->noise;
	struct probed_ctx ctx = {.targets = plan->targets};
	uint64_t n_begun = sc_keep_begun_earlier(keep, &plan->config) +
			   dp_stats_sum(blocks, n, DP_TARGETS_STARTED);

	*facts = (struct su_noise_facts){
		.n_probed = dp_stats_sum(blocks, n, DP_TARGETS_STARTED) +
			    dp_stats_sum(blocks, n, DP_TARGETS_AGAIN),
		.n_wrong_cookie = dp_stats_sum(blocks, n, DP_SYNACK_BAD_COOKIE),
		.n_duplicate = dp_stats_sum(blocks, n, DP_SYNACK_DUPLICATE),
		.n_canaries = dp_stats_sum(blocks, n, DP_CANARIES_SENT),
		.n_canary_synacks = dp_stats_sum(blocks, n, DP_CANARY_SYNACK),
		.prefixes = su_prefix_table_read_totals(prefixes),
	};
	/* If the scan did not wait for late answers, a missing answer is not lost: no estimate
	 * then. */
	if (account->heard_out) {
		facts->n_sampled = dp_stats_sum(blocks, n, DP_PROBES_SAMPLED);
		facts->n_first = dp_stats_sum(blocks, n, DP_SAMPLE_FIRST);
		facts->n_second = dp_stats_sum(blocks, n, DP_SAMPLE_SECOND);
		facts->n_both = dp_stats_sum(blocks, n, DP_SAMPLE_BOTH);
	}
	memcpy(facts->responders, counts->by_responder, sizeof(facts->responders));
	ctx.share = (double)n_begun / (double)dp_targets_count(plan->targets);
	facts->n_top = su_prefix_table_suspects(
		prefixes, probed_of, &ctx, facts->top, SU_NOISE_TOP, &facts->n_suspects);
	facts->is_part = ctx.share < 1;
	facts->has_canaries = plan->config.canary_sample.every > 0;
}
