/* SPDX-License-Identifier: BSD-3-Clause */
#include "decoy_send.h"

#include "prober_internal.h"

/* Add the decoys of one host, from its next one on. False if the burst is full before the last. */
static bool send_host(
	struct dp_burst *burst, const struct dp_decoys *decoys, struct dp_decoy_host *host)
{
	for (; host->next < decoys->poll->scan->config.n_decoys; host->next++) {
		uint16_t port = dp_decoy_port(decoys, &host->addr, host->next);

		if (port == 0)
			continue;
		if (dp_burst_left(burst) == 0)
			return false;
		dp_burst_put(burst, &host->addr, port, DP_PROBE_DECOY, host->mac);
	}
	return true;
}

void dp_decoy_send(struct dp_burst *burst, struct dp_prober *prober)
{
	const struct dp_poll *poll = prober->poll;
	struct dp_decoys *decoys = &prober->work->decoys;

	while (!dp_decoy_none(decoys) && dp_burst_left(burst) > 0) {
		struct dp_decoy_host *host =
			&decoys->hosts[dp_queue_place(decoys->queue.head, DP_DECOY_SLOTS)];

		if (dp_live_excludes(poll->live, &host->addr)) {
			dp_count(poll->stats, DP_DECOY_HOSTS_ABANDONED);
			burst->n_passed_over++;
		} else if (send_host(burst, decoys, host)) {
			dp_decoy_all_left(decoys, &host->addr);
		} else {
			return;
		}
		decoys->queue.head++;
	}
}
