/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What identifies a probe in its answer: its source port and its initial sequence number.
 *
 * Both come from one keyed hash over the target's address and port. An answer that names the right
 * port and acknowledges the right number proves that it answers a packet of ours: 32 bits, and
 * those of the port range in addition. The key is random for each scan and never comes from the
 * seed. Probes of different kinds to one target and port differ in both numbers, so that their
 * answers are told apart without state.
 *
 * Pure: any thread may call these functions. Ports are in host order.
 */
#pragma once

#include "tcpstack/cookie/cookie.h"

/* The number of the decoy port that canaries are sent to. Decoys of responders have numbers below
 * DP_MAX_DECOYS. */
#define DP_CANARY_DECOY 15

enum dp_probe_kind {
	DP_PROBE_PRIMARY, /* repetitions included */
	DP_PROBE_SECOND,  /* to a target of the loss sample */
	DP_PROBE_DECOY,	  /* to a decoy port of a responder */
	DP_PROBE_CANARY,  /* to a decoy port of a sampled address */
	DP_N_PROBE_KIND
};

/* What a poll core needs to make and to recognise probes; constant while it runs. */
struct dp_probe_id {
	struct ts_cookie_key key;
	uint16_t port_first, n_ports; /* the core's part of the source ports */
};

/**
 * The identity hash of a target, which the functions below take.
 * @param probe_id  in
 * @param addr      in: the target's address
 * @param rport     in: its port
 * @return 64 bits
 */
static inline uint64_t dp_probe_id_hash(
	const struct dp_probe_id *probe_id, const struct ts_addr *addr, uint16_t rport)
{
	return ts_cookie_hash(&probe_id->key, addr, rport);
}

/**
 * The source port of a probe.
 * @param probe_id  in
 * @param hash      in: of dp_probe_id_hash()
 * @param kind      in: below DP_N_PROBE_KIND
 * @return one of the core's source ports
 */
static inline uint16_t dp_probe_id_port(
	const struct dp_probe_id *probe_id, uint64_t hash, enum dp_probe_kind kind)
{
	uint32_t n = probe_id->n_ports;
	uint32_t off = (uint32_t)(((hash >> 32) * n) >> 32) + (uint32_t)kind * n / DP_N_PROBE_KIND;

	return (uint16_t)(probe_id->port_first + (off >= n ? off - n : off));
}

/**
 * The source port of a target's second connection: the next one of the core's part, which begins
 * again after its end.
 * @param probe_id  in
 * @param port      in: that of the first connection, one of the core's
 * @return one of the core's source ports
 */
static inline uint16_t dp_probe_id_port_after(const struct dp_probe_id *probe_id, uint16_t port)
{
	uint32_t off = (uint32_t)(port - probe_id->port_first) + 1;

	return (uint16_t)(probe_id->port_first + (off >= probe_id->n_ports ? 0 : off));
}

/**
 * The initial sequence number of a probe.
 * @param hash  in: of dp_probe_id_hash()
 * @param kind  in: DP_N_PROBE_KIND gives the number of a second connection
 * @return the number
 */
static inline uint32_t dp_probe_id_iss(uint64_t hash, enum dp_probe_kind kind)
{
	/* 2^32 divided by the golden ratio: the numbers of the kinds are far apart. */
	return (uint32_t)hash + (uint32_t)kind * UINT32_C(0x9e3779b9);
}

/**
 * Which kind of probe is a SYN-ACK, a RST or an ICMP quote about?
 * @param probe_id  in
 * @param hash      in: of dp_probe_id_hash() for the target that it names
 * @param lport     in: our port in it
 * @param iss       in: the sequence number of the SYN that it acknowledges or quotes
 * @param kind      out: written if true is returned
 * @return false if it is about no probe of ours
 */
bool dp_probe_id_match(const struct dp_probe_id *probe_id, uint64_t hash, uint16_t lport,
	uint32_t iss, enum dp_probe_kind *kind);

/**
 * A decoy port of an address, on which hardly anything listens. It is the same for every scan with
 * this key.
 * @param probe_id  in
 * @param addr      in: the address
 * @param n         in: number of the decoy, 0..65,535
 * @return 32,768..61,000
 */
uint16_t dp_probe_id_decoy_port(
	const struct dp_probe_id *probe_id, const struct ts_addr *addr, uint32_t n);
