/* SPDX-License-Identifier: BSD-3-Clause */
/* Pairs of address and port beside, or instead of, addresses that share their services. */
#include "pairs_set.h"
#include "saved.h"
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

#define N_PORTS 65536

/* The set as text, in order of address and port. */
static int line_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *listed(const struct dp_targets *targets)
{
	uint64_t n = dp_targets_count(targets), index;
	char **lines = calloc(n, sizeof(*lines)), *all = calloc(n, 80);

	for (uint64_t i = 0; i < n; i++) {
		struct dp_target target = dp_targets_get(targets, i);
		char text[TS_ADDR_STRLEN];

		lines[i] = calloc(1, 80);
		ts_addr_format(&target.addr, text);
		snprintf(lines[i], 80, "%s|%u ", text, dp_targets_port(targets, target.service));
		if (!dp_targets_index(targets, &target, &index) || index != i ||
			!dp_targets_contains(targets, &target.addr))
			strcat(lines[i], "(not found) ");
	}
	qsort(lines, n, sizeof(*lines), line_compare);
	for (uint64_t i = 0; i < n; i++) {
		strcat(all, lines[i]);
		free(lines[i]);
	}
	free(lines);
	return all;
}

static void gives(const char *items, const char *pairs, const uint16_t *ports, const char *want,
	const char *label)
{
	struct made made = make(items, pairs, ports);
	char *got = made.rc == 0 ? listed(made.targets) : strdup(made.err);

	tap_about("pairs, %s", label);
	tap_str(got, want, "the set has the pairs that it should have");
	tap_about(NULL);
	free(got);
	dp_targets_free(made.targets);
}

static void refused(const char *pairs, const char *want, const char *label)
{
	struct made made = make("", pairs, none);
	bool good = made.rc == -EINVAL && strncmp(made.err, want, strlen(want)) == 0;

	if (!tap_ok(good, "a list of pairs is refused with '%s' (%s)", want, label))
		printf("# rc %d, got  %s\n# want %s\n", made.rc, made.err, want);
	dp_targets_free(made.targets);
}

static void test_forms(void)
{
	gives("", "192.0.2.1:25\n", none, "192.0.2.1|25 ", "ADDRESS:PORT");
	gives("", "[2001:db8::1]:25\n", none, "2001:db8::1|25 ", "an IPv6 address in brackets");
	gives("", "192.0.2.1 25\n2001:db8::1 26", none, "192.0.2.1|25 2001:db8::1|26 ",
		"ADDRESS PORT");
	gives("", "saddr,sport\r\n192.0.2.1,25\r\n2001:db8::1,26\r\n", none,
		"192.0.2.1|25 2001:db8::1|26 ", "what ZMap writes, with its first line");
	gives("", "# saved\n\n\t192.0.2.1 ,\t25 # x\n", none, "192.0.2.1|25 ",
		"comments and blanks");
	gives("", "192.0.2.1:4433:tls\n192.0.2.1,4434:tls\n[::ffff:192.0.2.2]:25:tls\n", none,
		"192.0.2.1|4433 192.0.2.1|4434 192.0.2.2|25 ", "with a protocol");
	gives("", "192.0.2.1:25\n192.0.2.1 25\n192.0.2.1:24\n", none, "192.0.2.1|24 192.0.2.1|25 ",
		"a pair that comes twice is one");
}

static void test_names(void)
{
	struct made made = make("",
		"192.0.2.1:25,mx.example.org\n192.0.2.1:26 mx.example.org\n"
		"[2001:db8::1]:4433:tls , v6.example\n192.0.2.2,25,b.example\n",
		none);
	struct ts_addr addr;

	tap_eq(made.rc, 0, "pairs may have a name behind a comma or a blank");
	ts_addr_parse("192.0.2.1", &addr);
	tap_str(dp_targets_name(made.targets, &addr), "mx.example.org",
		"a name may follow a blank");
	ts_addr_parse("2001:db8::1", &addr);
	tap_str(dp_targets_name(made.targets, &addr), "v6.example", "a name may follow a protocol");
	ts_addr_parse("192.0.2.2", &addr);
	tap_str(dp_targets_name(made.targets, &addr), "b.example", "a name may be a CSV column");
	dp_targets_free(made.targets);
	refused("192.0.2.1:25,a.example\n192.0.2.1:26,b.example\n",
		"pairs:2:14: 192.0.2.1 is b.example here and a.example in pairs:1:14: an address "
		"has one name",
		"one address has one name, and both places are told");
	refused("192.0.2.1 25 smtp\n", "pairs:1:14: \"smtp\" is not a full host name",
		"a protocol in the place of the name is not taken for one");
	refused("192.0.2.1,25,synack\n", "pairs:1:14: \"synack\" is not a full host name",
		"another column of ZMap's in the place of the name is not taken for one");
}

static void test_errors(void)
{
	refused("192.0.2.1:25\n192.0.2.1\n", "pairs:2:1: \"192.0.2.1\" has no port: write",
		"no port");
	refused("2001:db8::1:25\n",
		"pairs:1:1: \"2001:db8::1:25\" has no port: write ADDRESS:PORT, "
		"with an IPv6 address in brackets",
		"an IPv6 address without brackets and with a port can be read in two ways");
	refused("192.0.2.1:0\n", "pairs:1:11: \"0\" is not a port", "port 0");
	refused("192.0.2.1:65536\n", "pairs:1:11: \"65536\" is not a port", "port 65536");
	refused("192.0.2.1:smtp\n", "pairs:1:11: \"smtp\" is not a port", "a name for a port");
	refused("192.0.2.1:\n", "pairs:1:1: \"192.0.2.1:\" has no port", "an empty port");
	refused("192.0.2.256:25\n", "pairs:1:1: \"192.0.2.256\" is not an IPv4 or IPv6 address",
		"no address");
	refused("[192.0.2.1:25\n", "pairs:1:1: a bracket is not closed", "an open bracket");
	refused("[2001:db8::1] 25\n", "pairs:1:14: a colon and a port", "brackets without colon");
	refused("  192.0.2.1:2525\n", "pairs:1:13: port 2525 has no protocol",
		"a port nothing is known to speak on");
	refused("192.0.2.1:2525:\n", "pairs:1:16: a protocol is missing", "an empty protocol");
	refused("192.0.2.1:25,\n", "pairs:1:14: \"\" is not a host name", "an empty name");
	refused("192.0.2.1:25 a b\n", "pairs:1:14: \"a b\" is not a host name", "a fourth word");
	refused("192.0.2.0/24:25\n", "pairs:1:1: \"192.0.2.0/24\" is not", "a prefix");
	refused("saddr,sport\n", "pairs:2:1: the file names no pair", "a header alone");
	refused("192.0.2.1:25\nsaddr,sport\n", "pairs:2:1: \"saddr\" is not",
		"a header in the middle");
}

static void test_beside_addresses(void)
{
	gives("192.0.2.0/31", "192.0.2.1:25\n192.0.2.1:26\n198.51.100.7:443\n198.51.100.7:27\n",
		two,
		"192.0.2.0|25 192.0.2.0|443 192.0.2.1|25 192.0.2.1|26 192.0.2.1|443 "
		"198.51.100.7|27 198.51.100.7|443 ",
		"pairs join the addresses and their services, and none is there twice");
	gives("192.0.2.0/31 !192.0.2.1 !198.51.100.7",
		"192.0.2.1:26\n198.51.100.7:27\n"
		"198.51.100.8:27\n",
		two, "192.0.2.0|25 192.0.2.0|443 198.51.100.8|27 ", "exclusions hold for pairs");
	gives("192.0.2.0/31 !192.0.2.0/24", "198.51.100.8:27\n", two, "198.51.100.8|27 ",
		"pairs can be all that is left");
	gives("!192.0.2.0/24", "192.0.2.1:27\n", none,
		"no target is left: the exclusions cover all of them; 192.0.2.1, for one, lies in "
		"the excluded 192.0.2.0-192.0.2.255",
		"nothing left of pairs alone is explained too");
	gives("192.0.2.0/31", "192.0.2.1:27\n", none,
		"there are addresses without ports, and no service to scan them for: give -p",
		"addresses without a service");
}

static void test_counts(void)
{
	struct made made = make("192.0.2.0/30 !192.0.2.1 !198.51.100.9",
		"192.0.2.0:26\n192.0.2.1:27\n192.0.2.1:26\n198.51.100.8:26\n198.51.100.8:27\n"
		"198.51.100.9:28\n[2001:db8::1]:29\n",
		two);
	struct dp_target target = {.service = 4};

	tap_eq((int64_t)dp_targets_count(made.targets), 2 * 3 + 4, "pairs of a list are counted");
	tap_eq((int64_t)dp_targets_n_addresses(made.targets), 5, "addresses of pairs count once");
	tap_eq((int64_t)dp_targets_n_excluded(made.targets), 2, "excluded pairs are counted");
	tap_ok(dp_targets_has_v4(made.targets) && dp_targets_has_v6(made.targets),
		"pairs of IPv6 make the set one of both families");
	tap_ok(dp_targets_n_services(made.targets) == 6 &&
			dp_targets_port(made.targets, 0) == 443 &&
			dp_targets_port(made.targets, 1) == 25 &&
			dp_targets_port(made.targets, 2) == 26 &&
			dp_targets_port(made.targets, 5) == 29,
		"services keep their place, ports of pairs follow in order");
	ts_addr_parse("198.51.100.9", &target.addr);
	tap_ok(!dp_targets_contains(made.targets, &target.addr), "an excluded pair is not there");
	uint64_t index;

	tap_ok(!dp_targets_index(made.targets, &target, &index), "an excluded pair has no index");
	ts_addr_parse("198.51.100.8", &target.addr);
	target.service = 0;
	tap_ok(!dp_targets_index(made.targets, &target, &index),
		"another port of a pair has no index");
	target.service = 6;
	tap_ok(!dp_targets_index(made.targets, &target, &index), "an unknown service has no index");
	dp_targets_free(made.targets);
}

/* Many pairs against a table: each comes exactly once, in both directions. */
static void test_many(void)
{
	static bool want[256][N_PORTS / 64];
	struct dp_targets *targets;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	uint64_t x = 88172645463325252u, n = 0, bad = 0;
	struct made made;

	for (unsigned int i = 0; i < 50000; i++) {
		unsigned int host, port;

		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		host = x & 255;
		port = 1 + (x >> 8) % (N_PORTS / 64 - 1);
		fprintf(out, "198.51.100.%u:%u:tls\n", host, port);
		n += !want[host][port] && !(host < 64 && (port == 25 || port == 443));
		want[host][port] = true;
	}
	fclose(out);
	made = make("198.51.100.0/26", text, two);
	targets = made.targets;
	tap_eq((int64_t)dp_targets_count(targets), (int64_t)(n + 128),
		"a list of 50,000 pairs is read, and repeats count once");
	for (uint64_t i = 0; i < dp_targets_count(targets); i++) {
		struct dp_target target = dp_targets_get(targets, i);
		uint8_t host = target.addr.b[15];
		uint16_t port = dp_targets_port(targets, target.service);
		uint64_t index;

		if (host < 64 && (port == 25 || port == 443))
			want[host][port] = true;
		bad += !want[host][port] || !dp_targets_index(targets, &target, &index) ||
		       index != i;
		want[host][port] = false;
	}
	tap_eq((int64_t)bad, 0,
		"each of many pairs comes exactly once, and leads back to its index");
	dp_targets_free(targets);
	free(text);
}

static void differs(const char *items_a, const char *pairs_a, const char *items_b,
	const char *pairs_b, const char *want)
{
	struct made a = make(items_a, pairs_a, two), b = make(items_b, pairs_b, two);
	char err[DP_ERR_LEN] = "";
	struct dp_ranges added;
	int rc = dp_targets_diff(a.targets, b.targets, &added, err);

	tap_about("targets \"%s\" saved and \"%s\" now", items_a, items_b);
	tap_str(err, want, want[0] == '\0' ? "there is no difference in the pairs" : want);
	tap_eq(rc, want[0] == '\0' ? 0 : -EINVAL, "the return value says whether there is one");
	tap_about(NULL);
	dp_ranges_free(&added);
	dp_targets_free(a.targets);
	dp_targets_free(b.targets);
}

#define P "192.0.2.1:27\n[2001:db8::1]:28\n"

static void test_differences(void)
{
	differs("192.0.2.0/31", P, "192.0.2.0/31", "192.0.2.1:27\n",
		"[2001:db8::1]:28 is no longer among the targets");
	differs("192.0.2.0/31", P, "192.0.2.0/31", P "192.0.2.1:26\n", "192.0.2.1:26 is new");
	differs("!192.0.2.1", P, "!10.0.0.0/8", P, "192.0.2.1:27 is no longer excluded");
	differs("192.0.2.0/31", P, "192.0.2.0/31 !2001:db8::/32", P, "");
	differs("192.0.2.0/31", P "192.0.2.0:25\n", "192.0.2.0/31", P, "");
}

static void test_saved(void)
{
	char path[] = "/tmp/targets-pairs-XXXXXX", err[DP_ERR_LEN] = "";
	int fd = mkstemp(path);
	bool same;
	struct made made = make("192.0.2.0/30 !192.0.2.1 !198.51.100.9",
		"192.0.2.0:26\n192.0.2.1:27\n192.0.2.2:443\n198.51.100.8:26,b.example\n"
		"198.51.100.9:900\n[2001:db8::1]:29\n",
		two);
	struct dp_targets *loaded = NULL;

	close(fd);
	if (save_set(made.targets, path) == 0)
		loaded = load_set(path, 2, 3, err);
	same = loaded != NULL && dp_targets_count(loaded) == dp_targets_count(made.targets) &&
	       dp_targets_n_services(loaded) == dp_targets_n_services(made.targets) &&
	       dp_targets_digest(loaded) == dp_targets_digest(made.targets);
	for (uint64_t i = 0; same && i < dp_targets_count(loaded); i++) {
		struct dp_target a = dp_targets_get(made.targets, i), b = dp_targets_get(loaded, i);

		same = ts_addr_equal(&a.addr, &b.addr) && a.service == b.service;
	}
	if (!tap_ok(same, "a saved set of both kinds has the same order when it is loaded"))
		printf("# %s\n", err);
	dp_targets_free(loaded);
	dp_targets_free(made.targets);
	unlink(path);
}

int main(void)
{
	test_forms();
	test_names();
	test_errors();
	test_beside_addresses();
	test_counts();
	test_many();
	test_differences();
	test_saved();
	return tap_done();
}
