/* SPDX-License-Identifier: BSD-3-Clause */
#include "sha_set.h"

void sha_set_init(struct sha_set *set, struct ts_cookie_key key)
{
	*set = (struct sha_set){.table = {.key = key, .entry_len = SHA_LEN, .key_len = SHA_LEN}};
}

enum sha_add sha_set_add(struct sha_set *set, const uint8_t sha256[SHA_LEN])
{
	static const uint8_t zero[SHA_LEN];

	if (memcmp(sha256, zero, SHA_LEN) == 0)
		return SHA_NEW;
	if (flat_table_find(&set->table, sha256) != NULL)
		return SHA_KNOWN;
	return flat_table_add(&set->table, sha256) != NULL ? SHA_NEW : SHA_NO_ROOM;
}

void sha_set_free(struct sha_set *set)
{
	flat_table_free(&set->table);
}
