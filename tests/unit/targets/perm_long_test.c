/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ZMap's walk over addresses times more than 256 ports fell into a loop: its products overflowed 64
 * bits in the groups of 2^44 and 2^48, and of the first 60 million probes 59.4 million were
 * repeats. Short tests did not see it. Here every size class up to 2^48 has its turn, and both its
 * neighbours: in the smaller ones each value is ticked off; above, the first values are led back
 * to their index, and since two equal values would lead to one index, which is not both, they are
 * distinct. The values are taken many at a time, as the prober takes them.
 *
 * usage: perm_long_test [--whole] FIRST_BIT LAST_BIT, or "ipv4" for the sizes of real scans
 *
 * With --whole, in scripts/nightly, each value is ticked off up to 2^26, and above that the first
 * 60 million are looked at; without it up to 2^24, and the first two million.
 */
#include "dataplane/targets/perm.h"

#include "tap.h"

#include <stdlib.h>

#define WHOLE_TICKED_BIT 26
#define WHOLE_PREFIX	 UINT64_C(60000000)

/* Sanitizers cost ten times the time and find nothing more in the last values than in the first. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifdef SANITIZED
#define TICKED_BIT 20
#define PREFIX	   UINT64_C(500000)
#else
#define TICKED_BIT 24
#define PREFIX	   UINT64_C(2000000)
#endif
#define SUFFIX UINT64_C(500000)
/* Indices in a row; not what dp_perm_get_many() cuts them into. */
#define RUN 1000

static unsigned int ticked_bit = TICKED_BIT;
static uint64_t prefix = PREFIX;
static uint64_t seen[((UINT64_C(1) << WHOLE_TICKED_BIT) + 64) / 64];

/* Each of n values once? */
static bool ticks_off(uint64_t n)
{
	struct dp_perm perm;

	dp_perm_init(&perm, n, n);
	memset(seen, 0, sizeof(seen));
	for (uint64_t i = 0; i < n; i += RUN) {
		uint64_t values[RUN], n_run = n - i < RUN ? n - i : RUN;

		dp_perm_get_many(&perm, i, 1, n_run, values);
		for (uint64_t k = 0; k < n_run; k++) {
			uint64_t bit = UINT64_C(1) << values[k] % 64;

			if (values[k] >= n || (seen[values[k] / 64] & bit) != 0)
				return false;
			seen[values[k] / 64] |= bit;
		}
	}
	return true;
}

/* Does each of `count` indices from `first` on come back? */
static bool comes_back(const struct dp_perm *perm, uint64_t first, uint64_t count)
{
	uint64_t bad = 0;

	for (uint64_t i = 0; i < count; i += RUN) {
		uint64_t values[RUN], n_run = count - i < RUN ? count - i : RUN;

		dp_perm_get_many(perm, first + i, 1, n_run, values);
		for (uint64_t k = 0; k < n_run; k++)
			bad += values[k] >= perm->n ||
			       dp_perm_inverse(perm, values[k]) != first + i + k;
		/* One by one it is the same. */
		bad += dp_perm_get(perm, first + i) != values[0];
	}
	return bad == 0;
}

static bool prefix_is_distinct(uint64_t n)
{
	struct dp_perm perm;

	dp_perm_init(&perm, n, 1);
	return comes_back(&perm, 0, prefix < n ? prefix : n) &&
	       comes_back(&perm, n - SUFFIX, SUFFIX);
}

static void test_class(unsigned int bit)
{
	uint64_t n = UINT64_C(1) << bit;

	if (bit <= ticked_bit)
		tap_ok(ticks_off(n - 1) && ticks_off(n) && ticks_off(n + 1),
			"permutations of 2^%u and its neighbours have each value exactly once",
			bit);
	else
		tap_ok(prefix_is_distinct(n - 1) && prefix_is_distinct(n) &&
				prefix_is_distinct(n + 1),
			"permutations of 2^%u and its neighbours: the first %" PRIu64
			" values are distinct, and so are the last",
			bit, prefix);
}

static void test_ipv4(void)
{
	const uint64_t ipv4 = 3702257664;

	tap_ok(prefix_is_distinct(ipv4),
		"the permutation of all of IPv4: the first values are distinct");
	tap_ok(prefix_is_distinct(ipv4 * 300), "the permutation of all of IPv4 on 300 ports (above "
					       "2^40): the first values are distinct");
	tap_ok(prefix_is_distinct(ipv4 * 65535), "the permutation of all of IPv4 on all ports "
						 "(2^48): the first values are distinct");
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--whole") == 0) {
		ticked_bit = WHOLE_TICKED_BIT;
		prefix = WHOLE_PREFIX;
		argc--;
		argv++;
	}
	if (argc != 3)
		test_ipv4();
	for (int bit = argc == 3 ? atoi(argv[1]) : 1; argc == 3 && bit <= atoi(argv[2]); bit++)
		test_class((unsigned int)bit);
	return tap_done();
}
