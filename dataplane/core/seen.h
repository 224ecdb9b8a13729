/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which answers have been served: a flat keyed table of fingerprints, one per poll core.
 *
 *     bucket = one cache line: [fp0 fp1 fp2 fp3 fp4 fp5 fp6 fp7]   newest first
 *
 * A host repeats its SYN-ACK, some without end; each must be recognised after its connection is
 * gone. All verdicts on one address and port lie in one bucket: a single cache miss answers every
 * question about it, and dp_seen_load() hides that one. A fingerprint is the probe's
 * identity hash (ident.h) behind a keyed multiplication, its lowest four bits replaced by the kind.
 * So a RST never hides a SYN-ACK, and nobody can aim at a bucket: whoever was probed knows the
 * hash of his own address in part, but not the multiplier. Two pairs are taken for one with
 * probability n / 2^60 per look-up when n answers are held, below 2^-36.
 *
 * What finds its bucket full goes next door, into the other bucket of the pair, if there is room:
 * an answer forgotten too early is a host recorded twice, or a loss that was none. When both are
 * full the oldest is forgotten, with one exception: the other kinds together keep to two ways as
 * long as SYN-ACKs want the rest. A flood of RSTs makes us forget RSTs, not whom we have served.
 */
#pragma once

#include "ident.h"

enum dp_seen_kind {
	DP_SEEN_SYNACK,
	DP_SEEN_RST,
	DP_SEEN_ICMP,
	DP_SEEN_RETRIED, /* a target whose answer has been counted and could not be served yet */
	DP_SEEN_SAMPLE_FIRST, /* a sampled target has answered its probe proper; its second one */
	DP_SEEN_SAMPLE_SECOND,
	DP_SEEN_CANARY,	 /* has answered its canary with SYN-ACK; port 0 */
	DP_SEEN_DECOYED, /* a responder's decoys: all have left, port 0; are asked for, port 1 */
	DP_SEEN_DECOY,	 /* and has taken a connection there; the port is the decoy's number, 0.. */
	DP_N_SEEN_KIND
};

/* Added to that port, the same with RST. */
#define DP_SEEN_APART 0x8000

#define DP_SEEN_WAYS 8

struct dp_seen {
	uint64_t (*buckets)[DP_SEEN_WAYS]; /* 0: empty; newest first */
	uint64_t mask;			   /* number of buckets - 1 */
	uint64_t blind, multiplier;	   /* secret, from the key */
	struct dp_ident ident;		   /* for its hash */
};

/**
 * Bytes of a table that remembers n_entries and hardly ever one less: at most a third of it is used
 * by them.
 * @return a power of two times 64
 */
size_t dp_seen_size(uint64_t n_entries);

/**
 * Lay out a table.
 * @param mem  in: zeroed, 64-byte aligned, dp_seen_size(n_entries) bytes; outlives the table
 * @param key  in: the one of the probes' identities: hashes of dp_ident_hash() are taken as they
 *         are
 */
void dp_seen_init(
	struct dp_seen *seen, void *mem, uint64_t n_entries, const struct ts_cookie_key *key);

/** The keyed mix of an identity hash that places it. Pure. */
static inline uint64_t dp_seen_mix(const struct dp_seen *seen, uint64_t hash)
{
	uint64_t x = (hash ^ seen->blind) * seen->multiplier;

	return x ^ x >> 32;
}

/**
 * Load what is known of the address and port with this identity hash, ahead of its use. A load and
 * no prefetch, which a processor drops when the page is not in its TLB: in a row of these the
 * misses run side by side.
 */
static inline void dp_seen_load(const struct dp_seen *seen, uint64_t hash)
{
	const volatile uint64_t *ways = seen->buckets[dp_seen_mix(seen, hash) >> 32 & seen->mask];

	(void)*ways;
}

/* By dp_ident_hash() of address and port, for callers that have it at hand. Owner core. */

/** Note an answer. @return true when it was there already. */
bool dp_seen_add_hash(struct dp_seen *seen, enum dp_seen_kind kind, uint64_t hash);
/** Is it there? */
bool dp_seen_has_hash(const struct dp_seen *seen, enum dp_seen_kind kind, uint64_t hash);
/** Forget an answer, so that the next one counts as the first (retry). */
void dp_seen_forget_hash(struct dp_seen *seen, enum dp_seen_kind kind, uint64_t hash);

/* The same by address and port. */

static inline bool dp_seen_add(
	struct dp_seen *seen, enum dp_seen_kind kind, const struct ts_addr *addr, uint16_t port)
{
	return dp_seen_add_hash(seen, kind, dp_ident_hash(&seen->ident, addr, port));
}

static inline bool dp_seen_has(const struct dp_seen *seen, enum dp_seen_kind kind,
	const struct ts_addr *addr, uint16_t port)
{
	return dp_seen_has_hash(seen, kind, dp_ident_hash(&seen->ident, addr, port));
}

static inline void dp_seen_forget(
	struct dp_seen *seen, enum dp_seen_kind kind, const struct ts_addr *addr, uint16_t port)
{
	dp_seen_forget_hash(seen, kind, dp_ident_hash(&seen->ident, addr, port));
}
