/* SPDX-License-Identifier: BSD-3-Clause */
/* A scan covers what its lists name: every pair once, in any number of shards, from any point on,
 * and nothing else. */
#include "dataplane/targets/targets_file.h"

#include "saved.h"
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

#define PREFIX 2000000

static struct dp_targets *make(
	const char *const *items, bool special, uint32_t n_services, uint64_t seed)
{
	struct dp_targets *targets = dp_targets_new();
	char err[DP_ERR_LEN] = "";
	int rc = special ? dp_targets_exclude_special(targets) : 0;

	for (; *items != NULL && rc == 0; items++)
		rc = dp_targets_add(targets, **items == '!' ? DP_EXCLUDE : DP_ALLOW,
			*items + (**items == '!'), err);
	if (rc == 0)
		rc = dp_targets_finish(targets, n_services, seed, err);
	if (rc != 0)
		printf("# %s\n", err);
	return targets;
}

/* ZMap's "D1": IPv4 on more than 256 ports repeated itself after half a million probes. */
static void test_many_ports(uint32_t n_services)
{
	static const char *const items[] = {"0.0.0.0/0", NULL};
	struct dp_targets *targets = make(items, true, n_services, 1);
	uint64_t bad = 0;

	for (uint64_t i = 0; i < PREFIX; i++) {
		struct dp_target target = dp_targets_get(targets, i);
		uint64_t index;

		bad += target.service >= n_services ||
		       !dp_targets_index(targets, &target, &index) || index != i;
	}
	tap_ok(bad == 0, "all of IPv4 on %u ports: the first 2,000,000 pairs are distinct",
		n_services);
	dp_targets_free(targets);
}

/* ZMap's "D2": a list of 1,000 addresses on three ports gave 2,114 pairs of 3,000. */
static void test_list_times_ports(void)
{
	static uint8_t seen[1000][3];
	struct dp_targets *targets = dp_targets_new();
	char err[DP_ERR_LEN], item[32];
	unsigned int bad = 0;

	for (unsigned int i = 0; i < 1000; i++) {
		snprintf(item, sizeof(item), "198.%u.%u.%u", 18 + i % 2, i / 250, i % 250);
		dp_targets_add(targets, DP_ALLOW, item, err);
	}
	dp_targets_finish(targets, 3, 1, err);
	for (uint64_t i = 0; i < dp_targets_count(targets); i++) {
		struct dp_target t = dp_targets_get(targets, i);
		unsigned int k = t.addr.b[14] * 250u + t.addr.b[15];

		if (k >= 1000 || t.addr.b[13] != 18 + k % 2 || t.addr.b[15] >= 250 || t.service > 2)
			bad++;
		else
			seen[k][t.service]++;
	}
	for (unsigned int k = 0; k < 3000; k++)
		bad += seen[k / 3][k % 3] != 1;
	tap_ok(dp_targets_count(targets) == 3000 && bad == 0,
		"1,000 listed addresses on three ports are 3,000 pairs, each once, none invented");
	dp_targets_free(targets);
}

/* The vectors of ZMap's zblocklist: which of 15 addresses pass a blocklist and an allowlist. */
static void test_zblocklist(void)
{
	static const char *const addrs[] = {"10.0.0.0", "10.1.0.0", "10.255.255.255", "11.0.0.0",
		"128.255.134.1", "128.255.0.255", "141.212.12.6", "141.212.120.10", "141.212.121.1",
		"192.168.0.0", "192.168.255.255", "192.169.0.0", "8.8.8.8", "1.1.1.1",
		"128.254.255.255"};
	static const char lists[2][160] = {
		"10.0.0.0/8\t#x\n192.168.0.0/16,google.com,data\n128.255.0.0/16 # x\n"
		" # x\n141.212.120.0/24# x\n",
		"141.212.0.0/16\n",
	};
	static const char *const want[3] = {
		"000100101001111", /* blocked ones gone */
		"000000111000000", /* allowed ones left */
		"000000101000000",
	};

	for (unsigned int which = 0; which < 3; which++) {
		struct dp_targets *targets = dp_targets_new();
		char got[16] = "", err[DP_ERR_LEN] = "";
		FILE *block = fmemopen((char *)(uintptr_t)lists[0], strlen(lists[0]), "r"),
		     *allow = fmemopen((char *)(uintptr_t)lists[1], strlen(lists[1]), "r");

		if (which != 1)
			dp_targets_add_stream(targets, DP_EXCLUDE, block, "block", err);
		if (which == 0)
			dp_targets_add(targets, DP_ALLOW, "0.0.0.0/0", err);
		else
			dp_targets_add_stream(targets, DP_ALLOW, allow, "allow", err);
		dp_targets_finish(targets, 1, 1, err);
		for (unsigned int i = 0; i < 15; i++) {
			struct ts_addr addr;

			ts_addr_parse(addrs[i], &addr);
			got[i] = dp_targets_contains(targets, &addr) ? '1' : '0';
		}
		tap_str(got, want[which],
			which == 0   ? "ZMap's zblocklist vectors: a blocklist lets the same "
				       "addresses pass"
			: which == 1 ? "ZMap's zblocklist vectors: an allowlist lets the same "
				       "addresses pass"
				     : "ZMap's zblocklist vectors: both lists let the same "
				       "addresses pass");
		fclose(block);
		fclose(allow);
		dp_targets_free(targets);
	}
}

/* Parts follow each other without gap or overlap, differ by one at most, and end at the end. */
static bool shards_fit(const struct dp_targets *targets, uint32_t n_shards)
{
	uint64_t at = 0, smallest = UINT64_MAX, largest = 0;

	for (uint32_t i = 0; i < n_shards; i++) {
		struct dp_index_range part = dp_targets_shard(targets, i, n_shards);

		if (part.first != at)
			return false;
		at += part.n;
		smallest = part.n < smallest ? part.n : smallest;
		largest = part.n > largest ? part.n : largest;
	}
	return at == dp_targets_count(targets) && largest - smallest <= 1;
}

static void test_shards(void)
{
	bool good = true;
	static const char *const large[][2] = {{"2001:db8::/66", NULL}, {"0.0.0.0/0", NULL},
		{"2001:db8::/96", NULL}, {"192.0.2.0-192.0.102.7", NULL}};

	for (unsigned int n = 1; n <= 256 && good; n++) {
		char item[64];
		const char *const items[] = {item, NULL};
		struct dp_targets *targets;

		snprintf(item, sizeof(item), "198.18.0.0-198.18.0.%u", n - 1);
		targets = make(items, false, 1, n);
		for (uint32_t n_shards = 1; n_shards <= n + 2 && good; n_shards++)
			good = shards_fit(targets, n_shards);
		dp_targets_free(targets);
	}
	tap_ok(good, "1 to 256 targets in every number of shards make the whole, without overlap");
	for (unsigned int i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
		for (uint32_t n_services = 1; n_services <= 2; n_services++) {
			struct dp_targets *targets;

			if (i == 0 && n_services == 2)
				continue;
			targets = make(large[i], true && i == 1, n_services, 1);
			for (uint32_t n_shards = 1; n_shards <= 1000 && good; n_shards++)
				good = shards_fit(targets, n_shards);
			good = good && shards_fit(targets, 65521);
			dp_targets_free(targets);
		}
	}
	tap_ok(good,
		"large sets, up to 2^62, in 1 to 1,000 shards make the whole, without overlap");
}

/* Another process that starts at k sees what is left, whatever k is. */
static void test_resume(void)
{
	static const char *const items[] = {
		"198.18.0.0/22", "2001:db8::/121", "!198.18.1.7", "!198.18.2.0/25", NULL};
	struct dp_targets *whole = make(items, false, 2, 42), *again;
	char path[] = "/tmp/targets-resume-XXXXXX", err[DP_ERR_LEN] = "";
	int fd = mkstemp(path);
	uint64_t n = dp_targets_count(whole), bad = 0;
	struct dp_target *order = calloc(n, sizeof(*order));

	close(fd);
	for (uint64_t i = 0; i < n; i++)
		order[i] = dp_targets_get(whole, i);
	save_set(whole, path);
	again = load_set(path, 2, 42, err);
	for (uint64_t k = 0; again != NULL && k < n; k++) {
		for (uint64_t i = k; i < n; i++) {
			struct dp_target target = dp_targets_get(again, i);

			bad += !ts_addr_equal(&target.addr, &order[i].addr) ||
			       target.service != order[i].service;
		}
	}
	tap_ok(again != NULL && bad == 0,
		"from every one of %" PRIu64 " positions a loaded set continues as the first did",
		n);
	dp_targets_free(again);
	dp_targets_free(whole);
	free(order);
	unlink(path);
}

int main(void)
{
	test_many_ports(300);
	test_many_ports(65535);
	test_list_times_ports();
	test_zblocklist();
	test_shards();
	test_resume();
	return tap_done();
}
