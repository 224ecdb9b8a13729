/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Decoy ports: does a responder take connections on ports where nothing listens?
 *
 * A host that has just answered is asked on up to DP_MAX_DECOYS ports between 32,768 and 61,000,
 * drawn by a keyed hash of its address, once per scan and poll core. Their answers are noted in the
 * table of answers by the receive path, and looked up when a record of the host is made: by then a
 * round trip has passed. Owner poll core only.
 */
#pragma once

#include "tcpstack/addr.h"

#define DP_MAX_DECOYS 8

struct dp_poll;

/**
 * Probe the decoy ports of an address that has just taken a connection, if it is among the sampled
 * and was not asked yet. Sends nothing when the transmit queue has no room for all of them: the
 * host's next connection tries again.
 * @param mac  in: where its SYN-ACK came from
 */
void dp_decoy_probe(struct dp_poll *poll, const struct ts_addr *addr, const uint8_t mac[6]);

/**
 * What came of it.
 * @param n_sent      out: decoy ports probed, 0: not sampled
 * @param n_answered  out: of these, how many have taken a connection so far
 */
void dp_decoy_result(
	struct dp_poll *poll, const struct ts_addr *addr, uint8_t *n_sent, uint8_t *n_answered);
