/* SPDX-License-Identifier: BSD-3-Clause */
/* A saved set is the same set when it is loaded, a damaged one is refused, and two sets are told
 * apart by their first difference. */
#include "dataplane/targets/exclude.h"
#include "dataplane/targets/targets_file.h"

#include "saved.h"
#include "tap.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static char dir[] = "/tmp/targets-file-XXXXXX";
static char path[64];

/* Items by blanks; "!" before one excludes it, and "!default" stands for the default exclusions. */
static struct dp_targets *make(const char *items, uint32_t n_services, uint64_t seed)
{
	struct dp_targets *targets = dp_targets_new();
	char *words = strdup(items), *state = NULL, err[DP_ERR_LEN] = "";
	int rc = 0;

	for (char *word = strtok_r(words, " ", &state); word != NULL && rc == 0;
		word = strtok_r(NULL, " ", &state))
		rc = strcmp(word, "!default") == 0
			     ? dp_targets_exclude_special(targets)
			     : dp_targets_add(targets, word[0] == '!' ? DP_EXCLUDE : DP_ALLOW,
				       word + (word[0] == '!'), err);
	if (rc == 0)
		rc = dp_targets_finish(targets, n_services, seed, err);
	if (rc != 0)
		printf("# %s: %s\n", items, err);
	free(words);
	return targets;
}

static bool same_order(const struct dp_targets *a, const struct dp_targets *b)
{
	uint64_t n = dp_targets_count(a), step = n > 100000 ? n / 65537 : 1;

	if (dp_targets_count(b) != n || dp_targets_n_excluded(a) != dp_targets_n_excluded(b) ||
		dp_targets_n_addresses(a) != dp_targets_n_addresses(b))
		return false;
	for (uint64_t i = 0; i < n; i += step) {
		struct dp_target x = dp_targets_get(a, i), y = dp_targets_get(b, i);

		if (!ts_addr_equal(&x.addr, &y.addr) || x.service != y.service ||
			strcmp(dp_targets_name(a, &x.addr), dp_targets_name(b, &y.addr)) != 0)
			return false;
	}
	return true;
}

static void comes_back(const char *items, uint32_t n_services, const char *label)
{
	struct dp_targets *set = make(items, n_services, 7), *loaded = NULL;
	char err[DP_ERR_LEN] = "";
	struct dp_ranges added = {0};
	int rc = save_set(set, path);

	if (rc == 0)
		loaded = load_set(path, n_services, 7, err);
	tap_ok(loaded != NULL && same_order(set, loaded) &&
			dp_targets_digest(set) == dp_targets_digest(loaded) &&
			dp_targets_diff(set, loaded, &added, err) == 0 && added.n == 0,
		"a set that is saved and loaded is the same (%s)", label);
	if (err[0] != '\0')
		printf("# %s\n", err);
	dp_ranges_free(&added);
	dp_targets_free(set);
	dp_targets_free(loaded);
}

static void test_round_trip(void)
{
	comes_back("192.0.2.0/24", 1, "a prefix");
	comes_back("192.0.2.0/24 192.0.2.128-192.0.3.7 !192.0.2.64/26 !192.0.3.1 !10.0.0.0/8", 3,
		"overlaps and exclusions");
	comes_back("2001:db8::/120 192.0.2.1,a.example 2001:db8:1::9,v6.example !2001:db8::80", 2,
		"families and names");
	comes_back("0.0.0.0/0 !10.0.0.0/8 !240.0.0.0/4", 65535, "all of IPv4 on all ports");
	comes_back(":: ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127", 1, "both ends of the line");
	comes_back("2001:db8::/96 2001:db8::1:0:0/96 !2001:db8::ffff:ffff/128", 1,
		"prefixes that touch and are cut apart");
	/* ::/3, cut at the block of IPv4, touches 0.0.0.0/8 on the number line, and 240.0.0.0/4
	 * what is behind that block: joined they were saved as one range of two families, which no
	 * list may hold, and no scan with the default exclusions could be resumed. */
	comes_back("198.51.0.0/16 2a00::/120 !default", 2, "the default exclusions");
	comes_back("0.0.0.0/0 2000::/120 ::fffe:ffff:ffff !::/3 !0.0.0.0/8 !240.0.0.0/4", 1,
		"ranges of both families that touch");
}

static void test_digest(void)
{
	struct dp_targets *a = make("192.0.2.0/24 198.51.100.7 !192.0.2.9", 2, 1),
			  *b = make("198.51.100.7/32 192.0.2.128/25 192.0.2.0-192.0.2.200 "
				    "!192.0.2.9/32",
				  2, 99),
			  *c = make("192.0.2.0/24 198.51.100.7 !192.0.2.8", 2, 1),
			  *d = make("192.0.2.0/24 198.51.100.7 !192.0.2.9", 3, 1);

	tap_ok(dp_targets_digest(a) == dp_targets_digest(b),
		"the digest is the same for one set, however its lists were written");
	tap_ok(dp_targets_digest(a) != dp_targets_digest(c) &&
			dp_targets_digest(a) != dp_targets_digest(d),
		"another exclusion or number of services gives another digest");
	dp_targets_free(a);
	dp_targets_free(b);
	dp_targets_free(c);
	dp_targets_free(d);
}

static void differs(const char *saved, const char *now, const char *want)
{
	struct dp_targets *a = make(saved, 1, 1), *b = make(now, 1, 1);
	char err[DP_ERR_LEN] = "";
	struct dp_ranges added = {0};
	int rc = dp_targets_diff(a, b, &added, err);

	tap_ok(rc == -EINVAL && strcmp(err, want) == 0 && added.n == 0,
		"\"%s\" saved and \"%s\" now: the difference is that %s", saved, now, want);
	if (strcmp(err, want) != 0)
		printf("# rc %d: %s\n", rc, err);
	dp_targets_free(a);
	dp_targets_free(b);
}

static void test_differences(void)
{
	differs("198.18.0.0/16", "198.18.0.0/22 198.18.5.0-198.18.255.255",
		"198.18.4.0-198.18.4.255 is no longer among the targets");
	differs("198.18.0.0/22 198.18.5.0-198.18.255.255", "198.18.0.0/16",
		"198.18.4.0-198.18.4.255 is new");
	differs("198.18.0.1 198.18.0.9", "198.18.0.9", "198.18.0.1 is no longer among the targets");
	differs("198.18.0.9", "198.18.0.9 198.18.0.11", "198.18.0.11 is new");
	differs("198.18.0.0/24 198.18.8.0/24", "198.18.0.0/23 198.18.8.0/24",
		"198.18.1.0-198.18.1.255 is new");
	differs("198.18.0.0/23", "198.18.0.128-198.18.1.255",
		"198.18.0.0-198.18.0.127 is no longer among the targets");
	differs("2001:db8::/120", "2001:db8::/121",
		"2001:db8::80-2001:db8::ff is no longer among the targets");
	differs("198.18.0.0/16 !198.18.4.0/24", "198.18.0.0/16",
		"198.18.4.0-198.18.4.255 is no longer excluded");
	differs("198.18.0.0/16 !198.18.4.0/24", "198.18.0.0/16 !198.18.4.0/25 !198.18.9.1",
		"198.18.4.128-198.18.4.255 is no longer excluded");
	differs("198.18.0.0/24 !198.18.0.4", "198.18.0.0/30 198.18.0.5-198.18.0.255",
		"198.18.0.4 is no longer among the targets");
	differs("198.18.0.9,a.example", "198.18.0.9,b.example",
		"the name of 198.18.0.9 was a.example and is b.example");
	differs("198.18.0.9,a.example", "198.18.0.9",
		"the name of 198.18.0.9 was a.example and is gone");
	differs("198.18.0.9", "198.18.0.9,b.example", "the name of 198.18.0.9, b.example, is new");
}

static void test_added(void)
{
	struct dp_targets *a = make("198.18.0.0/16 !198.18.4.0/24", 1, 1),
			  *b = make(
				  "198.18.0.0/16 !198.18.3.0-198.18.4.255 !198.18.9.1 !10.0.0.0/8",
				  1, 1);
	char err[DP_ERR_LEN] = "x";
	struct dp_ranges added = {0};

	tap_ok(dp_targets_diff(a, b, &added, err) == 0 && err[0] == '\0',
		"more exclusions are no difference that matters");
	tap_ok(added.n == 3 && added.items[1].first == (DP_V4_FIRST | 0xc6120300) &&
			added.items[1].last == (DP_V4_FIRST | 0xc61203ff) &&
			added.items[2].first == added.items[2].last,
		"added exclusions are told: three ranges, the second 198.18.3.0/24");
	dp_ranges_free(&added);
	dp_targets_free(a);
	dp_targets_free(b);
	a = make("198.18.0.0/16 !10.0.0.0/8", 1, 1);
	b = make("198.18.0.0/16", 1, 1);
	tap_ok(dp_targets_diff(a, b, &added, err) == 0 && added.n == 0,
		"an exclusion that took no target may go");
	dp_ranges_free(&added);
	dp_targets_free(a);
	dp_targets_free(b);
}

static void test_ports(void)
{
	static const uint16_t ports[2] = {25, 443}, others[2] = {443, 25};
	struct dp_targets *a = dp_targets_new(), *b = dp_targets_new(), *loaded;
	char err[DP_ERR_LEN] = "";
	struct dp_ranges added = {0};

	dp_targets_add(a, DP_ALLOW, "192.0.2.0/24", err);
	dp_targets_add(b, DP_ALLOW, "192.0.2.0/24", err);
	dp_targets_set_ports(a, ports, 2);
	dp_targets_set_ports(b, others, 2);
	dp_targets_finish(a, 2, 1, err);
	dp_targets_finish(b, 2, 1, err);
	tap_eq(dp_targets_diff(a, b, &added, err), -EINVAL,
		"other ports than those saved are a difference");
	tap_str(err, "the ports were 25,443 and are 443,25, in this order",
		"the message about other ports names both lists");
	save_set(a, path);
	loaded = load_set(path, 2, 1, err);
	tap_ok(loaded != NULL && dp_targets_diff(loaded, a, &added, err) == 0,
		"ports come back from a saved set");
	dp_ranges_free(&added);
	dp_targets_free(loaded);
	dp_targets_free(a);
	dp_targets_free(b);
}

static void write_text(const char *text)
{
	FILE *out = fopen(path, "w");

	fputs(text, out);
	fclose(out);
}

static void refused(const char *text, const char *want, const char *label)
{
	char err[DP_ERR_LEN] = "", all[DP_ERR_LEN];
	struct dp_targets *targets;

	write_text(text);
	targets = load_set(path, 1, 1, err);
	snprintf(all, sizeof(all), "%s%.180s", path, want);
	tap_ok(targets == NULL && strncmp(err, all, strlen(all)) == 0,
		"a saved set is refused with '%s' (%s)", want, label);
	if (strncmp(err, all, strlen(all)) != 0)
		printf("# got  %s\n# want %s\n", err, all);
	dp_targets_free(targets);
}

#define HEAD "tlsweep-targets 1\nservices 1\n"

static void test_damage(void)
{
	refused("", ": the file ends too early", "an empty file");
	refused("192.0.2.0/24\n", ":1:1: this is not a saved set", "a list that is no saved set");
	refused("tlsweep-targets 2\n", ":1:1: this is not a saved set", "another version");
	refused("tlsweep-targets 1\nallow 192.0.2.1\n", ":2:1: the services are expected here",
		"no services");
	refused("tlsweep-targets 1\nservices 2 25\n", ":2:", "a port too few");
	refused(HEAD "allow 192.0.2.256\n", ":3:7: \"192.0.2.256\" is not",
		"a bad address, with its place");
	refused(HEAD "name 192.0.2.1\n", ":3:15: a second word is missing", "a name without name");
	refused(HEAD "allow 192.0.2.1\n", ": the file ends too early", "a file without its end");
	refused(HEAD "allow 192.0.2.1\nend 12\n", ":4:5: 16 hexadecimal digits",
		"a digest that is cut");
	refused(HEAD "allow 192.0.2.1\nend 0123456789abcdef\n", ": the file was changed or damaged",
		"content that is not what was saved");
	refused(HEAD "allow 192.0.2.1\nend 0123456789abcdef\nallow 192.0.2.2\n",
		":5:1: there is more behind the end", "more behind the end");
	refused("tlsweep-targets 1\nservices 3\nallow 192.0.2.1\nend 0123456789abcdef\n",
		": the targets were saved for 3 services, and now there are 1",
		"another number of services");
}

static void test_full(void)
{
	struct dp_targets *set = make("192.0.2.0/24", 1, 1);

	if (access("/dev/full", W_OK) == 0)
		tap_eq(save_set(set, "/dev/full"), -ENOSPC,
			"a full disk is an error, not a short file");
	dp_targets_free(set);
}

/* A scattered million, as an address list has them. */
static void test_million(void)
{
	struct dp_targets *set = dp_targets_new(), *loaded;
	char err[DP_ERR_LEN] = "", item[32];

	for (uint32_t i = 0; i < 1000000; i++) {
		uint32_t x = i * 2654435761u << 1;

		snprintf(item, sizeof(item), "%u.%u.%u.%u", x >> 24, x >> 16 & 255, x >> 8 & 255,
			x & 255);
		dp_targets_add(set, DP_ALLOW, item, err);
	}
	dp_targets_finish(set, 2, 5, err);
	tap_eq(save_set(set, path), 0, "a million ranges are saved");
	loaded = load_set(path, 2, 5, err);
	tap_ok(loaded != NULL && same_order(set, loaded),
		"a million saved ranges come back in the same order");
	dp_targets_free(set);
	dp_targets_free(loaded);
}

static void test_exclusions(void)
{
	struct dp_ranges ranges = {0};
	char err[DP_ERR_LEN] = "", all[DP_ERR_LEN];

	tap_eq(dp_exclude_item("192.0.2.0/25", &ranges, err), 0,
		"an exclusion is added to a set of exclusions");
	tap_ok(dp_exclude_item("192.0.2.128/25", &ranges, err) == 0 && ranges.n == 1,
		"an added exclusion is joined with its neighbour");
	tap_eq(dp_exclude_item("192.0.2.1/25", &ranges, err), -EINVAL,
		"a wrong exclusion is refused");
	tap_str(err, "\"192.0.2.1/25\" has bits set behind its prefix: write 192.0.2.0/25",
		"a wrong exclusion is named in the message");
	write_text("# asked by mail\n198.51.100.0/24, abuse ticket 7\n2001:db8::/32\n");
	tap_ok(dp_exclude_file(path, &ranges, err) == 0 && ranges.n == 3,
		"a list is added to a set of exclusions");
	write_text("198.18.0.0/15\nx\n");
	tap_ok(dp_exclude_file(path, &ranges, err) == -EINVAL && ranges.n == 3,
		"a list with an error changes nothing");
	snprintf(all, sizeof(all), "%s:2:1: \"x\" is not", path);
	tap_ok(strncmp(err, all, strlen(all)) == 0,
		"a list with an error is refused with the place of the error");
	write_text("");
	tap_ok(dp_exclude_file(path, &ranges, err) == 0 && ranges.n == 3,
		"a list of added exclusions may be empty");
	dp_ranges_free(&ranges);
}

int main(void)
{
	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/targets", dir);
	test_round_trip();
	test_digest();
	test_differences();
	test_added();
	test_ports();
	test_damage();
	test_full();
	test_million();
	test_exclusions();
	unlink(path);
	rmdir(dir);
	return tap_done();
}
