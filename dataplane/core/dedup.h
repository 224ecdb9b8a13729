/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which answers have been served: a flat keyed table of fingerprints, one per poll core.
 *
 *     bucket = one cache line: [fp0 fp1 fp2 fp3 fp4 fp5 fp6 fp7]   newest first
 *
 * A host repeats its SYN-ACK, some hosts without end. Each repetition must be recognised, also
 * after the connection is gone. All answers of one address and port are in one bucket: one cache
 * miss answers every question about it, and dp_dedup_load() hides that miss. A fingerprint is the
 * probe's identity hash (probe_id.h) after a keyed multiplication. The kind replaces its lowest
 * four bits, so a RST never hides a SYN-ACK. Nobody can aim at a bucket: a probed host knows a part
 * of the hash of its own address, but not the multiplier. With n answers in the table a look-up
 * takes one pair for another with probability n / 2^60, below 2^-36.
 *
 * If a bucket is full, an answer goes into the other bucket of the pair. A forgotten answer would
 * make a second record of a host, or a loss that was none. If both are full, the oldest answer is
 * forgotten, with one exception: the kinds other than SYN-ACK may hold only two ways of a bucket if
 * SYN-ACKs need the rest. So a flood of RSTs makes us forget RSTs, but not the hosts that we have
 * served.
 *
 * Only the poll core that owns a table calls these functions, unless their contract says otherwise.
 */
#pragma once

#include "probe_id.h"

enum dp_dedup_kind {
	DP_DEDUP_SYNACK,
	DP_DEDUP_RST,
	DP_DEDUP_ICMP,
	DP_DEDUP_RETRIED, /* a target whose answer has been counted and could not be served yet */
	DP_DEDUP_SAMPLE_FIRST,	/* a sampled target has answered its primary probe */
	DP_DEDUP_SAMPLE_SECOND, /* it has answered its second probe */
	DP_DEDUP_CANARY,	/* it has answered its canary with SYN-ACK; noted under port 0 */
	DP_DEDUP_DECOYED,	/* a host's decoys have all left: port 0; it is queued: port 1 */
	DP_DEDUP_DECOY, /* a decoy has been answered with SYN-ACK; the port is its number, from 0 */
	DP_N_SEEN_KIND
};

/* Added to the port of DP_DEDUP_CANARY and DP_DEDUP_DECOY if the answer is a RST. */
#define DP_DEDUP_APART 0x8000

#define DP_DEDUP_WAYS 8

struct dp_dedup {
	uint64_t (*buckets)[DP_DEDUP_WAYS]; /* 0: empty; newest first */
	uint64_t mask;			    /* number of buckets - 1 */
	uint64_t blind, multiplier;	    /* secret, from the key */
	struct dp_probe_id probe_id;	    /* for its hash */
};

/**
 * Size of a table that hardly ever forgets one of n_entries, which fill at most a third of it. Any
 * thread.
 * @param n_entries  in: answers to remember
 * @return bytes, a power of two times 64
 */
size_t dp_dedup_size(uint64_t n_entries);

/**
 * Prepare a table. Main thread, before the lcores start.
 * @param dedup      out
 * @param mem        in: zeroed, 64-byte aligned, dp_dedup_size(n_entries) bytes; borrowed, outlives
 *                   the table
 * @param n_entries  in: as for dp_dedup_size()
 * @param key        in: the key of dp_probe_id_hash(), whose hashes the functions below take;
 *                   copied
 */
void dp_dedup_init(
	struct dp_dedup *dedup, void *mem, uint64_t n_entries, const struct ts_cookie_key *key);

/** The keyed mix of an identity hash, which says where it is in the table. Pure. */
static inline uint64_t dp_dedup_mix(const struct dp_dedup *dedup, uint64_t hash)
{
	uint64_t x = (hash ^ dedup->blind) * dedup->multiplier;

	return x ^ x >> 32;
}

/**
 * Load the bucket of an identity hash ahead of its use, so that the misses of several hashes run
 * side by side. This is a load and no prefetch: a processor drops a prefetch if the page is not in
 * its TLB.
 * @param dedup  in
 * @param hash   in: of dp_probe_id_hash()
 */
static inline void dp_dedup_load(const struct dp_dedup *dedup, uint64_t hash)
{
	const volatile uint64_t *ways =
		dedup->buckets[dp_dedup_mix(dedup, hash) >> 32 & dedup->mask];

	(void)*ways;
}

/* By dp_probe_id_hash() of address and port, for callers that have the hash already. */

/**
 * Note an answer.
 * @param dedup  in/out
 * @param kind   in: of the answer
 * @param hash   in: of dp_probe_id_hash()
 * @return true if it was noted before
 */
bool dp_dedup_add_hash(struct dp_dedup *dedup, enum dp_dedup_kind kind, uint64_t hash);

/**
 * Has an answer been noted?
 * @param dedup  in
 * @param kind   in: of the answer
 * @param hash   in: of dp_probe_id_hash()
 * @return true if it has, and was not forgotten
 */
bool dp_dedup_has_hash(const struct dp_dedup *dedup, enum dp_dedup_kind kind, uint64_t hash);

/**
 * Forget an answer, so that the next one counts as the first (retry list).
 * @param dedup  in/out
 * @param kind   in: of the answer
 * @param hash   in: of dp_probe_id_hash()
 */
void dp_dedup_forget_hash(struct dp_dedup *dedup, enum dp_dedup_kind kind, uint64_t hash);

/* The same functions by address and port (host order). */

/** Note an answer. @return true if it was noted before */
static inline bool dp_dedup_add(
	struct dp_dedup *dedup, enum dp_dedup_kind kind, const struct ts_addr *addr, uint16_t port)
{
	return dp_dedup_add_hash(dedup, kind, dp_probe_id_hash(&dedup->probe_id, addr, port));
}

/** Has an answer been noted? */
static inline bool dp_dedup_has(const struct dp_dedup *dedup, enum dp_dedup_kind kind,
	const struct ts_addr *addr, uint16_t port)
{
	return dp_dedup_has_hash(dedup, kind, dp_probe_id_hash(&dedup->probe_id, addr, port));
}

/** Forget an answer. */
static inline void dp_dedup_forget(
	struct dp_dedup *dedup, enum dp_dedup_kind kind, const struct ts_addr *addr, uint16_t port)
{
	dp_dedup_forget_hash(dedup, kind, dp_probe_id_hash(&dedup->probe_id, addr, port));
}
