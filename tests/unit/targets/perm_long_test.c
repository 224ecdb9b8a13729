/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ZMap's walk over addresses times more than 256 ports fell into a loop: its products overflowed 64
 * bits in the groups of 2^44 and 2^48, and of the first 60 million probes 59.4 million were
 * repeats. Short tests did not see it. Here every size class up to 2^48 has its turn, and both its
 * neighbours: up to 2^26 each value is ticked off; above, the first 60 million values are led back
 * to their index, and since two equal values would lead to one index, which is not both, they are
 * distinct. The values are taken many at a time, as the prober takes them.
 *
 * usage: perm_long_test FIRST_BIT LAST_BIT, or "ipv4" for the sizes of real scans
 */
#include "dataplane/targets/perm.h"

#include "tap.h"

#include <stdlib.h>

#define EXHAUSTIVE_BIT 26

/* Sanitizers cost ten times the time and find nothing more in the last values than in the first. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifdef SANITIZED
#define PREFIX UINT64_C(1500000)
#else
#define PREFIX UINT64_C(60000000)
#endif
#define SUFFIX UINT64_C(500000)
/* Indices in a row; not what dp_perm_get_many() cuts them into. */
#define RUN 1000

static uint64_t seen[((UINT64_C(1) << EXHAUSTIVE_BIT) + 64) / 64];

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
	return comes_back(&perm, 0, PREFIX < n ? PREFIX : n) &&
	       comes_back(&perm, n - SUFFIX, SUFFIX);
}

static void test_class(unsigned int bit)
{
	uint64_t n = UINT64_C(1) << bit;

	if (bit <= EXHAUSTIVE_BIT)
		tap_ok(ticks_off(n - 1) && ticks_off(n) && ticks_off(n + 1),
			"2^%u and its neighbours: each value comes exactly once", bit);
	else
		tap_ok(prefix_is_distinct(n - 1) && prefix_is_distinct(n) &&
				prefix_is_distinct(n + 1),
			"2^%u and its neighbours: the first %" PRIu64 " are distinct, and so are "
			"the last",
			bit, PREFIX);
}

static void test_ipv4(void)
{
	const uint64_t ipv4 = 3702257664;

	tap_ok(prefix_is_distinct(ipv4), "all of IPv4: the first are distinct");
	tap_ok(prefix_is_distinct(ipv4 * 300), "on 300 ports (above 2^40): the first are distinct");
	tap_ok(prefix_is_distinct(ipv4 * 65535), "on all ports (2^48): the first are distinct");
}

int main(int argc, char **argv)
{
	if (argc != 3)
		test_ipv4();
	for (int bit = argc == 3 ? atoi(argv[1]) : 1; argc == 3 && bit <= atoi(argv[2]); bit++)
		test_class((unsigned int)bit);
	return tap_done();
}
