/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ZMap's walk over addresses times more than 256 ports fell into a loop: its products overflowed 64
 * bits in the groups of 2^44 and 2^48, and of the first 60 million probes 59.4 million were
 * repeats. Short tests did not see it. Here the first 60 million values of each such size are led
 * back to their index: two equal values would lead to one index, which is not both.
 */
#include "dataplane/perm.h"

#include "tap.h"

#define PREFIX UINT64_C(60000000)

static void test_prefix(uint64_t n, const char *what)
{
	struct dp_perm perm;
	uint64_t bad = 0;

	dp_perm_init(&perm, n, 1);
	for (uint64_t i = 0; i < PREFIX; i++) {
		uint64_t value = dp_perm_get(&perm, i);

		bad += value >= n || dp_perm_inverse(&perm, value) != i;
	}
	tap_eq((int64_t)bad, 0, what);
}

int main(void)
{
	const uint64_t ipv4 = 3702257664;

	test_prefix(ipv4, "all of IPv4: the first 60,000,000 are distinct");
	test_prefix(ipv4 * 300,
		"all of IPv4 on 300 ports (above 2^40): the first 60,000,000 are distinct");
	test_prefix(
		ipv4 * 65535, "all of IPv4 on all ports (2^48): the first 60,000,000 are distinct");
	return tap_done();
}
