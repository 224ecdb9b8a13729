/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A TLS core: wolfSSL sessions and the dialogs inside them, behind message rings. Never sees a
 * packet.
 *
 * The session in slot s for poll core p lives from DP_MSG_OPEN to DP_MSG_DONE. Meanwhile its
 * dialog is this core's. The core sleeps if it is idle and waits for nothing else. If a session's
 * chunks are out, or the pool is empty, its output stays in the session, and the session stands in
 * a queue that the core looks through in every turn. Output that is left when the session ends is
 * dropped: its peer has not taken what came before.
 */
#pragma once

#include "dataplane/core/fifo.h"
#include "dataplane/flow/msg.h"
#include "dataplane/flow/pipe.h"
#include "dataplane/core/scan_shared.h"
#include "dataplane/core/stats.h"

struct dp_tls_slot {
	struct tl_session *session; /* NULL: free */
	struct dl_dialog *dialog;
	uint8_t *body; /* process heap: what the dialog keeps of an answer's body; NULL: nothing */
	uint32_t body_cap;
	uint64_t deadline_us; /* the peer's, decided here and announced to the poll core */
	uint32_t gen, conn;
	bool told;	  /* the deadline has been announced since the last change */
	bool asked;	  /* DP_MSG_TIMER has not been answered yet */
	bool behind;	  /* stands in the row of those with something to say */
	uint64_t ticks;	  /* TSC spent in this session */
	uint64_t entered; /* TSC when the message under way was taken up */
};

struct dp_tls_core {
	struct dp_scan *scan;
	uint32_t index;
	struct dp_stats *stats;
	struct tl_worker *worker;		/* made and freed by the core's own thread */
	struct dp_tls_slot *slots[DP_MAX_POLL]; /* max_sessions each, by poll core and slot */
	struct dp_pipe *pipes[DP_MAX_POLL];	/* likewise; shared with the poll core */
	struct dp_fifo behind;			/* poll * max_sessions + slot, each once */
	struct rte_ring *from_poll[DP_MAX_POLL], *to_poll[DP_MAX_POLL];
	uint32_t n_sessions;
	const char *why; /* set when the worker could not be made; read by control after the lcore
			    returned */
	_Atomic bool ready; /* written by this core once it serves; read by control */
};

/** Build a TLS core. 0 or -ENOMEM. Main thread. */
int dp_tls_init(struct dp_tls_core *core, struct dp_scan *scan, uint32_t index);
void dp_tls_fini(struct dp_tls_core *core);

/** Bytes dp_tls_init() takes for this configuration. Any thread. */
size_t dp_tls_memory(const struct dp_scan_config *config);

/** Serve what has come, once. @return how much was done. The core's own thread, with a worker. */
uint32_t dp_tls_turn(struct dp_tls_core *core);

/** The loop, for rte_eal_remote_launch(); arg is a struct dp_tls_core. Returns 0, or -1 with why
 * set. */
int dp_tls_main(void *arg);
