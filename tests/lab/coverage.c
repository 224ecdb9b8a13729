/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Compares the results of a scan of the embedded lab with its truth, address by address:
 * `coverage LAB FIRST_IP COUNT PORT RESULTS`, where LAB is what followed -i and RESULTS holds
 * records of open ports, `-` for standard input. One JSON line:
 *
 *   open   addresses that take connections on the port
 *   found  of them those with a record
 *   false  addresses with a record that take none, or were not asked for
 *   twice  records beyond the first of their address
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "apps/lab/lab_spec.h"
#include "apps/util/argument.h"

#define LINE_MAX_LEN (1 << 20)

struct count {
	uint64_t n_open, n_found, n_false, n_twice;
};

static uint32_t v4_of(const struct ts_addr *addr)
{
	return (uint32_t)addr->b[12] << 24 | (uint32_t)addr->b[13] << 16 |
	       (uint32_t)addr->b[14] << 8 | addr->b[15];
}

static struct ts_addr nth(const struct ts_addr *first, uint32_t i)
{
	struct ts_addr addr = *first;
	uint32_t v4 = v4_of(first) + i;

	for (int k = 0; k < 4; k++)
		addr.b[15 - k] = (uint8_t)(v4 >> 8 * k);
	return addr;
}

static bool is_open(const struct lab_world *world, const struct ts_addr *addr, uint16_t port)
{
	enum lab_kind kind = lab_truth(world, addr, port).kind;

	return kind != LAB_SILENT && kind != LAB_CLOSED && kind != LAB_UNREACHABLE;
}

/* The address of a record; a line without one is no record of ours. */
static bool read_ip(const char *line, struct ts_addr *addr)
{
	static const char key[] = "{\"ip\":\"";
	char text[TS_ADDR_STRLEN];
	size_t len;

	if (strncmp(line, key, sizeof(key) - 1) != 0)
		return false;
	line += sizeof(key) - 1;
	len = strcspn(line, "\"");
	if (len >= sizeof(text))
		return false;
	memcpy(text, line, len);
	text[len] = '\0';
	return ts_addr_parse(text, addr) == 0 && ts_addr_is_v4(addr);
}

static bool compare(FILE *results, const struct lab_world *world, const struct ts_addr *first,
	uint32_t n, uint16_t port, struct count *count)
{
	static char line[LINE_MAX_LEN];
	bool *seen = calloc(n, sizeof(*seen));
	bool ok = seen != NULL;

	while (ok && fgets(line, sizeof(line), results) != NULL) {
		struct ts_addr addr;
		uint32_t i;

		ok = read_ip(line, &addr);
		if (!ok)
			break;
		i = v4_of(&addr) - v4_of(first);
		if (i >= n || !is_open(world, &addr, port)) {
			count->n_false++;
			continue;
		}
		count->n_twice += seen[i];
		seen[i] = true;
	}
	for (uint32_t i = 0; ok && i < n; i++) {
		struct ts_addr addr = nth(first, i);

		count->n_open += is_open(world, &addr, port);
		count->n_found += seen[i];
	}
	free(seen);
	return ok;
}

int main(int argc, char **argv)
{
	char err[256] = "";
	struct ut_arg arg = {"LAB", argc > 1 ? argv[1] : "", err, sizeof(err)};
	struct count count = {0};
	struct lab_spec spec;
	struct ts_addr first;
	FILE *results;
	bool ok;

	if (argc != 6 || ts_addr_parse(argv[2], &first) != 0 || lab_spec_parse(&arg, &spec) != 0) {
		fprintf(stderr, "usage: coverage LAB FIRST_IP COUNT PORT RESULTS\n%s\n", err);
		return 2;
	}
	results = strcmp(argv[5], "-") == 0 ? stdin : fopen(argv[5], "r");
	if (results == NULL) {
		perror(argv[5]);
		return 2;
	}
	ok = compare(results, &spec.world, &first, (uint32_t)strtoul(argv[3], NULL, 10),
		(uint16_t)atoi(argv[4]), &count);
	fclose(results);
	if (!ok) {
		fprintf(stderr, "%s: a line is no record\n", argv[5]);
		return 1;
	}
	printf("{\"open\":%" PRIu64 ",\"found\":%" PRIu64 ",\"false\":%" PRIu64
	       ",\"twice\":%" PRIu64 "}\n",
		count.n_open, count.n_found, count.n_false, count.n_twice);
	return 0;
}
