/* SPDX-License-Identifier: BSD-3-Clause */
#include "loss.h"

#include "dataplane/scan/poll.h"

/* Is an index one that this core sends a second probe to in this run? Others of the sample are an
 * earlier run's open work, another shard's or beyond -n. */
static bool is_sampled(const struct dp_poll *poll, uint64_t index)
{
	const struct dp_scan_config *config = &poll->scan->config;

	return dp_sample_has(config->loss_sample, index) && index >= config->index_first &&
	       index - config->index_first < config->n_indices &&
	       (index - config->index_first) % config->n_poll == poll->index;
}

/* Has the pass of second probes left an index behind? It comes behind the regular ones. */
static bool second_begun(const struct dp_poll *poll, uint64_t index)
{
	const struct dp_scan_config *config = &poll->scan->config;
	const struct dp_prober *prober = &poll->prober;
	uint64_t pos = prober->n_again + (index - config->index_first) / config->n_poll;

	return prober->pass[config->n_probes].pos > pos;
}

/* The bits that the source port is not made of. */
static uint8_t *waiting(struct dp_poll *poll, uint64_t hash)
{
	return &poll->loss.n_waiting[hash % DP_LOSS_SLOTS];
}

/* One of a target's two answers, and both when the other one is there already. */
static void count(
	struct dp_poll *poll, enum dp_counter which, enum dp_seen_kind other, uint64_t hash)
{
	dp_count(poll->stats, which);
	if (dp_seen_has_hash(&poll->seen, other, hash))
		dp_count(poll->stats, DP_SAMPLE_BOTH);
}

static void count_first(struct dp_poll *poll, uint64_t hash)
{
	count(poll, DP_SAMPLE_FIRST, DP_SEEN_SAMPLE_SECOND, hash);
}

void dp_loss_first(
	struct dp_poll *poll, const struct ts_addr *addr, uint16_t service, uint64_t hash)
{
	struct dp_target target = {*addr, service};
	uint64_t index;

	if (poll->scan->config.loss_sample.every == 0 ||
		!dp_targets_index(poll->scan->targets, &target, &index) ||
		!is_sampled(poll, index) ||
		dp_seen_add_hash(&poll->seen, DP_SEEN_SAMPLE_FIRST, hash))
		return;
	if (second_begun(poll, index))
		count_first(poll, hash);
	else
		*waiting(poll, hash) += *waiting(poll, hash) < UINT8_MAX;
}

void dp_loss_second_begun(struct dp_poll *poll, const struct dp_target *target)
{
	uint64_t hash = dp_ident_hash(
		&poll->ident, &target->addr, poll->scan->config.services[target->service].port);
	uint8_t *n_waiting = waiting(poll, hash);

	if (*n_waiting == 0 || !dp_seen_has_hash(&poll->seen, DP_SEEN_SAMPLE_FIRST, hash))
		return;
	*n_waiting -= *n_waiting < UINT8_MAX;
	count_first(poll, hash);
}

bool dp_loss_second(struct dp_poll *poll, uint64_t hash)
{
	if (dp_seen_add_hash(&poll->seen, DP_SEEN_SAMPLE_SECOND, hash))
		return false;
	count(poll, DP_SAMPLE_SECOND, DP_SEEN_SAMPLE_FIRST, hash);
	return true;
}
