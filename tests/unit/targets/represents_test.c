/* SPDX-License-Identifier: BSD-3-Clause */
/* One target of each address stands for it, so that addresses can be counted among targets. */
#include "pairs_set.h"
#include "tap.h"

/* The pairs of a set that stand for the address at an index. */
static unsigned int n_standing(const struct dp_targets *targets, uint64_t index)
{
	struct dp_target target = dp_targets_get(targets, index), other;
	unsigned int n = 0;

	for (uint64_t i = 0; i < dp_targets_count(targets); i++) {
		other = dp_targets_get(targets, i);
		n += ts_addr_equal(&other.addr, &target.addr) &&
		     dp_targets_represents(targets, &other);
	}
	return n;
}

/* One pair of each address, exhaustively, and none that is not in the set. */
static void stands_once(
	const char *items, const char *pairs, const uint16_t *ports, const char *label)
{
	struct made made = make(items, pairs, ports);
	const struct dp_targets *targets = made.targets;
	uint64_t wrong = 0, n_standing_all = 0, index;

	for (uint64_t i = 0; made.rc == 0 && i < dp_targets_count(targets); i++) {
		struct dp_target target = dp_targets_get(targets, i);

		wrong += n_standing(targets, i) != 1;
		n_standing_all += dp_targets_represents(targets, &target);
		for (target.service = 0; target.service < 10; target.service++)
			wrong += !dp_targets_index(targets, &target, &index) &&
				 dp_targets_represents(targets, &target);
	}
	tap_ok(made.rc == 0 && wrong == 0 && n_standing_all == dp_targets_n_addresses(targets),
		"one pair of each address stands for it: %s", label);
	dp_targets_free(made.targets);
}

static void test_represents(void)
{
	static const uint16_t one[] = {443, 0}, five[] = {443, 25, 26, 27, 28, 0};
	static const char known[] = "192.0.2.0:443\n"; /* adds none */
	static const char pairs[] = "192.0.2.0:443\n192.0.2.1:27\n192.0.2.1:29\n198.51.100.8:26\n"
				    "198.51.100.8:443\n198.51.100.8:900\n[2001:db8::1]:29\n"
				    "[2001:db8::1]:28\n198.51.100.9:443\n";

	stands_once("192.0.2.0/28 2001:db8::/125", known, one, "one service");
	stands_once("192.0.2.0/28 2001:db8::/125", known, two, "two services");
	stands_once("192.0.2.0/26 !192.0.2.3 192.0.2.80", known, five, "five, in pieces");
	stands_once("", pairs, none, "pairs alone");
	stands_once("192.0.2.0/30", pairs, two, "pairs beside addresses, and of them");
	stands_once("192.0.2.0/30 !192.0.2.1 !198.51.100.8", pairs, five, "some of both excluded");
}

int main(void)
{
	test_represents();
	return tap_done();
}
