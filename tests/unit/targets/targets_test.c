/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists become exactly the set of pairs they describe: against a bitmap, by family, at both ends of
 * the line. */
#include "dataplane/targets/targets.h"

#include "tap.h"

#include <errno.h>
#include <stdlib.h>

#define SPACE	   65536 /* the model: 198.18.0.0/16 as one byte an address */
#define N_ROUNDS   120
#define N_SERVICES 3

#define ROW 150 /* targets fetched at a time */

static uint64_t random_state = 20240229;

static uint32_t random_below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)((random_state >> 20) % n);
}

static struct ts_addr addr_parse(const char *text)
{
	struct ts_addr addr = {0};

	if (ts_addr_parse(text, &addr) != 0)
		abort();
	return addr;
}

/* A finished set from items separated by spaces; those that start with '!' are exclusions. */
static struct dp_targets *make(
	const char *items, bool special, uint32_t n_services, int *rc, char *err)
{
	struct dp_targets *targets = dp_targets_new();
	char copy[1024], *save = NULL;

	snprintf(copy, sizeof(copy), "%s", items);
	err[0] = '\0';
	*rc = 0;
	for (char *item = strtok_r(copy, " ", &save); item != NULL && *rc == 0;
		item = strtok_r(NULL, " ", &save))
		*rc = dp_targets_add(targets, item[0] == '!' ? DP_EXCLUDE : DP_ALLOW,
			item + (item[0] == '!'), err);
	if (*rc == 0 && special)
		*rc = dp_targets_exclude_special(targets);
	if (*rc == 0)
		*rc = dp_targets_finish(targets, n_services, 1, err);
	return targets;
}

/* One random item, as text for the set and as bytes for the model. */
static void random_item(char text[64], uint8_t *model, uint8_t mark)
{
	uint32_t first = random_below(SPACE), last = first;

	switch (random_below(3)) {
	case 0:
		snprintf(text, 64, "198.18.%u.%u", first >> 8, first & 255);
		break;
	case 1:
		last = first + random_below(random_below(8) == 0 ? SPACE - first
								 : (SPACE - first) / 256 + 1);
		snprintf(text, 64, "198.18.%u.%u-198.18.%u.%u", first >> 8, first & 255, last >> 8,
			last & 255);
		break;
	default: {
		uint32_t bits = random_below(13);

		first = first >> bits << bits;
		last = first | ((1u << bits) - 1);
		snprintf(text, 64, "198.18.%u.%u/%u", first >> 8, first & 255, 32 - bits);
	}
	}
	memset(model + first, mark, last - first + 1);
}

static bool matches_model(const struct dp_targets *targets, const uint8_t *model)
{
	static uint8_t hits[SPACE][N_SERVICES];
	struct dp_target row[ROW];
	uint64_t n = 0, n_all = dp_targets_count(targets);

	memset(hits, 0, sizeof(hits));
	for (uint64_t i = 0; i < n_all; i++) {
		struct dp_target target = dp_targets_get(targets, i);
		uint32_t at = __builtin_bswap32(ts_addr_v4_be(&target.addr)) - 0xc6120000;
		uint64_t index;

		if (i % ROW == 0)
			dp_targets_get_many(targets, i, 1, n_all - i < ROW ? n_all - i : ROW, row);
		if (!ts_addr_equal(&row[i % ROW].addr, &target.addr) ||
			row[i % ROW].service != target.service)
			return false;
		if (at >= SPACE || target.service >= N_SERVICES || hits[at][target.service]++ != 0)
			return false;
		if (!dp_targets_index(targets, &target, &index) || index != i)
			return false;
	}
	for (uint32_t at = 0; at < SPACE; at++) {
		struct ts_addr addr = ts_addr_from_v4(__builtin_bswap32(0xc6120000 + at));

		n += model[at];
		for (uint32_t s = 0; s < N_SERVICES; s++)
			if (hits[at][s] != model[at])
				return false;
		if (dp_targets_contains(targets, &addr) != (model[at] == 1))
			return false;
	}
	return n == dp_targets_n_addresses(targets) && n * N_SERVICES == dp_targets_count(targets);
}

static void test_against_bitmap(void)
{
	static uint8_t model[SPACE], excluded[SPACE];
	unsigned int bad = 0, empty = 0;

	for (unsigned int round = 0; round < N_ROUNDS; round++) {
		struct dp_targets *targets = dp_targets_new();
		uint32_t n_allow = 1 + random_below(round % 10 == 0 ? 3000 : 40),
			 n_exclude = random_below(60);
		uint64_t n_before = 0, n_after = 0;
		char text[64], err[DP_ERR_LEN];
		int rc;

		memset(model, 0, sizeof(model));
		memset(excluded, 0, sizeof(excluded));
		for (uint32_t i = 0; i < n_allow; i++) {
			random_item(text, model, 1);
			bad += dp_targets_add(targets, DP_ALLOW, text, err) != 0;
		}
		for (uint32_t i = 0; i < n_exclude; i++) {
			random_item(text, excluded, 1);
			bad += dp_targets_add(targets, DP_EXCLUDE, text, err) != 0;
		}
		for (uint32_t i = 0; i < SPACE; i++) {
			n_before += model[i];
			model[i] &= !excluded[i];
			n_after += model[i];
		}
		rc = dp_targets_finish(targets, N_SERVICES, round, err);
		empty += rc == -ENOENT;
		if (rc == 0)
			bad += !matches_model(targets, model) ||
			       dp_targets_n_excluded(targets) != n_before - n_after;
		else
			bad += rc != -ENOENT || n_after != 0;
		dp_targets_free(targets);
	}
	tap_eq(bad, 0,
		"120 random pairs of lists: the set is what a bitmap says, each pair once, inverse "
		"included");
	tap_ok(empty < N_ROUNDS / 4, "most of them have targets left (%u have none)", empty);
}

static void test_all_of_ipv4(void)
{
	char err[DP_ERR_LEN];
	int rc;
	struct dp_targets *targets = make("0.0.0.0/0", true, 1, &rc, err);
	unsigned int bad = 0;

	tap_eq(rc, 0, "all of IPv4 is a target list");
	tap_eq((int64_t)dp_targets_count(targets), 3702257664,
		"without the default exclusions 3,702,257,664 are left");
	tap_eq((int64_t)(dp_targets_n_excluded(targets) + dp_targets_count(targets)),
		INT64_C(1) << 32, "all of IPv4: what is not a target is counted as excluded");
	for (uint64_t i = 0; i < 200000; i++) {
		struct dp_target target = dp_targets_get(targets, i * 18511 % 3702257664);

		bad += dp_special_describe(&target.addr) != NULL ||
		       !dp_targets_contains(targets, &target.addr);
	}
	tap_eq(bad, 0, "all of IPv4: no special address is a target");
	tap_ok(dp_targets_has_v4(targets) && !dp_targets_has_v6(targets),
		"all of IPv4 is a set of IPv4 and nothing else");
	dp_targets_free(targets);
}

static void test_families(void)
{
	char err[DP_ERR_LEN];
	int rc;
	struct dp_targets *targets = make(
		"2001:db8::/126 192.0.2.0/31 ::ffff:192.0.2.9 !2001:db8::2 !::/8", false, 2, &rc,
		err);
	struct ts_addr v4 = addr_parse("192.0.2.1"), mapped = addr_parse("192.0.2.9"),
		       gone = addr_parse("2001:db8::2");
	struct dp_target last = {.addr = addr_parse("2001:db8::3"), .service = 1};
	uint64_t index;

	tap_eq((int64_t)dp_targets_count(targets), 12,
		"three IPv6 and three IPv4 addresses on two ports are twelve pairs");
	tap_ok(dp_targets_has_v4(targets) && dp_targets_has_v6(targets),
		"a set of both families has addresses of both");
	tap_ok(dp_targets_contains(targets, &v4),
		"an IPv6 exclusion around ::ffff:0:0/96 takes no IPv4 address");
	tap_ok(dp_targets_contains(targets, &mapped), "an IPv4-mapped address is the IPv4 address");
	tap_ok(!dp_targets_contains(targets, &gone), "an excluded IPv6 address is gone");
	tap_ok(dp_targets_index(targets, &last, &index) && index < 12, "an IPv6 pair has an index");
	last.service = 2;
	tap_ok(!dp_targets_index(targets, &last, &index), "a service that is not scanned has none");
	dp_targets_free(targets);

	targets = make("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127 :: ::1", false, 1, &rc, err);
	tap_ok(rc == 0 && dp_targets_count(targets) == 4,
		"the first and the last address of the line can be targets");
	dp_targets_free(targets);
	targets = make("2001:db8::/66 !2001:db8::1", false, 1, &rc, err);
	tap_ok(rc == 0 && dp_targets_count(targets) == (UINT64_C(1) << 62) - 1,
		"an IPv6 /66 fits into a set");
	dp_targets_free(targets);
}

static void fails(const char *items, bool special, uint32_t n_services, int want_rc,
	const char *want, const char *label)
{
	char err[DP_ERR_LEN];
	int rc;
	struct dp_targets *targets = make(items, special, n_services, &rc, err);

	if (!tap_ok(rc == want_rc && strstr(err, want) != NULL, "%s", label))
		printf("# rc %d: %s\n", rc, err);
	dp_targets_free(targets);
}

static void test_nothing_left(void)
{
	fails("", false, 1, -ENOENT, "no target was given",
		"no item at all is an error that says so");
	fails("198.18.0.0/24 !198.18.0.0/16", false, 1, -ENOENT, "198.18.0.0-198.18.255.255",
		"when the user's exclusions take everything, the message names one");
	fails("198.18.0.0/15", true, 1, -ENOENT, "198.18.0.0/15 (benchmarking, RFC 2544)",
		"when the default exclusions do, it names the entry and its RFC");
	fails("198.18.0.0/15", true, 1, -ENOENT, "--no-default-exclude",
		"if the default exclusions take everything, the message names the option that "
		"lifts them");
	fails("2000::/3", false, 1, -EOVERFLOW, "/66",
		"a set beyond 2^63 - 1 is refused, with the prefix that fits");
	fails("2001:db8::/66 0.0.0.0/0", false, 300, -EOVERFLOW, "/74",
		"a set beyond 2^63 - 1 is refused by its number of ports, too");
	fails("::/0 0.0.0.0/0", false, 1, -EOVERFLOW, "too many",
		"the whole line of 2^128 does not overflow the count");
	fails("192.0.2.1,a.example 192.0.2.1,b.example", false, 1, -EINVAL,
		"192.0.2.1 is b.example here and a.example before: an address has one name",
		"two names for one address are refused by name");
}

static void test_names(void)
{
	char err[DP_ERR_LEN];
	int rc;
	struct dp_targets *targets = make("192.0.2.9,mx.example.org 2001:db8::1,v6.example "
					  "192.0.2.1 192.0.2.9,MX.example.ORG",
		false, 1, &rc, err);
	struct ts_addr mx = addr_parse("192.0.2.9"), v6 = addr_parse("2001:db8::1"),
		       bare = addr_parse("192.0.2.1");

	tap_ok(rc == 0 && dp_targets_count(targets) == 3,
		"an address with a name is one target, given twice or not, in whatever case");
	tap_str(dp_targets_name(targets, &mx), "mx.example.org",
		"the name of an IPv4 address is found by address");
	tap_str(dp_targets_name(targets, &v6), "v6.example",
		"the name of an IPv6 address is found by address");
	tap_str(dp_targets_name(targets, &bare), "", "an address without a name has an empty one");
	dp_targets_free(targets);
}

int main(void)
{
	test_against_bitmap();
	test_all_of_ipv4();
	test_families();
	test_nothing_left();
	test_names();
	return tap_done();
}
