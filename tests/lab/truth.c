/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Prints what the embedded lab is: `truth SEED FIRST_IP COUNT PORT...`, one JSON line per address
 * and port.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "apps/lab/lab.h"
#include "tls/cert/facts.h"

static void print_leaf(const struct lab_host *host)
{
	static struct ct_facts facts;
	size_t len;
	const uint8_t *der = lab_leaf_der(host->cert, host->rsa, &len);

	ct_facts_read(der, len, &facts);
	for (size_t i = 0; i < sizeof(facts.sha256); i++)
		printf("%02x", facts.sha256[i]);
}

static void print_host(const struct lab_world *world, const struct ts_addr *addr, uint16_t port)
{
	static const char *const words[] = {"false", "true"};
	struct lab_host host = lab_truth(world, addr, port);
	char text[TS_ADDR_STRLEN];

	ts_addr_format(addr, text);
	printf("{\"ip\":\"%s\",\"port\":%u,\"kind\":\"%s\",\"tls13\":%s,\"rsa\":%s,\"advertises\":%"
	       "s,"
	       "\"picky\":%s,\"ttl\":%u,\"mss\":%u,\"leaf\":\"",
		text, port, lab_kind_name(host.kind), words[host.tls13], words[host.rsa],
		words[host.advertises], words[host.picky], host.ttl, host.mss);
	print_leaf(&host);
	puts("\"}");
}

int main(int argc, char **argv)
{
	struct lab_world world = {0};
	struct ts_addr first;

	if (argc < 5 || ts_addr_parse(argv[2], &first) != 0) {
		fputs("usage: truth SEED FIRST_IP COUNT PORT...\n", stderr);
		return 2;
	}
	world.seed = strtoull(argv[1], NULL, 10);
	for (uint32_t i = 0; i < strtoul(argv[3], NULL, 10); i++) {
		struct ts_addr addr = first;
		uint32_t low;

		memcpy(&low, &addr.b[12], sizeof(low));
		low = htonl(ntohl(low) + i);
		memcpy(&addr.b[12], &low, sizeof(low));
		for (int k = 4; k < argc; k++)
			print_host(&world, &addr, (uint16_t)atoi(argv[k]));
	}
	return 0;
}
