/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which answers have been served: a flat keyed table of fingerprints, one per poll core.
 *
 *     bucket = one cache line: [fp0 fp1 fp2 fp3 fp4 fp5 fp6 fp7]   newest first
 *
 * A host repeats its SYN-ACK, some without end; each must be recognised after its connection is
 * gone. All verdicts on one address and port lie in one bucket: a single cache miss answers every
 * question about it, and dp_dedup_load() hides that one. A fingerprint is the probe's
 * identity hash (probe_id.h) behind a keyed multiplication; the kind replaces its lowest four bits.
 * So a RST never hides a SYN-ACK, and nobody can aim at a bucket: a probed host knows the
 * hash of its own address in part, but not the multiplier. Two pairs are taken for one with
 * probability n / 2^60 per look-up when n answers are held, below 2^-36.
 *
 * What finds its bucket full goes next door, into the other bucket of the pair, if there is room:
 * an answer forgotten too early is a host recorded twice, or a loss that was none. When both are
 * full the oldest is forgotten, with one exception: the other kinds together keep to two ways as
 * long as SYN-ACKs want the rest. A flood of RSTs makes us forget RSTs, not whom we have served.
 */
#pragma once

#include "probe_id.h"

enum dp_dedup_kind {
	DP_DEDUP_SYNACK,
	DP_DEDUP_RST,
	DP_DEDUP_ICMP,
	DP_DEDUP_RETRIED, /* a target whose answer has been counted and could not be served yet */
	DP_DEDUP_SAMPLE_FIRST, /* a sampled target has answered its probe proper; its second one */
	DP_DEDUP_SAMPLE_SECOND,
	DP_DEDUP_CANARY,  /* has answered its canary with SYN-ACK; port 0 */
	DP_DEDUP_DECOYED, /* a responder's decoys: all have left, port 0; are asked for, port 1 */
	DP_DEDUP_DECOY, /* and has taken a connection there; the port is the decoy's number, 0.. */
	DP_N_SEEN_KIND
};

/* Added to that port, the same with RST. */
#define DP_DEDUP_APART 0x8000

#define DP_DEDUP_WAYS 8

struct dp_dedup {
	uint64_t (*buckets)[DP_DEDUP_WAYS]; /* 0: empty; newest first */
	uint64_t mask;			    /* number of buckets - 1 */
	uint64_t blind, multiplier;	    /* secret, from the key */
	struct dp_probe_id probe_id;	    /* for its hash */
};

/**
 * Bytes of a table that remembers n_entries and hardly ever one less: at most a third of it is used
 * by them.
 * @return a power of two times 64
 */
size_t dp_dedup_size(uint64_t n_entries);

/**
 * Lay out a table.
 * @param mem  in: zeroed, 64-byte aligned, dp_dedup_size(n_entries) bytes; outlives the table
 * @param key  in: the one of the probes' identities: hashes of dp_probe_id_hash() are taken as they
 *         are
 */
void dp_dedup_init(
	struct dp_dedup *dedup, void *mem, uint64_t n_entries, const struct ts_cookie_key *key);

/** The keyed mix of an identity hash that places it. Pure. */
static inline uint64_t dp_dedup_mix(const struct dp_dedup *dedup, uint64_t hash)
{
	uint64_t x = (hash ^ dedup->blind) * dedup->multiplier;

	return x ^ x >> 32;
}

/**
 * Load what is known of the address and port with this identity hash, ahead of its use. A load and
 * no prefetch, which a processor drops when the page is not in its TLB: in a row of these the
 * misses run side by side.
 */
static inline void dp_dedup_load(const struct dp_dedup *dedup, uint64_t hash)
{
	const volatile uint64_t *ways =
		dedup->buckets[dp_dedup_mix(dedup, hash) >> 32 & dedup->mask];

	(void)*ways;
}

/* By dp_probe_id_hash() of address and port, for callers that have it at hand. Owner core. */

/** Note an answer. @return true when it was there already. */
bool dp_dedup_add_hash(struct dp_dedup *dedup, enum dp_dedup_kind kind, uint64_t hash);
/** Is it there? */
bool dp_dedup_has_hash(const struct dp_dedup *dedup, enum dp_dedup_kind kind, uint64_t hash);
/** Forget an answer, so that the next one counts as the first (retry). */
void dp_dedup_forget_hash(struct dp_dedup *dedup, enum dp_dedup_kind kind, uint64_t hash);

/* The same by address and port. */

static inline bool dp_dedup_add(
	struct dp_dedup *dedup, enum dp_dedup_kind kind, const struct ts_addr *addr, uint16_t port)
{
	return dp_dedup_add_hash(dedup, kind, dp_probe_id_hash(&dedup->probe_id, addr, port));
}

static inline bool dp_dedup_has(const struct dp_dedup *dedup, enum dp_dedup_kind kind,
	const struct ts_addr *addr, uint16_t port)
{
	return dp_dedup_has_hash(dedup, kind, dp_probe_id_hash(&dedup->probe_id, addr, port));
}

static inline void dp_dedup_forget(
	struct dp_dedup *dedup, enum dp_dedup_kind kind, const struct ts_addr *addr, uint16_t port)
{
	dp_dedup_forget_hash(dedup, kind, dp_probe_id_hash(&dedup->probe_id, addr, port));
}
