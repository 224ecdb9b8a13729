/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a scan excludes by default: the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC
 * 6890, as of 2025), multicast, and reserved space. These are no hosts of the Internet: most of
 * them stay inside a site, and some are shared by everyone (anycast sinks). An entry that lies
 * inside a wider one is listed only if messages should name it.
 */
#include "targets_internal.h"
#include "targets_item.h"

#include <assert.h>
#include <errno.h>

struct special {
	const char *prefix, *text;
};

#define SPECIAL(prefix, why)                \
	{                                   \
		prefix, prefix " (" why ")" \
	}

/* If two entries nest, the narrower one comes first, so that messages name the closest reason. */
static const struct special specials[] = {
	SPECIAL("0.0.0.0/8", "this network, RFC 791"),
	SPECIAL("10.0.0.0/8", "private use, RFC 1918"),
	SPECIAL("100.64.0.0/10", "shared address space, RFC 6598"),
	SPECIAL("127.0.0.0/8", "loopback, RFC 1122"),
	SPECIAL("169.254.0.0/16", "link local, RFC 3927"),
	SPECIAL("172.16.0.0/12", "private use, RFC 1918"),
	SPECIAL("192.0.0.0/24", "IETF protocol assignments, RFC 6890"),
	SPECIAL("192.0.2.0/24", "documentation, RFC 5737"),
	SPECIAL("192.31.196.0/24", "AS112 sink, RFC 7535"),
	SPECIAL("192.52.193.0/24", "multicast tunnelling, RFC 7450"),
	SPECIAL("192.88.99.0/24", "former 6to4 relays, RFC 7526"),
	SPECIAL("192.168.0.0/16", "private use, RFC 1918"),
	SPECIAL("192.175.48.0/24", "AS112 sink, RFC 7534"),
	SPECIAL("198.18.0.0/15", "benchmarking, RFC 2544"),
	SPECIAL("198.51.100.0/24", "documentation, RFC 5737"),
	SPECIAL("203.0.113.0/24", "documentation, RFC 5737"),
	SPECIAL("224.0.0.0/4", "multicast, RFC 5771"),
	SPECIAL("255.255.255.255/32", "limited broadcast, RFC 919"),
	SPECIAL("240.0.0.0/4", "reserved, RFC 1112"),

	SPECIAL("::/128", "unspecified address, RFC 4291"),
	SPECIAL("::1/128", "loopback, RFC 4291"),
	SPECIAL("64:ff9b::/96", "IPv4 translation, RFC 6052"),
	SPECIAL("64:ff9b:1::/48", "local IPv4 translation, RFC 8215"),
	SPECIAL("100::/64", "discard only, RFC 6666"),
	SPECIAL("100:0:0:1::/64", "dummy prefix, RFC 9780"),
	SPECIAL("::/3", "reserved, RFC 4291"),
	SPECIAL("2001:2::/48", "benchmarking, RFC 5180"),
	SPECIAL("2001::/32", "Teredo, RFC 4380"),
	SPECIAL("2001::/23", "IETF protocol assignments, RFC 2928"),
	SPECIAL("2001:db8::/32", "documentation, RFC 3849"),
	SPECIAL("2002::/16", "6to4, RFC 3056"),
	SPECIAL("2620:4f:8000::/48", "AS112 sink, RFC 7534"),
	SPECIAL("3fff::/20", "documentation, RFC 9637"),
	SPECIAL("5f00::/16", "segment routing, RFC 9602"),
	SPECIAL("4000::/2", "reserved, RFC 4291"),
	SPECIAL("8000::/2", "reserved, RFC 4291"),
	SPECIAL("fc00::/7", "unique local, RFC 4193"),
	SPECIAL("fe80::/10", "link local, RFC 4291"),
	SPECIAL("fec0::/10", "former site local, RFC 3879"),
	SPECIAL("ff00::/8", "multicast, RFC 4291"),
	SPECIAL("c000::/2", "reserved, RFC 4291"),
};

#define N_SPECIALS (sizeof(specials) / sizeof(specials[0]))

static struct dp_range special_range(const struct special *special)
{
	struct dp_item item;
	struct dp_item_error error;
	int rc = dp_item_parse(special->prefix, strlen(special->prefix), &item, &error);

	assert(rc == 0);
	(void)rc;
	return item.range;
}

int dp_targets_exclude_special(struct dp_targets *targets)
{
	targets->special = true;
	for (size_t i = 0; i < N_SPECIALS; i++)
		if (dp_list_push(&targets->exclude, special_range(&specials[i])) != 0)
			return -ENOMEM;
	return 0;
}

const char *dp_special_describe(const struct ts_addr *addr)
{
	dp_u128 number = dp_number_from_addr(addr);

	for (size_t i = 0; i < N_SPECIALS; i++) {
		struct dp_range range = special_range(&specials[i]);
		bool same_family = dp_number_is_v4(range.first) == dp_number_is_v4(number);

		if (same_family && number >= range.first && number <= range.last)
			return specials[i].text;
	}
	return NULL;
}
