/* SPDX-License-Identifier: BSD-3-Clause */
#include "decoy.h"

#include <string.h>

#include "poll.h"

/* Ports under which DP_DEDUP_DECOYED is noted: all decoys have left, the host has been queued. */
#define ALL_LEFT 0
#define QUEUED	 1
/* Used as a port in the hash that draws the sample. No decoy has this number, so the sample does
 * not depend on the decoy ports. */
#define SAMPLE_SALT 0xffff

size_t dp_decoy_memory(void)
{
	return DP_DECOY_SLOTS * sizeof(struct dp_decoy_host);
}

static bool is_sampled(const struct dp_decoys *decoys, const struct ts_addr *addr)
{
	uint32_t every = decoys->poll->scan->config.decoy_sample;

	return decoys->poll->scan->config.n_decoys > 0 &&
	       (every <= 1 ||
		       dp_probe_id_hash(&decoys->poll->probe_id, addr, SAMPLE_SALT) % every == 0);
}

uint16_t dp_decoy_port(const struct dp_decoys *decoys, const struct ts_addr *addr, uint32_t n)
{
	uint16_t port = dp_probe_id_decoy_port(&decoys->poll->probe_id, addr, n);

	if (decoys->poll->scan->service_of_port[port] != 0)
		return 0;
	for (uint32_t i = 0; i < n; i++) {
		if (dp_probe_id_decoy_port(&decoys->poll->probe_id, addr, i) == port)
			return 0;
	}
	return port;
}

void dp_decoy_want(struct dp_decoys *decoys, const struct ts_addr *addr, const uint8_t mac[6])
{
	struct dp_decoy_host *host;

	if (!is_sampled(decoys, addr) ||
		dp_dedup_has(&decoys->poll->dedup, DP_DEDUP_DECOYED, addr, QUEUED))
		return;
	if (decoys->poll->live->mode != DP_RUN) {
		/* Noted as well, so that a host counts once, however many services answer. */
		dp_dedup_add(&decoys->poll->dedup, DP_DEDUP_DECOYED, addr, QUEUED);
		dp_count(decoys->poll->stats, DP_DECOY_HOSTS_ABANDONED);
		return;
	}
	if (dp_queue_len(&decoys->queue) == DP_DECOY_SLOTS) {
		dp_count(decoys->poll->stats, DP_DECOY_HOSTS_NO_ROOM);
		return;
	}
	dp_dedup_add(&decoys->poll->dedup, DP_DEDUP_DECOYED, addr, QUEUED);
	host = &decoys->hosts[dp_queue_push(&decoys->queue, DP_DECOY_SLOTS)];
	*host = (struct dp_decoy_host){.addr = *addr};
	memcpy(host->mac, mac, sizeof(host->mac));
}

void dp_decoy_all_left(struct dp_decoys *decoys, const struct ts_addr *addr)
{
	dp_dedup_add(&decoys->poll->dedup, DP_DEDUP_DECOYED, addr, ALL_LEFT);
}

void dp_decoy_abandon(struct dp_decoys *decoys)
{
	dp_count_n(decoys->poll->stats, DP_DECOY_HOSTS_ABANDONED, dp_queue_len(&decoys->queue));
	decoys->queue.head = decoys->queue.tail;
}

bool dp_decoy_missing(const struct dp_decoys *decoys, const struct ts_addr *addr)
{
	const struct dp_dedup *dedup = &decoys->poll->dedup;

	if (!is_sampled(decoys, addr) || !dp_dedup_has(dedup, DP_DEDUP_DECOYED, addr, QUEUED) ||
		dp_live_excludes(decoys->poll->live, addr))
		return false;
	if (!dp_dedup_has(dedup, DP_DEDUP_DECOYED, addr, ALL_LEFT))
		return decoys->poll->live->mode == DP_RUN;
	for (uint32_t n = 0; n < decoys->poll->scan->config.n_decoys; n++) {
		if (dp_decoy_port(decoys, addr, n) != 0 &&
			!dp_dedup_has(dedup, DP_DEDUP_DECOY, addr, (uint16_t)n) &&
			!dp_dedup_has(dedup, DP_DEDUP_DECOY, addr, (uint16_t)(DP_DEDUP_APART | n)))
			return true;
	}
	return false;
}

void dp_decoy_result(const struct dp_decoys *decoys, const struct ts_addr *addr, uint8_t *n_sent,
	uint8_t *n_answered)
{
	*n_sent = 0;
	*n_answered = 0;
	if (!is_sampled(decoys, addr) ||
		!dp_dedup_has(&decoys->poll->dedup, DP_DEDUP_DECOYED, addr, ALL_LEFT))
		return;
	for (uint32_t n = 0; n < decoys->poll->scan->config.n_decoys; n++) {
		if (dp_decoy_port(decoys, addr, n) == 0)
			continue;
		(*n_sent)++;
		*n_answered += dp_dedup_has(
			&decoys->poll->dedup, DP_DEDUP_DECOY, addr, (uint16_t)n);
	}
}
