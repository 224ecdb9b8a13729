/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How a probe is known again: its source port and its initial sequence number.
 *
 * Both come from one keyed hash over the target's address and port, so an answer that names the
 * right port and acknowledges the right number proves that it answers a packet we sent: 32 bits,
 * and those of the port range on top. The key is random per scan, never the seed. Probes of
 * different kinds to one target and port differ in both, so that their answers are told apart
 * without state.
 */
#pragma once

#include "tcpstack/cookie/cookie.h"

/* The decoy port that canaries are sent to; responders' decoys are numbered from 0. */
#define DP_CANARY_DECOY 15

enum dp_probe_kind {
	DP_PROBE_PRIMARY, /* every repetition alike */
	DP_PROBE_SECOND,  /* of the loss estimate's sample */
	DP_PROBE_DECOY,	  /* a responder's decoy port */
	DP_PROBE_CANARY,  /* a sampled target's decoy port */
	DP_N_PROBE_KIND
};

/* One poll core's; constant. */
struct dp_probe_id {
	struct ts_cookie_key key;
	uint64_t stamp_key; /* of ts_stamp(), for the timestamps of probes and connections */
	uint16_t port_first, n_ports; /* the core's part of the source ports */
};

/** The hash that the two functions below take their numbers from. Pure. */
static inline uint64_t dp_probe_id_hash(
	const struct dp_probe_id *probe_id, const struct ts_addr *addr, uint16_t rport)
{
	return ts_cookie_hash(&probe_id->key, addr, rport);
}

/** The source port of a probe of one kind. Pure. */
static inline uint16_t dp_probe_id_port(
	const struct dp_probe_id *probe_id, uint64_t hash, enum dp_probe_kind kind)
{
	uint32_t n = probe_id->n_ports;
	uint32_t off = (uint32_t)(((hash >> 32) * n) >> 32) + (uint32_t)kind * n / DP_N_PROBE_KIND;

	return (uint16_t)(probe_id->port_first + (off >= n ? off - n : off));
}

/** The source port behind another one, where a target's second connection goes out. Pure. */
static inline uint16_t dp_probe_id_port_after(const struct dp_probe_id *probe_id, uint16_t port)
{
	uint32_t off = (uint32_t)(port - probe_id->port_first) + 1;

	return (uint16_t)(probe_id->port_first + (off >= probe_id->n_ports ? 0 : off));
}

/** The initial sequence number of a probe of one kind. Pure. */
static inline uint32_t dp_probe_id_iss(uint64_t hash, enum dp_probe_kind kind)
{
	/* 2^32 divided by the golden ratio: far apart, so that no ACK of one is near another's. */
	return (uint32_t)hash + (uint32_t)kind * UINT32_C(0x9e3779b9);
}

/**
 * Which kind of probe a SYN-ACK, RST or quote is about.
 * @param lport  in: our port in it
 * @param iss    in: the sequence number it acknowledges or quotes
 * @param kind   out: on true
 * Pure.
 */
bool dp_probe_id_match(const struct dp_probe_id *probe_id, uint64_t hash, uint16_t lport,
	uint32_t iss, enum dp_probe_kind *kind);

/**
 * A port on which hardly anything listens, 32,768..61,000: number n of an address's decoys. The
 * same for every scan with this key. Pure.
 */
uint16_t dp_probe_id_decoy_port(
	const struct dp_probe_id *probe_id, const struct ts_addr *addr, uint32_t n);
