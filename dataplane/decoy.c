/* SPDX-License-Identifier: BSD-3-Clause */
#include "decoy.h"

#include "poll.h"

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

void dp_decoy_probe(struct dp_poll *poll, const struct ts_addr *addr, const uint8_t mac[6])
{
	uint32_t n_decoys = poll->scan->config.n_decoys;

	if (poll->live->mode != DP_RUN || !is_sampled(poll, addr) ||
		!dp_txq_has_room(&poll->tx, n_decoys) ||
		dp_seen_add(&poll->seen, DP_SEEN_DECOYED, addr, 0))
		return;
	for (uint32_t n = 0; n < n_decoys; n++) {
		uint16_t port = decoy_port(poll, addr, n);

		if (port != 0 && dp_prober_send_one(poll, addr, port, DP_PROBE_DECOY, mac))
			dp_count(poll->stats, DP_DECOYS_SENT);
	}
}

void dp_decoy_result(
	struct dp_poll *poll, const struct ts_addr *addr, uint8_t *n_sent, uint8_t *n_answered)
{
	*n_sent = 0;
	*n_answered = 0;
	if (!is_sampled(poll, addr) || !dp_seen_has(&poll->seen, DP_SEEN_DECOYED, addr, 0))
		return;
	for (uint32_t n = 0; n < poll->scan->config.n_decoys; n++) {
		if (decoy_port(poll, addr, n) == 0)
			continue;
		(*n_sent)++;
		*n_answered += dp_seen_has(&poll->seen, DP_SEEN_DECOY, addr, (uint16_t)n);
	}
}
