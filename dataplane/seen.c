/* SPDX-License-Identifier: BSD-3-Clause */
#include "seen.h"

static uint64_t n_buckets(uint64_t n_entries)
{
	uint64_t want = (n_entries + DP_SEEN_WAYS - 1) / DP_SEEN_WAYS;
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
	seen->buckets = mem;
	seen->mask = n_buckets(n_entries) - 1;
	seen->key = *key;
}

/* Never 0, which marks an empty way. */
static uint64_t fingerprint(const struct dp_seen *seen, enum dp_seen_kind kind,
	const struct ts_addr *addr, uint16_t port)
{
	uint8_t in[sizeof(addr->b) + 3];
	uint64_t fp;

	memcpy(in, addr->b, sizeof(addr->b));
	in[16] = (uint8_t)(port >> 8);
	in[17] = (uint8_t)port;
	in[18] = (uint8_t)kind;
	fp = ts_siphash(&seen->key, in, sizeof(in));
	return fp == 0 ? 1 : fp;
}

bool dp_seen_has(const struct dp_seen *seen, enum dp_seen_kind kind, const struct ts_addr *addr,
	uint16_t port)
{
	uint64_t fp = fingerprint(seen, kind, addr, port);
	const uint64_t *ways = seen->buckets[fp & seen->mask];

	for (int i = 0; i < DP_SEEN_WAYS; i++) {
		if (ways[i] == fp)
			return true;
	}
	return false;
}

bool dp_seen_add(
	struct dp_seen *seen, enum dp_seen_kind kind, const struct ts_addr *addr, uint16_t port)
{
	uint64_t fp = fingerprint(seen, kind, addr, port);
	uint64_t *ways = seen->buckets[fp & seen->mask];

	for (int i = 0; i < DP_SEEN_WAYS; i++) {
		if (ways[i] == fp)
			return true;
	}
	memmove(&ways[1], &ways[0], (DP_SEEN_WAYS - 1) * sizeof(ways[0]));
	ways[0] = fp;
	return false;
}

void dp_seen_forget(
	struct dp_seen *seen, enum dp_seen_kind kind, const struct ts_addr *addr, uint16_t port)
{
	uint64_t fp = fingerprint(seen, kind, addr, port);
	uint64_t *ways = seen->buckets[fp & seen->mask];

	for (int i = 0; i < DP_SEEN_WAYS; i++) {
		if (ways[i] == fp)
			ways[i] = 0;
	}
}
