/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A poll core: one RX and one TX queue, its share of the targets, its connections.
 *
 * Loop: receive, strays from other cores, messages from TLS cores, timers, acknowledgements owed,
 * credits, records, then new probes with what budget is left, then transmit and a quiescent state.
 * Nothing in it blocks, allocates from the heap, or computes public-key crypto.
 */
#pragma once

#include "dataplane/core/loss.h"
#include "dataplane/flow/flow.h"
#include "dataplane/core/ident.h"
#include "dataplane/probe/prober.h"
#include "dataplane/pace/replies.h"
#include "scan.h"
#include "dataplane/core/seen.h"
#include "sweep.h"
#include "snapshot.h"
#include "dataplane/port/txq.h"

#define DP_RX_BURST 64
/* Frames taken from a device or another core in one turn: many more than a turn's probes bring. */
#define DP_RX_BUDGET	 1024
#define DP_TIMER_BUDGET	 256
#define DP_MSG_BUDGET	 64
#define DP_GRANT_BUDGET	 64
#define DP_RECORD_BUDGET 64
#define DP_BEHIND_BUDGET 64
/* Largest segment sent and advertised; IPv6 takes 20 less (tcp.h). */
#define DP_MSS 1460
#define DP_TTL 64

struct dp_poll {
	struct dp_scan *scan;
	uint32_t index; /* which poll core; also its queue number */
	struct dp_stats *stats;
	uint64_t now_us;	    /* of this loop */
	uint64_t publish_us;	    /* when the levels are due */
	uint64_t tx_moved_us;	    /* when the device last took a frame, or none waited */
	uint64_t abort_us;	    /* when DP_ABORT was seen, 0: not */
	const struct dp_live *live; /* of this loop */
	struct dp_flows flows;	    /* our connections, with the TCP stack */
	struct dp_txq tx;
	struct dp_seen seen;
	struct dp_prober prober;
	struct dp_sweep sweep;
	struct dp_snapshot snapshot;
	struct dp_replies replies; /* the prober sets it with the limits */
	struct dp_ident ident;	   /* with our part of the source ports */
	bool done; /* drained: takes no new connection, forwards what is not its own */
	struct rte_ring *to_tls[DP_MAX_TLS];   /* struct dp_msg; producer this core */
	struct rte_ring *from_tls[DP_MAX_TLS]; /* struct dp_msg; consumer this core */
	uint32_t random;		       /* for IP ids: no secret */
	void *memory[5];	     /* blocks behind TCP, flows, seen, prober, snapshot */
	uint32_t *slots[DP_MAX_TLS]; /* behind the flows' credits */
	/* How far the first and the last regular pass over our indices have come: nothing below
	 * n_settled is probed again but for retries and samples, nor waits for its link-layer
	 * address. Written by this core, read by control. */
	_Atomic uint64_t n_begun, n_settled;
	/* Our part of config.again that a pass has yet to reach. Written by this core, read by the
	 * writer. */
	_Atomic uint64_t n_again_left;
	/* Valid answers from behind the gateways, IPv4 and IPv6. Written by this core, read by
	 * control. */
	_Atomic uint64_t n_heard[2];
	/* The dp_live.exclude_gen after which no frame to an excluded address can leave any more:
	 * connections reset, queue flushed; UINT64_MAX when the core has left its loop. Written by
	 * this core (release), read by control (acquire). */
	_Atomic uint64_t excluded_gen;
	_Atomic bool probing_done; /* written by this core, read by control */
	struct dp_loss loss;
};

/* IP identification: unpredictable enough to say nothing about our rate, no secret. */
static inline uint16_t dp_poll_ip_id(struct dp_poll *poll)
{
	poll->random = poll->random * UINT32_C(1664525) + UINT32_C(1013904223);
	return (uint16_t)(poll->random >> 16);
}

/**
 * Build a poll core on socket memory.
 * @return 0 or -ENOMEM. Main thread, before the lcores start.
 */
int dp_poll_init(struct dp_poll *poll, struct dp_scan *scan, uint32_t index);
void dp_poll_fini(struct dp_poll *poll);

/** Bytes dp_poll_init() takes for this configuration. Any thread. */
size_t dp_poll_memory(const struct dp_scan_config *config);

/** The loop, for rte_eal_remote_launch(); arg is a struct dp_poll. Returns 0 when drained or
 * aborted. */
int dp_poll_main(void *arg);

/** Take in one burst of frames. @return frames handled (rx.c) */
uint32_t dp_rx_poll(struct dp_poll *poll);

/** May this reply be sent, a frame of so many bytes (replies.h)? Counted as sent, else as
 * suppressed. */
bool dp_poll_reply(
	struct dp_poll *poll, enum dp_reply reply, enum dp_counter suppressed, uint32_t frame_len);
