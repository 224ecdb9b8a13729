/* SPDX-License-Identifier: BSD-3-Clause */
#include "asked.h"

#include <string.h>

/* Time in a slot has units of 131 ms and 16 bits: it wraps after two hours. */
#define UNIT_SHIFT  17
#define UNITS(us)   ((uint16_t)((us) >> UNIT_SHIFT))
#define WINDOW	    ((DP_ASKED_WINDOW_US >> UNIT_SHIFT) + 1)
#define GAP	    (DP_ASKED_GAP_US >> UNIT_SHIFT)
#define CLAIMS_TOLD 7
/* Tries to change a slot, which another core may change at the same time. */
#define LOOKS 4

struct question {
	uint32_t hash;	/* never 0 */
	uint16_t at;	/* UNITS() */
	uint16_t first; /* 12 bits of a hash of the first answer's link-layer address */
	uint8_t n_told; /* claims passed on */
	bool answered;
};

static uint64_t pack(const struct question *q)
{
	return (uint64_t)q->hash << 32 | (uint64_t)q->at << 16 | (uint64_t)q->first << 4 |
	       (uint64_t)q->n_told << 1 | q->answered;
}

static struct question unpack(uint64_t slot)
{
	return (struct question){
		.hash = (uint32_t)(slot >> 32),
		.at = (uint16_t)(slot >> 16),
		.first = (uint16_t)slot >> 4,
		.n_told = (uint8_t)(slot >> 1 & 7),
		.answered = slot & 1,
	};
}

static uint64_t hash_of(const struct dp_asked *asked, const struct ts_addr *addr)
{
	return ts_siphash(&asked->key, addr->b, sizeof(addr->b));
}

static uint16_t hash_mac(const struct dp_asked *asked, const uint8_t mac[6])
{
	return (uint16_t)ts_siphash(&asked->key, mac, 6) & 0xfff;
}

static uint32_t tag_of(uint64_t hash)
{
	uint32_t tag = (uint32_t)(hash >> 32);

	return tag != 0 ? tag : 1;
}

static size_t bucket_of(const struct dp_asked *asked, uint64_t hash)
{
	return ((uint32_t)hash & (asked->n_buckets - 1)) * (size_t)DP_ASKED_WAYS;
}

static uint32_t n_buckets(uint32_t n_poll)
{
	uint32_t n = DP_ASKED_PER_CORE / DP_ASKED_WAYS;

	while (n < n_poll * (DP_ASKED_PER_CORE / DP_ASKED_WAYS))
		n *= 2;
	return n;
}

size_t dp_asked_size(uint32_t n_poll)
{
	return sizeof(struct dp_asked) +
	       (size_t)n_buckets(n_poll) * DP_ASKED_WAYS * sizeof(uint64_t);
}

void dp_asked_init(struct dp_asked *asked, uint32_t n_poll, const struct ts_cookie_key *key)
{
	asked->key = *key;
	asked->n_buckets = n_buckets(n_poll);
}

static struct question load(const struct dp_asked *asked, size_t slot)
{
	return unpack(atomic_load_explicit(&asked->slots[slot], memory_order_relaxed));
}

/* The slot of a question, or SIZE_MAX. */
static size_t find(const struct dp_asked *asked, uint64_t hash)
{
	size_t bucket = bucket_of(asked, hash);

	for (size_t slot = bucket; slot < bucket + DP_ASKED_WAYS; slot++) {
		if (load(asked, slot).hash == tag_of(hash))
			return slot;
	}
	return SIZE_MAX;
}

static uint32_t age_of(const struct question *q, uint64_t now_us)
{
	return q->hash == 0 ? UINT32_MAX : (uint16_t)(UNITS(now_us) - q->at);
}

/* A slot for a question that has none: the oldest of its bucket. */
static size_t oldest(const struct dp_asked *asked, uint64_t hash, uint64_t now_us)
{
	size_t bucket = bucket_of(asked, hash), best = bucket;
	uint32_t best_age = 0;

	for (size_t slot = bucket; slot < bucket + DP_ASKED_WAYS; slot++) {
		struct question q = load(asked, slot);

		if (age_of(&q, now_us) >= best_age) {
			best = slot;
			best_age = age_of(&q, now_us);
		}
	}
	return best;
}

void dp_asked_note(struct dp_asked *asked, const struct ts_addr *addr, uint64_t now_us)
{
	uint64_t hash = hash_of(asked, addr);
	struct question q = {.hash = tag_of(hash), .at = UNITS(now_us)};
	size_t slot = find(asked, hash);

	if (slot == SIZE_MAX)
		slot = oldest(asked, hash, now_us);
	atomic_store_explicit(&asked->slots[slot], pack(&q), memory_order_relaxed);
}

bool dp_asked_lately(const struct dp_asked *asked, const struct ts_addr *addr, uint64_t now_us)
{
	size_t slot = find(asked, hash_of(asked, addr));
	struct question q;

	if (slot == SIZE_MAX)
		return false;
	q = load(asked, slot);
	return age_of(&q, now_us) <= GAP;
}

static enum dp_asked_reply claim(struct question *q)
{
	if (q->n_told == CLAIMS_TOLD)
		return DP_REPLY_CLAIM_MORE;
	q->n_told++;
	return DP_REPLY_CLAIM;
}

/* Judge an answer and note it in its question. */
static enum dp_asked_reply judge(struct question *q, uint16_t mac_hash, bool is_known, bool other)
{
	if (other || (q->answered && !is_known && q->first != mac_hash))
		return claim(q);
	if (q->answered)
		return DP_REPLY_REPEATED;
	q->answered = true;
	q->first = mac_hash;
	return DP_REPLY_TAKEN;
}

enum dp_asked_reply dp_asked_answer(struct dp_asked *asked, const struct ts_addr *addr,
	const uint8_t mac[6], const uint8_t *known, uint64_t now_us)
{
	bool is_known = known != NULL && memcmp(mac, known, 6) == 0;
	size_t slot = find(asked, hash_of(asked, addr));
	enum dp_asked_reply reply = DP_REPLY_UNASKED;

	for (uint32_t n = 0; n < LOOKS && slot != SIZE_MAX; n++) {
		uint64_t before = atomic_load_explicit(&asked->slots[slot], memory_order_relaxed);
		struct question q = unpack(before);

		if (q.hash != tag_of(hash_of(asked, addr)) || age_of(&q, now_us) > WINDOW)
			return DP_REPLY_UNASKED;
		reply = judge(&q, hash_mac(asked, mac), is_known, known != NULL && !is_known);
		if (atomic_compare_exchange_strong_explicit(&asked->slots[slot], &before, pack(&q),
			    memory_order_relaxed, memory_order_relaxed))
			break;
	}
	return reply;
}
