/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the cores of one scan share. It is built before they start (dataplane/scan/scan.h) and
 * constant while they run, except for live, asked, the rings, and the atomics at the end.
 */
#pragma once

#include <rte_mempool.h>
#include <rte_ring.h>

#include "asked.h"
#include "clock.h"
#include "live.h"
#include "pool.h"
#include "scan_config.h"
#include "tcpstack/cookie/cookie.h"

struct dp_poll;
struct dp_scan_threads;
struct dp_tls_core;

/* A neighbour update: an answer to a question of ours (asked.h) on its way to control. */
struct dp_neigh_update {
	struct ts_addr addr;
	uint8_t mac[6];
	uint8_t unused[2];
};

struct dp_scan {
	struct dp_scan_config config;
	const struct dp_targets *targets;
	struct ts_cookie_key cookie_key; /* random, never derived from the seed */
	struct dp_clock clock;
	struct dp_live_ref live;
	struct dp_asked *asked; /* our open questions; shared by the poll cores */
	uint16_t port_id;
	uint8_t mac[6];
	int socket_id;
	struct rte_mempool *mbufs, *rx_chunks, *tx_chunks, *dialogs;
	struct dp_pool rx_pool, tx_pool, dialog_pool; /* the last three, as flows see them */
	uint16_t service_of_port[65536];	      /* index + 1 into services, 0: not scanned */
	struct dp_poll *poll[DP_MAX_POLL];	      /* n_poll */
	struct dp_tls_core *tls[DP_MAX_TLS];	      /* n_tls */
	struct dp_scan_threads *threads; /* what control and the writer keep (scan.h) */
	struct rte_ring
		*to_writer[DP_MAX_POLL]; /* struct dp_record; producer poll i, consumer writer */
	struct rte_ring *to_control
		[DP_MAX_POLL]; /* struct dp_neigh_update; producer poll i, consumer control */
	struct rte_ring
		*misdirected[DP_MAX_POLL]
			    [DP_MAX_POLL]; /* mbufs; from poll i to poll k, NULL if i == k */
	_Atomic uint32_t snapshot_wanted;  /* number of the copy asked for; writer to poll cores */
	_Atomic uint32_t n_drained; /* poll cores with nothing left to do; each adds 1, once */
	_Atomic bool stop_tls; /* written by control after the last poll core, read by TLS lcores */
};
