/* SPDX-License-Identifier: BSD-3-Clause */
#include "tally.h"

#include "dataplane/core/poll.h"
#include "dataplane/scan/scan.h"
#include "dataplane/tlscore/tlscore.h"

const enum dp_counter st_tally_unused[] = {
	DP_RX_BUSY,
	DP_RX_MULTI_SEGMENT,
	DP_RX_MISDIRECTED_LOST,
	DP_RX_OTHER_MAC,
	DP_RX_OTHER_VLAN,
	DP_NEIGH_UPDATES_LOST,
	DP_NEIGHBOUR_UNASKED,
	DP_NEIGHBOUR_REFUSED,
	DP_NEIGHBOUR_CLAIMS,
	DP_SYNACK_BAD_COOKIE,
	DP_SYNACK_RETRY_LATER,
	DP_RST_BAD_COOKIE,
	DP_ICMP_BAD_QUOTE,
	DP_NO_CONNECTION,
	DP_ARP_SUPPRESSED,
	DP_ECHO_SUPPRESSED,
	DP_RST_SUPPRESSED,
	DP_ACK_SUPPRESSED,
	DP_TX_NO_BUFFER,
	DP_TX_RING_FULL,
	DP_NEIGHBOUR_UNRESOLVED,
};
const size_t st_tally_n_unused = sizeof(st_tally_unused) / sizeof(st_tally_unused[0]);

static void take_counts(struct st_tally *t, struct dp_stats *const *blocks, uint32_t n)
{
	for (int i = 0; i < DP_N_COUNTER; i++)
		t->counter[i] = dp_stats_sum(blocks, n, (enum dp_counter)i);
	for (int i = 0; i < TS_N_DROP; i++)
		t->drop[i] = dp_stats_sum_drop(blocks, n, (enum ts_drop)i);
	for (int i = 0; i < DP_N_GAUGE; i++)
		t->gauge[i] = dp_stats_gauge(blocks, n, (enum dp_gauge)i);
	for (size_t i = 0; i < st_tally_n_unused; i++)
		t->n_unused += t->counter[st_tally_unused[i]];
	for (int i = 1; i < TS_N_DROP; i++)
		t->n_unused += t->drop[i];
	t->n_held_back = t->counter[DP_ARP_SUPPRESSED] + t->counter[DP_ECHO_SUPPRESSED] +
			 t->counter[DP_RST_SUPPRESSED] + t->counter[DP_ACK_SUPPRESSED];
	t->n_noise = t->counter[DP_REPLIES_SENT] + t->n_held_back;
	t->n_answers = t->counter[DP_SYNACK_VALID] + t->counter[DP_RST_VALID] +
		       t->counter[DP_ICMP_VALID];
}

/* Progress counts the first probe of each index alone, without repeated probes, samples, canaries
 * and decoys. */
static void take_progress(struct st_tally *t, const struct dp_scan *scan)
{
	t->n_targets = scan->config.n_indices;
	t->n_gone = dp_scan_n_begun(scan);
}

void st_tally_take(struct st_tally *tally, const struct st_tally_source *source)
{
	const struct dp_scan *scan = source->scan;
	const struct dp_live *live = scan->live.current;
	struct dp_stats *blocks[DP_MAX_BLOCKS];
	uint32_t n = dp_scan_stats(scan, blocks), n_poll = scan->config.n_poll;

	*tally = (struct st_tally){.now_us = dp_clock_us(&scan->clock), .n_poll = n_poll};
	take_counts(tally, blocks, n);
	take_progress(tally, scan);
	dp_port_losses(source->port, &tally->nic_rx_missed, &tally->nic_tx_errors);
	tally->n_records = atomic_load_explicit(source->n_records, memory_order_relaxed);
	tally->loop_p999_us = dp_clock_span_us(&scan->clock, dp_stats_loop_p999(blocks, n_poll));
	tally->loop_max_us = dp_clock_span_us(&scan->clock, dp_stats_loop_max(blocks, n_poll));
	for (uint32_t i = 0; i < n_poll; i++)
		tally->stalls[atomic_load_explicit(&blocks[i]->stall, memory_order_relaxed)]++;
	tally->asked_pps = live->rate_pps;
	tally->asked_bps = live->bandwidth_bps;
}

enum dp_stall st_tally_stall(const struct st_tally *tally)
{
	enum dp_stall worst = DP_STALL_DONE;

	/* They are in the order of what a user can do about them. A core that is done does not
	 * wait. */
	for (unsigned int i = 0; i < DP_STALL_DONE; i++)
		if (tally->stalls[i] > 0)
			worst = (enum dp_stall)i;
	return worst;
}

double st_tally_hit_rate(const struct st_tally *tally)
{
	uint64_t n = tally->counter[DP_TARGETS_STARTED] + tally->counter[DP_TARGETS_AGAIN];

	return n == 0 ? 0 : (double)tally->counter[DP_SYNACK_VALID] / (double)n;
}

uint32_t st_tally_cores(
	const struct dp_roles *roles, const struct dp_scan *scan, struct st_tally_core *cores)
{
	uint32_t n = 0, p = 0, t = 0;

	for (uint32_t i = 1; i < roles->n; i++) {
		const struct dp_role_place *place = &roles->place[i];

		if (place->role != DP_ROLE_POLL && place->role != DP_ROLE_TLS)
			continue;
		cores[n++] = (struct st_tally_core){
			.lcore = i,
			.cpu = place->cpu,
			.role = place->role,
			.stats = place->role == DP_ROLE_POLL ? scan->poll[p++]->stats
							     : scan->tls[t++]->stats,
		};
	}
	return n;
}
