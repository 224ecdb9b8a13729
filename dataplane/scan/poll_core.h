/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A poll core: one RX and one TX queue, its share of the targets, its connections.
 *
 * One turn of its loop: receive from the device and from other cores, messages from TLS cores,
 * timers, credits, records, acknowledgements, then new probes with the budget that is left, then
 * transmit, and a quiescent state. Nothing in it blocks, allocates from the heap, or runs
 * public-key crypto.
 */
#pragma once

#include "dataplane/core/poll.h"
#include "dataplane/core/work.h"
#include "dataplane/port/txq.h"
#include "dataplane/probe/prober.h"
#include "dataplane/rx/rx.h"
#include "purge.h"
#include "snapshot.h"

struct dp_poll_core {
	struct dp_poll poll; /* what the parts below may see; first, see dp_poll_core_of() */
	struct dp_work work;
	struct dp_txq tx;
	struct dp_prober prober;
	struct dp_rx rx;
	struct dp_purge purge;
	struct dp_snapshot snapshot;
	struct rte_ring *from_tls[DP_MAX_TLS]; /* struct dp_msg; consumer this core */
	uint64_t publish_us;		       /* when the gauges are published next */
	uint64_t abort_us;		       /* when DP_ABORT was seen; 0: it was not */
	void *memory[7];		       /* memory of the parts */
	uint32_t *slots[DP_MAX_TLS];	       /* memory of the flows' credits */
	_Atomic bool probing_done;	       /* written by this core, read by control */
};

/** The whole core, from the part that all folders see. Any thread. */
static inline struct dp_poll_core *dp_poll_core_of(struct dp_poll *poll)
{
	return (struct dp_poll_core *)(void *)poll;
}

/**
 * Build a poll core on socket memory. Main thread, before the lcores start.
 * @param core   out: zeroed before
 * @param scan   in: its configuration, clock, key, port and mbufs are set; borrowed
 * @param index  in: below config.n_poll
 * @return 0 or -ENOMEM; dp_poll_core_fini() is needed after either
 */
int dp_poll_core_init(struct dp_poll_core *core, struct dp_scan *scan, uint32_t index);

/** Give its memory back. Main thread, after the lcores have returned. */
void dp_poll_core_fini(struct dp_poll_core *core);

/** Bytes that a poll core takes for this configuration, its own struct included. Any thread. */
size_t dp_poll_core_memory(const struct dp_scan_config *config);

/** What in the core holds probes up, apart from the rate; DP_STALL_NONE: nothing. Owner core. */
enum dp_stall dp_poll_core_busy(const struct dp_poll_core *core);

/**
 * The loop, for rte_eal_remote_launch(). It ends after DP_DRAIN or DP_ABORT, if all poll cores are
 * drained.
 * @param arg  in/out: the core's struct dp_poll
 * @return 0
 */
int dp_poll_core_main(void *arg);
