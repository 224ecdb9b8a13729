/* SPDX-License-Identifier: BSD-3-Clause */
#include "seen.h"

#define KIND_MASK 7
/* Ways of a full bucket that everything but SYN-ACKs may hold while SYN-ACKs want them. */
#define OTHER_WAYS 2

_Static_assert(DP_N_SEEN_KIND <= KIND_MASK + 1, "a kind fits its bits");
_Static_assert(DP_SEEN_SYNACK == 0, "is_synack() reads it so");

/* At half load a bucket of eight overflows for less than one entry in a hundred. */
static uint64_t n_buckets(uint64_t n_entries)
{
	uint64_t want = (2 * n_entries + DP_SEEN_WAYS - 1) / DP_SEEN_WAYS;
	uint64_t n = 1;

	while (n < want)
		n <<= 1;
	return n;
}

size_t dp_seen_size(uint64_t n_entries)
{
	return n_buckets(n_entries) * sizeof(uint64_t[DP_SEEN_WAYS]);
}

void dp_seen_init(
	struct dp_seen *seen, void *mem, uint64_t n_entries, const struct ts_cookie_key *key)
{
	static const char purpose[] = "seen: blind, multiplier";

	*seen = (struct dp_seen){
		.buckets = mem,
		.mask = n_buckets(n_entries) - 1,
		.blind = ts_siphash(key, purpose, 5),
		.multiplier = ts_siphash(key, purpose, sizeof(purpose)) | 1,
		.ident.key = *key,
	};
}

/* What samples and decoys note goes to other buckets than the verdicts: three entries of one sampled
 * target would crowd its own. */
static uint64_t bucket_of(const struct dp_seen *seen, uint64_t mixed, enum dp_seen_kind kind)
{
	uint64_t apart = kind > DP_SEEN_ICMP ? kind * UINT64_C(0x9e3779b9) : 0;

	return ((mixed >> 32) + apart) & seen->mask;
}

/* Never 0, which marks an empty way. */
static uint64_t fingerprint(uint64_t mixed, enum dp_seen_kind kind)
{
	uint64_t fp = (mixed & ~(uint64_t)KIND_MASK) | (uint64_t)kind;

	return fp == 0 ? KIND_MASK + 1 : fp;
}

static bool is_synack(uint64_t fp)
{
	return (fp & KIND_MASK) == DP_SEEN_SYNACK;
}

/* The way that holds fp, or DP_SEEN_WAYS. */
static uint32_t way_of(const uint64_t ways[DP_SEEN_WAYS], uint64_t fp)
{
	uint32_t found = DP_SEEN_WAYS;

	/* All eight are compared, without a branch on each. */
	for (uint32_t i = 0; i < DP_SEEN_WAYS; i++)
		found = ways[i] == fp ? i : found;
	return found;
}

/* The way to give up for a new fingerprint: an empty one, else the oldest of those in surplus. */
static uint32_t victim(const uint64_t ways[DP_SEEN_WAYS], uint64_t fp)
{
	uint32_t oldest[2] = {0}; /* of SYN-ACKs, of the others */
	uint32_t n_other = 0;
	uint32_t empty = way_of(ways, 0);

	if (empty < DP_SEEN_WAYS)
		return empty;
	for (uint32_t i = 0; i < DP_SEEN_WAYS; i++) {
		bool other = !is_synack(ways[i]);

		oldest[other] = i;
		n_other += other;
	}
	return oldest[n_other >= (is_synack(fp) ? OTHER_WAYS + 1 : OTHER_WAYS)];
}

bool dp_seen_has_hash(const struct dp_seen *seen, enum dp_seen_kind kind, uint64_t hash)
{
	uint64_t mixed = dp_seen_mix(seen, hash);

	return way_of(seen->buckets[bucket_of(seen, mixed, kind)], fingerprint(mixed, kind)) <
	       DP_SEEN_WAYS;
}

bool dp_seen_add_hash(struct dp_seen *seen, enum dp_seen_kind kind, uint64_t hash)
{
	uint64_t mixed = dp_seen_mix(seen, hash), fp = fingerprint(mixed, kind);
	uint64_t *ways = seen->buckets[bucket_of(seen, mixed, kind)];

	if (way_of(ways, fp) < DP_SEEN_WAYS)
		return true;
	memmove(&ways[1], &ways[0], victim(ways, fp) * sizeof(ways[0]));
	ways[0] = fp;
	return false;
}

void dp_seen_forget_hash(struct dp_seen *seen, enum dp_seen_kind kind, uint64_t hash)
{
	uint64_t mixed = dp_seen_mix(seen, hash);
	uint64_t *ways = seen->buckets[bucket_of(seen, mixed, kind)];
	uint32_t i = way_of(ways, fingerprint(mixed, kind));

	if (i < DP_SEEN_WAYS)
		ways[i] = 0;
}
