/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/rx/carry_out.h"

/* False: the walk cannot go on before the device has taken frames. */
static bool sweep_conn(struct dp_poll *poll, uint32_t conn)
{
	/* What is closed sends nothing any more; its finding is older than the exclusion. */
	if (!dp_flow_is_live(&poll->flows, conn) ||
		!dp_live_excludes(poll->live, &ts_conn(poll->flows.tcp, conn)->raddr))
		return true;
	if (!dp_txq_has_room(&poll->tx, 1) && dp_txq_flush(&poll->tx) == 0)
		return false;
	dp_flow_drop(&poll->flows, conn, poll->now_us);
	dp_carry_out(poll);
	dp_count(poll->stats, DP_CONNS_EXCLUDED);
	return true;
}

static void sweep_walk(struct dp_poll *poll)
{
	struct dp_sweep *sweep = &poll->sweep;
	uint32_t n_conns = poll->scan->config.max_conns;
	uint32_t end = RTE_MIN(n_conns, sweep->next + DP_SWEEP_STEP);

	while (sweep->next < end && sweep_conn(poll, sweep->next))
		sweep->next++;
	if (sweep->next == n_conns)
		sweep->n_frames = poll->tx.n_frames;
}

void dp_sweep_run(struct dp_poll *poll)
{
	struct dp_sweep *sweep = &poll->sweep;

	if (poll->live->exclude_gen == sweep->done_gen)
		return;
	if (sweep->gen != poll->live->exclude_gen) {
		sweep->gen = poll->live->exclude_gen;
		sweep->next = 0;
	}
	if (sweep->next < poll->scan->config.max_conns) {
		sweep_walk(poll);
		return;
	}
	if (poll->tx.n_frames - poll->tx.n < sweep->n_frames)
		return;
	sweep->done_gen = sweep->gen;
	/* Release; pairs with the acquire in dp_scan_exclude(): resets and all are counted. */
	atomic_store_explicit(&poll->excluded_gen, sweep->gen, memory_order_release);
}
