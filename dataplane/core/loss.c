/* SPDX-License-Identifier: BSD-3-Clause */
#include "loss.h"

/* Does this core send a second probe to an index in this run? Other indices of the sample belong to
 * another core or shard, are beyond -n, or are open work of an earlier run. */
static bool is_sampled(const struct dp_loss *loss, uint64_t index)
{
	const struct dp_scan_config *config = &loss->poll->scan->config;

	return dp_sample_has(config->loss_sample, index) && index >= config->index_first &&
	       index - config->index_first < config->n_indices &&
	       (index - config->index_first) % config->n_poll == loss->poll->index;
}

/* Has the pass of second probes passed an index? */
static bool second_begun(const struct dp_loss *loss, uint64_t index)
{
	const struct dp_scan_config *config = &loss->poll->scan->config;

	return loss->n_second > (index - config->index_first) / config->n_poll;
}

/* By bits of the hash that the source port does not use. */
static uint8_t *waiting(struct dp_loss *loss, uint64_t hash)
{
	return &loss->n_waiting[hash % DP_LOSS_SLOTS];
}

/* Count one of a target's two answers, and both if the other one has been noted. */
static void count(
	struct dp_loss *loss, enum dp_counter which, enum dp_dedup_kind other, uint64_t hash)
{
	dp_count(loss->poll->stats, which);
	if (dp_dedup_has_hash(&loss->poll->dedup, other, hash))
		dp_count(loss->poll->stats, DP_SAMPLE_BOTH);
}

static void count_first(struct dp_loss *loss, uint64_t hash)
{
	count(loss, DP_SAMPLE_FIRST, DP_DEDUP_SAMPLE_SECOND, hash);
}

void dp_loss_first(
	struct dp_loss *loss, const struct ts_addr *addr, uint16_t service, uint64_t hash)
{
	struct dp_target target = {*addr, service};
	uint64_t index;

	if (loss->poll->scan->config.loss_sample.every == 0 ||
		!dp_targets_index(loss->poll->scan->targets, &target, &index) ||
		!is_sampled(loss, index) ||
		dp_dedup_add_hash(&loss->poll->dedup, DP_DEDUP_SAMPLE_FIRST, hash))
		return;
	if (second_begun(loss, index))
		count_first(loss, hash);
	else
		*waiting(loss, hash) += *waiting(loss, hash) < UINT8_MAX;
}

void dp_loss_second_begun(struct dp_loss *loss, const struct dp_target *target)
{
	uint64_t hash = dp_probe_id_hash(
		&loss->poll->probe_id, &target->addr, dp_poll_port(loss->poll, target->service));
	uint8_t *n_waiting = waiting(loss, hash);

	if (*n_waiting == 0 || !dp_dedup_has_hash(&loss->poll->dedup, DP_DEDUP_SAMPLE_FIRST, hash))
		return;
	*n_waiting -= *n_waiting < UINT8_MAX;
	count_first(loss, hash);
}

bool dp_loss_second(struct dp_loss *loss, uint64_t hash)
{
	if (dp_dedup_add_hash(&loss->poll->dedup, DP_DEDUP_SAMPLE_SECOND, hash))
		return false;
	count(loss, DP_SAMPLE_SECOND, DP_DEDUP_SAMPLE_FIRST, hash);
	return true;
}
