/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A TLS core: wolfSSL sessions and the dialogs inside them, behind message rings. Never sees a
 * packet.
 *
 * The session in slot s for poll core p lives from DP_MSG_OPEN to DP_MSG_DONE; in between its talk
 * is this core's. The core may pause when idle and may wait for room in its outgoing ring: the poll
 * core always drains it.
 */
#pragma once

#include "chunk.h"
#include "msg.h"
#include "scan.h"

struct dp_tls_slot {
	struct tl_session *session; /* NULL: free */
	struct dl_talk *talk;
	uint64_t deadline_us; /* announced to the poll core */
	uint32_t gen, conn;
	bool up;	  /* handshake done, the talk goes on inside */
	bool told;	  /* the deadline has been announced since the last change */
	uint64_t ticks;	  /* TSC spent in this session */
	uint64_t entered; /* TSC when the message under way was taken up */
};

struct dp_tls_core {
	struct dp_scan *scan;
	uint32_t index;
	struct dp_stats *stats;
	struct tl_worker *worker;		/* made and freed by the core's own thread */
	struct dp_tls_slot *slots[DP_MAX_POLL]; /* max_sessions each, by poll core and slot */
	struct rte_ring *from_poll[DP_MAX_POLL], *to_poll[DP_MAX_POLL];
	uint32_t n_sessions;
	const char *why; /* set when the worker could not be made; read by control after the lcore
			    returned */
	_Atomic bool ready; /* written by this core once it serves; read by control */
};

/** Build a TLS core. 0 or -ENOMEM. Main thread. */
int dp_tls_init(struct dp_tls_core *core, struct dp_scan *scan, uint32_t index);
void dp_tls_fini(struct dp_tls_core *core);

/** The loop, for rte_eal_remote_launch(); arg is a struct dp_tls_core. Returns 0, or -1 with why
 * set. */
int dp_tls_main(void *arg);
