/* SPDX-License-Identifier: BSD-3-Clause */
#include "sha_set.h"

void out_sha_set_init(struct out_sha_set *set, struct ts_cookie_key key)
{
	*set = (struct out_sha_set){
		.table = {.key = key, .entry_len = OUT_SHA_LEN, .key_len = OUT_SHA_LEN}};
}

enum out_sha_add out_sha_set_add(struct out_sha_set *set, const uint8_t sha256[OUT_SHA_LEN])
{
	static const uint8_t zero[OUT_SHA_LEN];

	if (memcmp(sha256, zero, OUT_SHA_LEN) == 0)
		return OUT_SHA_NEW;
	if (ut_flat_table_find(&set->table, sha256) != NULL)
		return OUT_SHA_KNOWN;
	return ut_flat_table_add(&set->table, sha256) != NULL ? OUT_SHA_NEW : OUT_SHA_NO_ROOM;
}

void out_sha_set_free(struct out_sha_set *set)
{
	ut_flat_table_free(&set->table);
}
