/* SPDX-License-Identifier: BSD-3-Clause */
/* Answers by network are counted exactly up to the table's bound, and the networks that look like
 * one box are found and put in order. */
#include "apps/summary/prefix_table.h"

#include <stdlib.h>

#include "dataplane/targets/targets.h"
#include "tap.h"

static const struct ts_cookie_key key = {.k0 = 1, .k1 = 2};

static struct ts_addr addr_of(const char *text)
{
	struct ts_addr addr;

	if (ts_addr_parse(text, &addr) != 0)
		abort();
	return addr;
}

static void count(
	struct su_prefix_table *table, const char *text, unsigned int n, unsigned int n_services)
{
	struct ts_addr addr = addr_of(text);

	for (unsigned int i = 0; i < n; i++)
		su_prefix_table_count(table, &addr, i < n_services);
}

static double always(const void *ctx, const struct ts_addr *first, uint8_t len)
{
	return *(const double *)ctx;
}

static void want_prefix(const struct su_prefix *prefix, const char *first, uint8_t len,
	uint32_t n_answers, uint32_t n_services)
{
	struct ts_addr addr = addr_of(first);

	tap_ok(ts_addr_equal(&prefix->first, &addr) && prefix->len == len &&
			prefix->n_answers == n_answers && prefix->n_services == n_services,
		"%s/%u with %u answers, %u services", first, len, n_answers, n_services);
}

static void test_suspects(void)
{
	struct su_prefix_table *table = su_prefix_table_new(&key);
	struct su_prefix top[3];
	double probed = 100;
	uint64_t n;

	count(table, "198.18.1.7", 30, 3);
	count(table, "198.18.1.255", 30, 3);
	count(table, "198.18.2.0", 90, 44);
	count(table, "198.18.3.1", 90, 45);
	count(table, "198.18.4.1", 49, 0);
	count(table, "198.18.5.1", 50, 0);
	count(table, "2001:db8:0:1::1", 40, 0);
	count(table, "2001:db8:0:1:ffff::1", 40, 0);
	count(table, "::1", 70, 0);
	tap_eq((int64_t)su_prefix_table_read_totals(table).n_prefixes, 7,
		"the table counts each of the seven networks that answered");
	tap_eq((int64_t)su_prefix_table_read_totals(table).n_answers, 489,
		"the table counts the answers of all networks");
	tap_eq(su_prefix_table_suspects(table, always, &probed, top, 3, &n), 3,
		"a list of three suspects is filled if there are more");
	tap_eq((int64_t)n, 5,
		"all five networks that look like one host are counted, listed or not");
	want_prefix(&top[0], "198.18.2.0", 24, 90, 44);
	want_prefix(&top[1], "2001:db8:0:1::", 64, 80, 0);
	want_prefix(&top[2], "::", 64, 70, 0);
	probed = 70.5;
	su_prefix_table_suspects(table, always, &probed, top, 3, &n);
	tap_ok(top[0].n_probed == 90 && top[2].n_probed == 70.5,
		"the pairs probed are never fewer than those that answered");
	probed = 1000;
	tap_eq(su_prefix_table_suspects(table, always, &probed, top, 3, &n), 0,
		"a network with few answers to many probes is no suspect");
	probed = 1;
	su_prefix_table_free(table);
	table = su_prefix_table_new(&key);
	count(table, "198.18.1.7", 15, 0);
	su_prefix_table_suspects(table, always, &probed, top, 3, &n);
	tap_eq((int64_t)n, 0,
		"a network with fifteen answers is no suspect: they can be one odd host's");
	count(table, "198.18.1.7", 1, 0);
	su_prefix_table_suspects(table, always, &probed, top, 3, &n);
	tap_eq((int64_t)n, 1, "a network with sixteen answers is a suspect");
	su_prefix_table_free(table);
}

static void test_bound(void)
{
	struct su_prefix_table *table = su_prefix_table_new(&key);
	struct ts_addr addr = addr_of("2001:db8::");
	struct su_prefix top[1];
	double probed = 16;
	uint64_t n;
	unsigned int rounds = 16;

	/* One network more than fits, several times over. */
	for (unsigned int r = 0; r < rounds; r++) {
		for (uint32_t i = 0; i < SU_MAX_PREFIXES + 1; i++) {
			uint32_t be = __builtin_bswap32(i);

			memcpy(&addr.b[4], &be, sizeof(be));
			su_prefix_table_count(table, &addr, false);
		}
	}
	tap_eq((int64_t)su_prefix_table_read_totals(table).n_prefixes, SU_MAX_PREFIXES,
		"2^20 networks fit into the table");
	tap_eq((int64_t)su_prefix_table_read_totals(table).n_untracked, rounds,
		"answers of networks that do not fit the table are counted");
	tap_eq((int64_t)su_prefix_table_read_totals(table).n_answers,
		(int64_t)rounds * SU_MAX_PREFIXES,
		"a full table of networks loses no answer of those that it has");
	su_prefix_table_suspects(table, always, &probed, top, 1, &n);
	tap_eq((int64_t)n, SU_MAX_PREFIXES, "each network in a full table keeps its own count");
	su_prefix_table_free(table);
}

/* The number probed comes from the targets: against a look at every address. */
static void test_within(void)
{
	static const char *const items[] = {"198.18.0.0/22", "198.18.4.9",
		"198.18.5.250-198.18.6.3", "2001:db8::/120", "2001:db8:0:1::5"};
	struct dp_targets *targets = dp_targets_new();
	struct ts_addr v6 = addr_of("2001:db8::"), v6_one = addr_of("2001:db8:0:1::"),
		       any = addr_of("::"), any_v4 = addr_of("0.0.0.0");
	unsigned int bad = 0;
	char err[DP_ERR_LEN];

	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		dp_targets_add(targets, DP_ALLOW, items[i], err);
	dp_targets_add(targets, DP_EXCLUDE, "198.18.1.16/28", err);
	tap_eq(dp_targets_finish(targets, 3, 1, err), 0, "a set of IPv4 and IPv6 networks is made");
	for (uint32_t third = 0; third < 9; third++) {
		struct ts_addr first = addr_of("198.18.0.0"), addr;
		uint64_t n = 0;

		first.b[14] = (uint8_t)third;
		addr = first;
		for (uint32_t last = 0; last < 256; last++) {
			addr.b[15] = (uint8_t)last;
			n += dp_targets_contains(targets, &addr) ? 3 : 0;
		}
		bad += dp_targets_count_within(targets, &first, 24) != n;
	}
	tap_eq(bad, 0, "nine networks of IPv4 hold what a look at each address finds");
	tap_eq((int64_t)dp_targets_count_within(targets, &v6, 64), 768,
		"the targets within a /64 of IPv6 are counted");
	tap_eq((int64_t)dp_targets_count_within(targets, &v6_one, 64), 3,
		"the targets within a /64 with one address are its three services");
	tap_eq((int64_t)dp_targets_count_within(targets, &any_v4, 0), 3057,
		"the targets within all of IPv4 are counted");
	tap_eq((int64_t)dp_targets_count_within(targets, &any, 0),
		(int64_t)dp_targets_count(targets),
		"the targets within both families together are all of the set");
	dp_targets_free(targets);
}

static int any_service(void *to, uint16_t port, const char *protocol, char *why)
{
	return 0;
}

/* Lists of pairs count by the pair. */
static void test_within_pairs(void)
{
	static const uint16_t ports[] = {25};
	char text[] = "198.18.0.1,25\n198.18.7.1,25\n198.18.7.1,443\n198.18.7.9,443\n";
	struct dp_targets *targets = dp_targets_new();
	struct ts_addr seven = addr_of("198.18.7.0"), zero = addr_of("198.18.0.0");
	FILE *in = fmemopen(text, sizeof(text) - 1, "r");
	char err[DP_ERR_LEN];

	dp_targets_set_ports(targets, ports, 1);
	dp_targets_add(targets, DP_ALLOW, "198.18.0.0/28", err);
	dp_targets_add(targets, DP_EXCLUDE, "198.18.7.9", err);
	tap_eq(dp_targets_add_pairs_stream(targets, in, "pairs", any_service, NULL, err), 0,
		"a list of pairs is added to a set");
	tap_eq(dp_targets_finish(targets, 1, 1, err), 0, "a set with pairs is made");
	tap_eq((int64_t)dp_targets_count_within(targets, &seven, 24), 2,
		"an excluded pair is not counted among the targets of its network");
	tap_eq((int64_t)dp_targets_count_within(targets, &zero, 24), 16,
		"a pair of an allowed address counts once");
	fclose(in);
	dp_targets_free(targets);
}

int main(void)
{
	test_suspects();
	test_bound();
	test_within();
	test_within_pairs();
	return tap_done();
}
