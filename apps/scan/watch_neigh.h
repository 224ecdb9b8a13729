/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The neighbours under a running scan: what they answer, and what becomes of the gateways.
 *
 *   gateway ──never answers──► SC_NEIGH_NO_GATEWAY: the scan ends and has sent nothing
 *      │ answers
 *      ▼
 *   known ──silent (resolve.h)──► probes wait, no checkpoint is written ──answers──► they leave
 *                                    │ GATEWAY_PATIENCE_US                             again
 *                                    ▼
 *                                 SC_NEIGH_GATEWAY_LOST: the scan ends
 *
 * This unit decides, watch_act.c acts. Probes that were sent to a gateway that was gone are lost,
 * as with a lost link (watch_link.h). Main thread.
 */
#pragma once

#include "scan_end.h"
#include "scan_plan.h"
#include "dataplane/scan/scan.h"

enum sc_neigh_verdict {
	SC_NEIGH_FINE,	       /* the scan continues; lost_us says whether a gateway is silent */
	SC_NEIGH_NO_GATEWAY,   /* a gateway has never answered */
	SC_NEIGH_GATEWAY_LOST, /* a gateway that had answered is silent for too long */
};

struct sc_watch_neigh {
	uint64_t calm_us;  /* scan time at which last no gateway was missing */
	uint64_t lost_us;  /* scan time since when a known gateway has been silent; 0: none is */
	uint64_t claim_us; /* scan time of the last message about a second claim; 0: none */
	uint64_t n_untold; /* second claims since then */
};

/**
 * Process neighbour updates, send requests that are due, and tell the user on standard error.
 * @param neigh    in/out: one that is all zero has just begun
 * @param plan     in: its route and targets
 * @param scan     in/out: its neighbours learn; nothing else of it changes
 * @param no_link  in: the link is down, so that silence means nothing
 * @param probing  in: probes may leave
 * @param now_us   in: scan time, never 0
 * @param why      out: the sentence for the user, if the verdict ends the scan
 * @return the verdict
 */
enum sc_neigh_verdict sc_watch_neigh_take(struct sc_watch_neigh *neigh, const struct sc_plan *plan,
	struct dp_scan *scan, bool no_link, bool probing, uint64_t now_us, char why[SC_ERR_LEN]);
