/* SPDX-License-Identifier: BSD-3-Clause */
#include "decoy.h"

#include "prober_internal.h"

/* Both under DP_SEEN_DECOYED: all decoys have left; the host has been put into the row. */
#define ALL_LEFT 0
#define IN_ROW	 1
/* A number no port or decoy has, so that the sample does not follow the ports drawn. */
#define SAMPLE_SALT 0xffff

static bool is_sampled(const struct dp_poll *poll, const struct ts_addr *addr)
{
	uint32_t every = poll->scan->config.decoy_sample;

	return poll->scan->config.n_decoys > 0 &&
	       (every <= 1 || dp_ident_hash(&poll->ident, addr, SAMPLE_SALT) % every == 0);
}

/* Number n's port; 0 when it is to be left out: a service of this scan, or an earlier number's. */
static uint16_t decoy_port(const struct dp_poll *poll, const struct ts_addr *addr, uint32_t n)
{
	uint16_t port = dp_ident_decoy_port(&poll->ident, addr, n);

	if (poll->scan->service_of_port[port] != 0)
		return 0;
	for (uint32_t i = 0; i < n; i++) {
		if (dp_ident_decoy_port(&poll->ident, addr, i) == port)
			return 0;
	}
	return port;
}

void dp_decoy_want(struct dp_poll *poll, const struct ts_addr *addr, const uint8_t mac[6])
{
	struct dp_decoy_row *row = &poll->prober.decoys;
	struct dp_decoy_host *host;

	if (!is_sampled(poll, addr) || dp_seen_has(&poll->seen, DP_SEEN_DECOYED, addr, IN_ROW))
		return;
	if (poll->live->mode != DP_RUN) {
		/* Noted all the same: a host counts once, however many of its services answer. */
		dp_seen_add(&poll->seen, DP_SEEN_DECOYED, addr, IN_ROW);
		dp_count(poll->stats, DP_DECOY_HOSTS_ABANDONED);
		return;
	}
	if (row->tail - row->head == DP_DECOY_SLOTS) {
		dp_count(poll->stats, DP_DECOY_HOSTS_NO_ROOM);
		return;
	}
	dp_seen_add(&poll->seen, DP_SEEN_DECOYED, addr, IN_ROW);
	host = &row->hosts[row->tail++ % DP_DECOY_SLOTS];
	*host = (struct dp_decoy_host){.addr = *addr};
	memcpy(host->mac, mac, sizeof(host->mac));
}

/* The decoys of one host, from its next one on. False when the burst ended before they did. */
static bool run_host(struct dp_burst *burst, struct dp_poll *poll, struct dp_decoy_host *host)
{
	for (; host->next < poll->scan->config.n_decoys; host->next++) {
		uint16_t port = decoy_port(poll, &host->addr, host->next);

		if (port == 0)
			continue;
		if (dp_burst_left(burst) == 0)
			return false;
		dp_burst_put(burst, &host->addr, port, DP_PROBE_DECOY, host->mac);
	}
	return true;
}

void dp_decoy_run(struct dp_burst *burst, struct dp_poll *poll)
{
	struct dp_decoy_row *row = &poll->prober.decoys;

	while (!dp_decoy_row_empty(row) && dp_burst_left(burst) > 0) {
		struct dp_decoy_host *host = &row->hosts[row->head % DP_DECOY_SLOTS];

		if (dp_live_excludes(poll->live, &host->addr)) {
			dp_count(poll->stats, DP_DECOY_HOSTS_ABANDONED);
			burst->n_passed_over++;
		} else if (run_host(burst, poll, host)) {
			dp_seen_add(&poll->seen, DP_SEEN_DECOYED, &host->addr, ALL_LEFT);
		} else {
			return;
		}
		row->head++;
	}
}

void dp_decoy_abandon(struct dp_poll *poll)
{
	struct dp_decoy_row *row = &poll->prober.decoys;

	dp_count_n(poll->stats, DP_DECOY_HOSTS_ABANDONED, row->tail - row->head);
	row->head = row->tail;
}

bool dp_decoy_missing(const struct dp_poll *poll, const struct ts_addr *addr)
{
	const struct dp_seen *seen = &poll->seen;

	if (!is_sampled(poll, addr) || !dp_seen_has(seen, DP_SEEN_DECOYED, addr, IN_ROW) ||
		dp_live_excludes(poll->live, addr))
		return false;
	if (!dp_seen_has(seen, DP_SEEN_DECOYED, addr, ALL_LEFT))
		return poll->live->mode == DP_RUN;
	for (uint32_t n = 0; n < poll->scan->config.n_decoys; n++) {
		if (decoy_port(poll, addr, n) != 0 &&
			!dp_seen_has(seen, DP_SEEN_DECOY, addr, (uint16_t)n) &&
			!dp_seen_has(seen, DP_SEEN_DECOY, addr, (uint16_t)(DP_SEEN_APART | n)))
			return true;
	}
	return false;
}

void dp_decoy_result(
	struct dp_poll *poll, const struct ts_addr *addr, uint8_t *n_sent, uint8_t *n_answered)
{
	*n_sent = 0;
	*n_answered = 0;
	if (!is_sampled(poll, addr) || !dp_seen_has(&poll->seen, DP_SEEN_DECOYED, addr, ALL_LEFT))
		return;
	for (uint32_t n = 0; n < poll->scan->config.n_decoys; n++) {
		if (decoy_port(poll, addr, n) == 0)
			continue;
		(*n_sent)++;
		*n_answered += dp_seen_has(&poll->seen, DP_SEEN_DECOY, addr, (uint16_t)n);
	}
}
