/* SPDX-License-Identifier: BSD-3-Clause */
#include "dedup.h"

#define KIND_MASK 15
/* A way whose entry was forgotten. It is not empty, because an entry that did not find room here
 * may be in the other bucket of the pair. */
#define GONE 1
/* Ways of a full bucket that kinds other than SYN-ACK may hold if SYN-ACKs need them. */
#define OTHER_WAYS 2

_Static_assert(DP_N_SEEN_KIND <= KIND_MASK + 1, "a kind fits its bits");
_Static_assert(DP_DEDUP_SYNACK == 0, "is_synack() reads it so");

/* If a third of the table is used, a pair of buckets overflows for less than one entry in
 * 50,000. */
static uint64_t n_buckets(uint64_t n_entries)
{
	uint64_t want = (3 * n_entries + DP_DEDUP_WAYS - 1) / DP_DEDUP_WAYS;
	uint64_t n = 2;

	while (n < want)
		n <<= 1;
	return n;
}

size_t dp_dedup_size(uint64_t n_entries)
{
	return n_buckets(n_entries) * sizeof(uint64_t[DP_DEDUP_WAYS]);
}

void dp_dedup_init(
	struct dp_dedup *dedup, void *mem, uint64_t n_entries, const struct ts_cookie_key *key)
{
	static const char purpose[] = "seen: blind, multiplier";

	*dedup = (struct dp_dedup){
		.buckets = mem,
		.mask = n_buckets(n_entries) - 1,
		.blind = ts_siphash(key, purpose, 5),
		.multiplier = ts_siphash(key, purpose, sizeof(purpose)) | 1,
		.probe_id.key = *key,
	};
}

/* Never 0, which marks an empty way, nor GONE. */
static uint64_t fingerprint(uint64_t mixed, enum dp_dedup_kind kind)
{
	uint64_t fp = (mixed & ~(uint64_t)KIND_MASK) | (uint64_t)kind;

	return fp <= GONE ? fp + KIND_MASK + 1 : fp;
}

static bool is_synack(uint64_t fp)
{
	return (fp & KIND_MASK) == DP_DEDUP_SYNACK;
}

/* The way that holds fp, or DP_DEDUP_WAYS. */
static uint32_t way_of(const uint64_t ways[DP_DEDUP_WAYS], uint64_t fp)
{
	uint32_t found = DP_DEDUP_WAYS;

	/* All eight are compared, without a branch on each. */
	for (uint32_t i = 0; i < DP_DEDUP_WAYS; i++)
		found = ways[i] == fp ? i : found;
	return found;
}

/* A way that may be taken without loss, or DP_DEDUP_WAYS. */
static uint32_t free_way(const uint64_t ways[DP_DEDUP_WAYS])
{
	uint32_t empty = way_of(ways, 0);

	return empty < DP_DEDUP_WAYS ? empty : way_of(ways, GONE);
}

/* The way of a full bucket that a new fingerprint replaces: the oldest SYN-ACK, or the oldest of
 * the other kinds if these hold more ways than they may. */
static uint32_t victim(const uint64_t ways[DP_DEDUP_WAYS], uint64_t fp)
{
	uint32_t oldest[2] = {0}; /* of SYN-ACKs, of the others */
	uint32_t n_other = 0;

	for (uint32_t i = 0; i < DP_DEDUP_WAYS; i++) {
		bool other = !is_synack(ways[i]);

		oldest[other] = i;
		n_other += other;
	}
	return oldest[n_other >= (is_synack(fp) ? OTHER_WAYS + 1 : OTHER_WAYS)];
}

static void put(uint64_t ways[DP_DEDUP_WAYS], uint32_t way, uint64_t fp)
{
	memmove(&ways[1], &ways[0], way * sizeof(ways[0]));
	ways[0] = fp;
}

/* The other bucket of the pair. Processors fetch both lines together, 128 bytes. */
static uint64_t *next_door(const struct dp_dedup *dedup, const uint64_t *ways)
{
	uint64_t home = (uint64_t)(ways - dedup->buckets[0]) / DP_DEDUP_WAYS;

	return dedup->buckets[home ^ 1];
}

/* The way that holds an entry, NULL: none. Only if its bucket has been full can it be next door. */
static uint64_t *find(const struct dp_dedup *dedup, uint64_t *ways, uint64_t fp)
{
	uint32_t i = way_of(ways, fp);

	if (i < DP_DEDUP_WAYS)
		return &ways[i];
	if (way_of(ways, 0) < DP_DEDUP_WAYS)
		return NULL;
	ways = next_door(dedup, ways);
	i = way_of(ways, fp);
	return i < DP_DEDUP_WAYS ? &ways[i] : NULL;
}

/* Entries of samples, canaries and decoys have other buckets than the answers to primary probes.
 * Many entries of one host in one bucket would replace each other. */
static uint64_t *home_of(const struct dp_dedup *dedup, uint64_t mixed, enum dp_dedup_kind kind)
{
	uint64_t at = mixed >> 32;

	if (kind > DP_DEDUP_RETRIED)
		at += kind * UINT64_C(0x9e3779b1);
	return dedup->buckets[at & dedup->mask];
}

bool dp_dedup_has_hash(const struct dp_dedup *dedup, enum dp_dedup_kind kind, uint64_t hash)
{
	uint64_t mixed = dp_dedup_mix(dedup, hash);

	return find(dedup, home_of(dedup, mixed, kind), fingerprint(mixed, kind)) != NULL;
}

bool dp_dedup_add_hash(struct dp_dedup *dedup, enum dp_dedup_kind kind, uint64_t hash)
{
	uint64_t mixed = dp_dedup_mix(dedup, hash), fp = fingerprint(mixed, kind);
	uint64_t *home = home_of(dedup, mixed, kind), *other;
	uint32_t way;

	if (find(dedup, home, fp) != NULL)
		return true;
	way = free_way(home);
	if (way < DP_DEDUP_WAYS) {
		put(home, way, fp);
		return false;
	}
	other = next_door(dedup, home);
	way = free_way(other);
	if (way < DP_DEDUP_WAYS)
		put(other, way, fp);
	else
		put(home, victim(home, fp), fp);
	return false;
}

void dp_dedup_forget_hash(struct dp_dedup *dedup, enum dp_dedup_kind kind, uint64_t hash)
{
	uint64_t mixed = dp_dedup_mix(dedup, hash);
	uint64_t *way = find(dedup, home_of(dedup, mixed, kind), fingerprint(mixed, kind));

	if (way != NULL)
		*way = GONE;
}
