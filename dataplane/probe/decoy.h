/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Decoy ports: does a responder take connections on ports where nothing listens?
 *
 *   SYN-ACK ─► connection ─► row of hosts ─► prober, within its budget ─► DP_SEEN_DECOYED
 *                  └─ over before their answers have come: its record waits a little (flow.c)
 *
 * A host that has just answered is asked on up to DP_MAX_DECOYS ports between 32,768 and 61,000,
 * drawn by a keyed hash of its address, once per scan and poll core. These are SYNs like others:
 * the host waits in a row until the rate has room for them, before any first probe. Their answers
 * are noted in the table of answers by the receive path, and looked up when a record of the host is
 * made. Owner poll core only.
 */
#pragma once

#include "dataplane/core/limits.h"
#include "tcpstack/packet/addr.h"

/* Hosts that may wait: they come no faster than first probes leave, and those wait for them. */
#define DP_DECOY_SLOTS 16384

struct dp_poll;
struct dp_burst;

/* A host some of whose decoys have yet to leave. */
struct dp_decoy_host {
	struct ts_addr addr;
	uint8_t mac[6]; /* where its SYN-ACK came from */
	uint8_t next;	/* number of its next decoy */
};

/* In the order of their answers; a ring. */
struct dp_decoy_row {
	struct dp_decoy_host *hosts; /* DP_DECOY_SLOTS */
	uint32_t head, tail;
};

static inline bool dp_decoy_row_empty(const struct dp_decoy_row *row)
{
	return row->head == row->tail;
}

/**
 * Have the decoy ports of an address probed that has just taken a connection, if it is among the
 * sampled and was not asked yet. Without room in the row, or when the scan is ending, it goes
 * without (counted).
 * @param mac  in: where its SYN-ACK came from
 */
void dp_decoy_want(struct dp_poll *poll, const struct ts_addr *addr, const uint8_t mac[6]);

/** Add decoys to a burst, as many as it has frames left. In DP_RUN only (prober.c). */
void dp_decoy_run(struct dp_burst *burst, struct dp_poll *poll);

/** The core stops: count the hosts that still wait. */
void dp_decoy_abandon(struct dp_poll *poll);

/**
 * May there be more to tell of an address than dp_decoy_result() does now: decoys that are to leave
 * yet, or such as nothing has answered, neither SYN-ACK nor RST?
 */
bool dp_decoy_missing(const struct dp_poll *poll, const struct ts_addr *addr);

/**
 * What came of it.
 * @param n_sent      out: decoy ports probed, 0: not sampled, or not all of them yet
 * @param n_answered  out: of these, how many have taken a connection so far
 */
void dp_decoy_result(
	struct dp_poll *poll, const struct ts_addr *addr, uint8_t *n_sent, uint8_t *n_answered);
