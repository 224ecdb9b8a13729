/* SPDX-License-Identifier: BSD-3-Clause */
/* From the command line to the set of targets and the services on their ports. */
#include "options_parse.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define LAB "-i lab "

static char path[] = "/tmp/options-targets-XXXXXX";

static void write_pairs(const char *text)
{
	FILE *out = fopen(path, "w");

	fputs(text, out);
	fclose(out);
}

/* Parse a line, with the file behind it, and build the set. */
static int build(const char *line, struct dp_targets **targets)
{
	char all[256];

	*targets = NULL;
	snprintf(all, sizeof(all), "%s --pairs=%s", line, path);
	if (parse(all) != OP_PARSE_OK)
		return -1;
	return op_options_targets(&options, targets, message, sizeof(message));
}

static bool is_service(size_t at, uint16_t port, const char *name)
{
	return at < options.n_services && options.services[at].port == port &&
	       strcmp(dl_service_name(&options.services[at]), name) == 0;
}

static void test_services(void)
{
	struct dp_targets *targets;
	struct dp_target target = {.service = 3};
	uint64_t index;
	int rc;

	write_pairs("198.18.0.1:25\n198.18.0.2:4433:tls\n198.18.0.3:2525\n198.18.0.2:993\n"
		    "198.18.0.4:4433\n");
	rc = build(LAB "-p https,2525:smtp 198.18.0.9", &targets);
	if (!tap_ok(rc == 0 && dp_targets_count(targets) == 7, "pairs are taken beside an address"))
		printf("# %d %s\n", rc, message);
	tap_ok(is_service(0, 443, "https") && is_service(1, 2525, "smtp") &&
			is_service(2, 25, "smtp") && is_service(3, 993, "imaps") &&
			is_service(4, 4433, "tls") && options.n_services == 5,
		"the services of -p come first, then those of pairs in the order of their ports");
	tap_eq((int64_t)options.n_pair_services, 3, "services of -p and of pairs are told apart");
	ts_addr_parse("198.18.0.2", &target.addr);
	tap_ok(dp_targets_index(targets, &target, &index), "a pair has the service of its port");
	dp_targets_free(targets);

	write_pairs("198.18.0.1:25\n");
	tap_ok(build(LAB, &targets) == 0 && dp_targets_count(targets) == 1 &&
			is_service(0, 25, "smtp") && options.n_services == 1,
		"pairs need neither -p nor a target, and the lab's own are not added");
	dp_targets_free(targets);
	tap_ok(build(LAB "-p smtp 198.18.0.0/31 --exclude 198.18.0.0/31", &targets) == -ENOENT,
		"exclusions hold for pairs");
}

static void fails(const char *pairs, const char *line, const char *want, const char *label)
{
	struct dp_targets *targets;
	char all[512];
	int rc;

	write_pairs(pairs);
	rc = build(line, &targets);
	snprintf(all, sizeof(all), "%s%s", want[0] == ':' ? path : "", want);
	if (!tap_ok(rc == -EINVAL && strncmp(message, all, strlen(all)) == 0, "%s", label))
		printf("# rc %d, got  %s\n# want %s\n", rc, message, all);
	dp_targets_free(targets);
}

static void test_conflicts(void)
{
	fails("198.18.0.1:2525\n", LAB,
		":1:12: port 2525 has no protocol of its own: add one, such as 2525:tls, here or "
		"to -p",
		"a port that is not well known");
	fails("198.18.0.1:2525:smpt\n", LAB, ":1:12: \"smpt\" is not a protocol we speak",
		"a protocol that is none");
	fails("198.18.0.1:25:tls\n", LAB "-p smtp 198.18.0.9",
		":1:12: port 25 is tls here and smtp in -p: a port has one protocol in a scan",
		"a protocol other than that of -p");
	fails("198.18.0.1:25\n198.18.0.2:25:tls\n", LAB,
		":2:12: port 25 is tls here and smtp before: a port has one protocol in a scan",
		"two protocols for one port");
	fails("198.18.0.1:25\n", LAB "198.18.0.9",
		"there are addresses without ports, and no service to scan them for: give -p",
		"an address that has no port");
}

/* As many ports as there are. */
static void test_all_ports(void)
{
	FILE *out = fopen(path, "w");
	struct dp_targets *targets;
	bool good;
	int rc;

	for (unsigned int port = 65535; port > 0; port--)
		fprintf(out, "198.18.0.1:%u:%s\n", port, port == 25 ? "smtp" : "tls");
	fclose(out);
	rc = build(LAB "-p smtp 198.18.0.0/31", &targets);
	good = rc == 0 && dp_targets_count(targets) == 65536 && options.n_services == 65535;
	if (!tap_ok(good, "a pair for every port there is, beside an address on one of them"))
		printf("# %d %s\n", rc, message);
	for (uint64_t i = 0; good && i < 65536; i++) {
		struct dp_target target = dp_targets_get(targets, i);
		uint16_t port = options.services[target.service].port;

		good = port == dp_targets_port(targets, target.service) &&
		       (target.addr.b[15] == 1 || port == 25);
	}
	tap_ok(good, "each of 65,535 ports has its service");
	dp_targets_free(targets);
}

static uint64_t share_of(const char *line)
{
	struct dp_targets *targets;
	uint64_t n = 0;

	write_pairs("198.18.0.1:25\n");
	if (build(line, &targets) == 0)
		n = op_options_share(&options, targets).n;
	dp_targets_free(targets);
	return n;
}

static void test_share(void)
{
	tap_eq((int64_t)share_of(LAB "-p smtp -n 29% 198.18.0.1-198.18.0.100"), 29,
		"29 % of 100 are 29, although no double is 0.29");
	tap_eq((int64_t)share_of(LAB "-p smtp -n 0.1% 198.18.0.0/24"), 1,
		"a share that is less than one pair is one: no scan is empty by rounding");
	tap_eq((int64_t)share_of(LAB "-p smtp -n 100% 198.18.0.1 2001:db8::/66"),
		(INT64_C(1) << 62) + 1, "100 % of 2^62 + 1 are all of them");
	tap_eq((int64_t)share_of(LAB "-p smtp -n 50% -e 1 --shard 1/2 198.18.0.0/24"), 64,
		"a share of the targets is taken of the shard");
}

/* Machines that share a scan may name its services in different orders. */
static void test_order_of_services(void)
{
	struct dp_targets *a, *b;
	bool same = true;

	write_pairs("198.18.0.1:25\n");
	build(LAB "-e 7 -p 443,25,8000-8009:tls 198.18.0.0/28", &a);
	build(LAB "-e 7 -p 8000-8009:tls -p smtp -p https 198.18.0.0/28", &b);
	for (uint64_t i = 0; i < dp_targets_count(a); i++) {
		struct dp_target x = dp_targets_get(a, i), y = dp_targets_get(b, i);

		same = same && ts_addr_equal(&x.addr, &y.addr) && x.service == y.service;
	}
	tap_ok(same && dp_targets_count(a) == 16 * 12 && is_service(0, 25, "smtp") &&
			is_service(1, 443, "https") && is_service(2, 8000, "tls"),
		"the order of a scan is that of its ports, however -p names them");
	dp_targets_free(a);
	dp_targets_free(b);
}

int main(void)
{
	close(mkstemp(path));
	test_services();
	test_conflicts();
	test_all_ports();
	test_share();
	test_order_of_services();
	unlink(path);
	return tap_done();
}
