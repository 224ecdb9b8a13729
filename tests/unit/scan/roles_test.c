/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "dataplane/scan/roles.h"
#include "tap.h"

static const uint16_t cpus[64] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
	19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41,
	42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

static void test_defaults(void)
{
	struct dp_roles roles;
	char text[1024];
	bool complete = true;

	for (uint32_t n = 1; n <= 64; n++) {
		for (int lab = 0; lab < 2; lab++) {
			dp_roles_default(&roles, cpus, n, lab == 1);
			complete = complete && roles.n_poll == 1 && roles.n_tls >= 1 &&
				   roles.lab == (lab == 1) && roles.place[0].role == DP_ROLE_MAIN;
			complete = complete && (n > 2 || roles.shared_cpus);
		}
	}
	tap_ok(complete,
		"1 to 64 CPUs have a main, a poll and a TLS role, and a lab role if asked for");
	dp_roles_default(&roles, cpus, 2, true);
	dp_roles_eal(&roles, text, sizeof(text));
	tap_str(text, "0@1,1@0,2@1,3@1", "on two CPUs the poll core has one for itself");
	dp_roles_default(&roles, cpus, 8, false);
	tap_ok(!roles.shared_cpus && roles.n_tls == 6,
		"on eight CPUs six compute TLS and none is shared");
}

static void refuses(const char *text, bool lab, const char *word, const char *label)
{
	struct dp_roles roles;
	char err[256] = "";
	int ret = dp_roles_parse(&roles, text, cpus, 8, lab, err, sizeof(err));

	tap_ok(ret == -EINVAL && strstr(err, word) != NULL, "%s: \"%s\"", label, err);
}

int main(void)
{
	struct dp_roles roles;
	char err[256], text[1024];

	test_defaults();
	tap_ok(dp_roles_parse(&roles, "poll@2,poll@3,tls@4-6,main@1", cpus, 8, false, err,
		       sizeof(err)) == 0 &&
			roles.n_poll == 2 && roles.n_tls == 3,
		"a map with ranges is read");
	dp_roles_eal(&roles, text, sizeof(text));
	tap_ok(strncmp(text, "0@1,", 4) == 0,
		"the main role is EAL's first lcore wherever it stands in the map");
	tap_ok(!roles.shared_cpus, "six roles on six of eight CPUs do not share a CPU");
	dp_roles_parse(&roles, "poll@2,tls@2", cpus, 8, false, err, sizeof(err));
	tap_ok(roles.shared_cpus, "two roles on one CPU are noticed");
	refuses("poll@2", false, "tls", "a map without TLS cores is refused");
	refuses("poll@2,tls@9", false, "CPU 9", "a CPU that is not ours is refused by number");
	refuses("poll@2,tsl@3", false, "\"tsl\"", "a misspelt role is refused by name");
	refuses("poll@2,tls", false, "\"tls\"", "a word without a CPU is refused");
	refuses("poll@2,tls@5-3", false, "5-3", "a reversed range is refused");
	refuses("poll@2,tls@3x", false, "3x", "junk behind a number is refused");
	refuses("poll@2,tls@3", true, "lab", "the lab needs its role");
	refuses("poll@2,tls@3,lab@4", false, "lab", "a lab role without a lab is refused");
	return tap_done();
}
