/* SPDX-License-Identifier: BSD-3-Clause */
#include "sha_set.h"

#include <stdlib.h>

#define FIRST_CAP 1024

static const uint8_t empty[SHA_LEN];

/* The slot that holds the value, or the empty one where it belongs. Ends: a quarter of the slots is
 * empty. */
static size_t slot_of(const struct sha_set *set, const uint8_t sha256[SHA_LEN])
{
	size_t at = (size_t)ts_siphash(&set->key, sha256, SHA_LEN) & (set->cap - 1);

	while (memcmp(set->slots[at], empty, SHA_LEN) != 0 &&
		memcmp(set->slots[at], sha256, SHA_LEN) != 0)
		at = (at + 1) & (set->cap - 1);
	return at;
}

static bool grow(struct sha_set *set)
{
	struct sha_set next = {.key = set->key, .n = set->n};

	next.cap = set->cap == 0 ? FIRST_CAP : set->cap * 2;
	next.slots = calloc(next.cap, SHA_LEN);
	if (next.slots == NULL)
		return false;
	for (size_t i = 0; i < set->cap; i++)
		if (memcmp(set->slots[i], empty, SHA_LEN) != 0)
			memcpy(next.slots[slot_of(&next, set->slots[i])], set->slots[i], SHA_LEN);
	free(set->slots);
	*set = next;
	return true;
}

enum sha_add sha_set_add(struct sha_set *set, const uint8_t sha256[SHA_LEN])
{
	size_t at;

	if (memcmp(sha256, empty, SHA_LEN) == 0)
		return SHA_NEW;
	if (set->cap > 0) {
		at = slot_of(set, sha256);
		if (memcmp(set->slots[at], sha256, SHA_LEN) == 0)
			return SHA_KNOWN;
	}
	if (set->n >= set->cap / 4 * 3 && !grow(set))
		return SHA_NO_ROOM;
	memcpy(set->slots[slot_of(set, sha256)], sha256, SHA_LEN);
	set->n++;
	return SHA_NEW;
}

void sha_set_free(struct sha_set *set)
{
	free(set->slots);
	set->slots = NULL;
	set->n = set->cap = 0;
}
