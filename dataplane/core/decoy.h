/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Decoy ports: does a responder take connections on ports where nothing listens?
 *
 *   SYN-ACK ─► connection ─► queue of hosts ─► prober, within its budget ─► DP_DEDUP_DECOYED
 *                  └─ over before their answers have come: its record waits a little (flow.h)
 *
 * A host that has just answered is asked on up to DP_MAX_DECOYS ports between 32,768 and 61,000,
 * drawn by a keyed hash of its address, once per scan and poll core. Decoys are SYNs like others:
 * the host waits in a queue until the rate has room for them, before any first probe. Their answers
 * are noted in the table of answers by the receive path, and looked up when a record of the host is
 * made. This is what a connection asks for; decoy_send.h has what the prober sends. Owner poll core
 * only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "limits.h"
#include "tcpstack/packet/addr.h"

/* Hosts that may wait: they come no faster than first probes leave, and those wait for them. */
#define DP_DECOY_SLOTS 16384

struct dp_poll;

/* A host some of whose decoys have yet to leave. */
struct dp_decoy_host {
	struct ts_addr addr;
	uint8_t mac[6]; /* where its SYN-ACK came from */
	uint8_t next;	/* number of its next decoy */
};

/* The queue, in the order of their answers: a ring. */
struct dp_decoys {
	struct dp_poll *poll;	     /* of this core */
	struct dp_decoy_host *hosts; /* DP_DECOY_SLOTS */
	uint32_t head, tail;
};

/** Bytes of the queue's memory. Any thread. */
size_t dp_decoy_memory(void);

static inline bool dp_decoy_none(const struct dp_decoys *decoys)
{
	return decoys->head == decoys->tail;
}

/**
 * Have the decoy ports of an address probed that has just taken a connection, if it is among the
 * sampled and was not asked yet. If the queue is full, or the scan is ending, the host goes without
 * (counted).
 * @param decoys  in/out: of the core that owns the host
 * @param addr    in: the host; copied
 * @param mac     in: where its SYN-ACK came from; copied
 */
void dp_decoy_want(struct dp_decoys *decoys, const struct ts_addr *addr, const uint8_t mac[6]);

/**
 * The port of an address's decoy number n.
 * @param n  in: below config.n_decoys
 * @return host order; 0 when this number is left out: its port is a service of this scan, or an
 *         earlier number's
 */
uint16_t dp_decoy_port(const struct dp_decoys *decoys, const struct ts_addr *addr, uint32_t n);

/** All decoys of a host have been queued for the device. */
void dp_decoy_all_left(struct dp_decoys *decoys, const struct ts_addr *addr);

/** The core stops: count the hosts that still wait, and forget them. */
void dp_decoy_abandon(struct dp_decoys *decoys);

/**
 * May dp_decoy_result() soon have more to tell of an address than now: are there decoys that have
 * yet to leave, or such as nothing has answered, neither SYN-ACK nor RST?
 */
bool dp_decoy_missing(const struct dp_decoys *decoys, const struct ts_addr *addr);

/**
 * What came of an address's decoys.
 * @param n_sent      out: decoy ports probed, 0: not sampled, or not all of them yet
 * @param n_answered  out: of these, how many have taken a connection so far
 */
void dp_decoy_result(const struct dp_decoys *decoys, const struct ts_addr *addr, uint8_t *n_sent,
	uint8_t *n_answered);
