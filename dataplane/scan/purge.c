/* SPDX-License-Identifier: BSD-3-Clause */
#include "purge.h"

#include "dataplane/core/poll.h"
#include "dataplane/port/txq.h"
#include "dataplane/rx/carry_out.h"

/* Reset a connection if its peer is excluded. False: the walk must wait until the device has taken
 * frames. */
static bool purge_conn(struct dp_rx *rx, uint32_t conn)
{
	const struct dp_poll *poll = rx->poll;

	/* A closed connection sends nothing any more, and its record is older than the
	 * exclusion. */
	if (!dp_flow_is_live(&rx->flows, conn) ||
		!dp_live_excludes(poll->live, &ts_conn(rx->flows.tcp, conn)->raddr))
		return true;
	if (!dp_txq_has_room(poll->tx, 1) && dp_txq_flush(poll->tx) == 0)
		return false;
	dp_flow_drop(&rx->flows, conn, poll->now_us);
	dp_carry_out(rx);
	dp_count(poll->stats, DP_CONNS_EXCLUDED);
	return true;
}

static void walk(struct dp_purge *purge, uint32_t n_conns)
{
	uint32_t end = RTE_MIN(n_conns, purge->next + DP_PURGE_STEP);

	while (purge->next < end && purge_conn(purge->rx, purge->next))
		purge->next++;
	if (purge->next == n_conns)
		purge->n_frames = purge->rx->poll->tx->n_frames;
}

void dp_purge_run(struct dp_purge *purge)
{
	const struct dp_poll *poll = purge->rx->poll;
	uint32_t n_conns = poll->scan->config.max_conns;

	if (poll->live->exclude_gen == purge->done_gen)
		return;
	if (purge->gen != poll->live->exclude_gen) {
		purge->gen = poll->live->exclude_gen;
		purge->next = 0;
	}
	if (purge->next < n_conns) {
		walk(purge, n_conns);
		return;
	}
	if (poll->tx->n_frames - poll->tx->n < purge->n_frames)
		return;
	purge->done_gen = purge->gen;
	/* Release; pairs with the acquire in dp_scan_exclude(): control then sees the counted
	 * resets. */
	atomic_store_explicit(&purge->excluded_gen, purge->gen, memory_order_release);
}

void dp_purge_end(struct dp_purge *purge)
{
	/* Release; pairs with the acquire in dp_scan_exclude(). */
	atomic_store_explicit(&purge->excluded_gen, UINT64_MAX, memory_order_release);
}
