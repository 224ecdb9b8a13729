/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A TLS core: wolfSSL sessions and the dialogs inside them, behind message rings. It sees no
 * packet.
 *
 * The session in slot s for poll core p lives from DP_MSG_OPEN to DP_MSG_DONE. In that time the
 * core owns its dialog. The core sleeps if it is idle and waits for nothing else. If all of a
 * session's transmit chunks are in use, or the pool is empty, its output stays in the session, and
 * the session stands in a queue that the core looks at in every turn. Output that is left at the
 * end of the session is dropped: its peer has not acknowledged what came before it.
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
	bool told;	  /* the deadline has been announced since its last change */
	bool asked;	  /* DP_MSG_TIMER has not been answered yet */
	bool behind;	  /* stands in the queue dp_tls_core.behind */
	uint64_t ticks;	  /* TSC ticks spent in this session */
	uint64_t entered; /* TSC when the current message was begun */
};

struct dp_tls_core {
	struct dp_scan *scan;
	uint32_t index;
	struct dp_stats *stats;
	struct tl_worker *worker;		/* made and freed by the core's own thread */
	struct dp_tls_slot *slots[DP_MAX_POLL]; /* max_sessions each, by poll core and slot */
	struct dp_pipe *pipes[DP_MAX_POLL];	/* likewise; shared with the poll core */
	/* Sessions whose output or deadline has to wait: poll * max_sessions + slot, each once. */
	struct dp_fifo behind;
	struct rte_ring *from_poll[DP_MAX_POLL], *to_poll[DP_MAX_POLL];
	uint32_t n_sessions;
	const char *why;    /* why the worker could not be made, NULL: it was; read by control after
			    the lcore has returned */
	_Atomic bool ready; /* written by this core once it serves; read by control */
};

/**
 * Build a TLS core on socket memory. Main thread, before the lcores start.
 * @param core   out: zeroed before
 * @param scan   in: its configuration, clock and socket are set; borrowed
 * @param index  in: below config.n_tls
 * @return 0 or -ENOMEM; dp_tls_fini() is needed after either
 */
int dp_tls_init(struct dp_tls_core *core, struct dp_scan *scan, uint32_t index);

/** Give its memory back. Main thread, after the lcores have returned. */
void dp_tls_fini(struct dp_tls_core *core);

/** Bytes dp_tls_init() takes for this configuration. Any thread. */
size_t dp_tls_memory(const struct dp_scan_config *config);

/**
 * Serve the messages that have come, once. The core's own thread.
 * @param core  in/out: with a worker
 * @return how much was done
 */
uint32_t dp_tls_turn(struct dp_tls_core *core);

/**
 * The loop, for rte_eal_remote_launch(). It ends if dp_scan.stop_tls is set.
 * @param arg  in/out: struct dp_tls_core
 * @return 0; -1: the worker could not be made, core->why says why
 */
int dp_tls_main(void *arg);
