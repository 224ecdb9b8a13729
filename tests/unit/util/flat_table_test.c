/* SPDX-License-Identifier: BSD-3-Clause */
/* The hash table behind the set of certificates and the table of networks. */
#include "apps/util/flat_table.h"

#include "tap.h"

#define N 5000

struct entry {
	uint32_t key, value;
};

static void test_growth(void)
{
	struct ut_flat_table table = {
		.key = {1, 2}, .entry_len = sizeof(struct entry), .key_len = sizeof(uint32_t)};
	uint64_t sum = 0;
	uint32_t n_found = 0;
	const struct entry *next;
	size_t at = 0;

	for (uint32_t key = 0; key < N; key++) {
		struct entry *entry = ut_flat_table_add(&table, &key);

		entry->value = key + 1;
	}
	for (uint32_t key = 0; key < N; key++) {
		const struct entry *entry = ut_flat_table_find(&table, &key);

		n_found += entry != NULL && entry->key == key && entry->value == key + 1;
	}
	tap_eq(n_found, N, "each entry is found again after the table has grown, key 0 too");
	while ((next = ut_flat_table_next(&table, &at)) != NULL)
		sum += next->value;
	tap_eq(sum, (uint64_t)N * (N + 1) / 2, "a walk meets each entry once");
	tap_ok(ut_flat_table_find(&table, &(uint32_t){N}) == NULL,
		"a key that was not added is not there");
	tap_ok(table.n <= table.cap / 4 * 3, "a quarter of the places is empty");
	ut_flat_table_free(&table);
	tap_ok(table.n == 0 && ut_flat_table_find(&table, &(uint32_t){1}) == NULL,
		"a table that was freed is empty");
}

static void test_limit(void)
{
	struct ut_flat_table table = {
		.entry_len = sizeof(struct entry), .key_len = sizeof(uint32_t), .max = 2};
	size_t at = 0;

	tap_ok(ut_flat_table_find(&table, &(uint32_t){1}) == NULL &&
			ut_flat_table_next(&table, &at) == NULL,
		"a table that was never used is empty");
	for (uint32_t key = 1; key <= 2; key++)
		ut_flat_table_add(&table, &key);
	tap_ok(ut_flat_table_add(&table, &(uint32_t){3}) == NULL,
		"a table refuses an entry beyond its limit");
	tap_ok(ut_flat_table_find(&table, &(uint32_t){2}) != NULL,
		"entries within the limit stay in a table that has refused one");
	ut_flat_table_free(&table);
}

int main(void)
{
	test_growth();
	test_limit();
	return tap_done();
}
