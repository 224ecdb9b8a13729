/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Decoy ports: does a responder take connections on ports that nobody uses?
 *
 *   SYN-ACK ─► connection ─► queue of hosts ─► prober, within its budget ─► DP_DEDUP_DECOYED
 *                  └─ over before the decoys are answered: its record waits a little (flow.h)
 *
 * A host that has just answered is probed on up to DP_MAX_DECOYS ports between 32,768 and 61,000,
 * once per scan and poll core. A keyed hash of its address draws the ports. Decoys are SYNs within
 * the rate, as all probes are: the host waits in a queue until the budget allows them. They go out
 * before any first probe. The receive path notes their answers in the dedup table, and they are
 * looked up when a record of the host is made.
 *
 * Here is what a connection asks for; decoy_send.h has what the prober sends. Only the owner poll
 * core calls these functions, unless their contract says otherwise.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "limits.h"
#include "queue.h"
#include "tcpstack/packet/addr.h"

/* Hosts that may wait. They come no faster than first probes leave, and first probes wait for
 * decoys. */
#define DP_DECOY_SLOTS 16384

struct dp_poll;

/* A host whose decoys have not all left. */
struct dp_decoy_host {
	struct ts_addr addr;
	uint8_t mac[6]; /* where its SYN-ACK came from */
	uint8_t next;	/* number of its next decoy */
};

/* The queue of hosts, in the order of their answers. */
struct dp_decoys {
	struct dp_poll *poll;	     /* of this core */
	struct dp_decoy_host *hosts; /* DP_DECOY_SLOTS */
	struct dp_queue queue;
};

/** Bytes of the queue's memory. Any thread. */
size_t dp_decoy_memory(void);

/** Is the queue of hosts empty? */
static inline bool dp_decoy_none(const struct dp_decoys *decoys)
{
	return dp_queue_is_empty(&decoys->queue);
}

/**
 * Have the decoy ports of a host probed that has just taken a connection, if the host is sampled
 * and has not been queued before. If the queue is full, or if the scan is ending, no decoys are
 * sent (counted).
 * @param decoys  in/out: of the core that owns the host
 * @param addr    in: the host; copied
 * @param mac     in: where its SYN-ACK came from; copied
 */
void dp_decoy_want(struct dp_decoys *decoys, const struct ts_addr *addr, const uint8_t mac[6]);

/**
 * The port of one decoy of a host.
 * @param decoys  in: of this core
 * @param addr    in: the host
 * @param n       in: number of the decoy, below config.n_decoys
 * @return host order; 0 if this decoy is left out, because the scan has a service on the port, or
 *         an earlier decoy of the host has the same port
 */
uint16_t dp_decoy_port(const struct dp_decoys *decoys, const struct ts_addr *addr, uint32_t n);

/**
 * Note that all decoys of a host have been queued for the device.
 * @param decoys  in/out: of this core
 * @param addr    in: the host; copied
 */
void dp_decoy_all_left(struct dp_decoys *decoys, const struct ts_addr *addr);

/** Count the hosts that still wait as abandoned, and forget them. Called if the core stops. */
void dp_decoy_abandon(struct dp_decoys *decoys);

/**
 * May dp_decoy_result() soon say more about a host than now?
 * @param decoys  in: of this core
 * @param addr    in: the host
 * @return true if decoys of it have not left yet, or are without an answer, be it SYN-ACK or RST.
 *         False if the host is excluded
 */
bool dp_decoy_missing(const struct dp_decoys *decoys, const struct ts_addr *addr);

/**
 * Count the decoys of a host and their answers.
 * @param decoys      in: of this core
 * @param addr        in: the host
 * @param n_sent      out: decoy ports probed; 0: the host is not sampled, or not all of its decoys
 *                    have left
 * @param n_answered  out: those that have answered with SYN-ACK so far, 0..n_sent
 */
void dp_decoy_result(const struct dp_decoys *decoys, const struct ts_addr *addr, uint8_t *n_sent,
	uint8_t *n_answered);
