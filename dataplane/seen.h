/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which answers have been served: a flat keyed table of fingerprints, one per poll core.
 *
 *     bucket = one cache line: [fp0 fp1 fp2 fp3 fp4 fp5 fp6 fp7]   oldest falls out first
 *
 * A host repeats its SYN-ACK, some without end; each must be recognised after its connection is
 * gone. A fingerprint is 64 bits of a keyed hash over address, port and kind, so that a RST never
 * hides a SYN-ACK and nobody can aim at a bucket. Two pairs are taken for one with probability
 * below 2^-50 per look-up. When more answers arrive than the table holds, the oldest are forgotten:
 * sized by the memory plan.
 */
#pragma once

#include "tcpstack/cookie.h"

enum dp_seen_kind {
	DP_SEEN_SYNACK,
	DP_SEEN_RST,
	DP_SEEN_ICMP,
	DP_SEEN_SAMPLE_FIRST, /* a sampled target has answered its probe proper; its second one */
	DP_SEEN_SAMPLE_SECOND,
	DP_SEEN_CANARY,
	DP_SEEN_DECOYED, /* a responder whose decoy ports have been probed; port 0 */
	DP_SEEN_DECOY,	 /* and has answered there; the port is the decoy's number, 0.. */
};

#define DP_SEEN_WAYS 8

struct dp_seen {
	uint64_t (*buckets)[DP_SEEN_WAYS]; /* 0: empty; newest first */
	uint64_t mask;			   /* number of buckets - 1 */
	struct ts_cookie_key key;
};

/** Bytes of a table that holds n_entries. @return a power of two times 64 */
size_t dp_seen_size(uint64_t n_entries);

/**
 * Lay out a table.
 * @param mem  in: zeroed, 64-byte aligned, dp_seen_size(n_entries) bytes; outlives the table
 */
void dp_seen_init(
	struct dp_seen *seen, void *mem, uint64_t n_entries, const struct ts_cookie_key *key);

/** Note an answer. @return true when it was there already. Owner core. */
bool dp_seen_add(
	struct dp_seen *seen, enum dp_seen_kind kind, const struct ts_addr *addr, uint16_t port);

/** Is it there? Owner core. */
bool dp_seen_has(const struct dp_seen *seen, enum dp_seen_kind kind, const struct ts_addr *addr,
	uint16_t port);

/** Forget an answer, so that the next one counts as the first (retry). Owner core. */
void dp_seen_forget(
	struct dp_seen *seen, enum dp_seen_kind kind, const struct ts_addr *addr, uint16_t port);
