/* SPDX-License-Identifier: BSD-3-Clause */
#include <assert.h>
#include <stdio.h>

#include "lab_world.h"
#include "lab_port.h"
#include "tcpstack/cookie/cookie.h"
#include "tcpstack/packet/opts.h"

/* Addresses out of 1000, in the order of enum lab_kind. A /22 holds about ten of the rarest
 * kind. */
static const uint16_t shares[] = {500, 200, 20, 200, 20, 15, 10, 15, 10, 10};
static_assert(sizeof(shares) / sizeof(shares[0]) == LAB_N_MIXED, "every kind has a share");

static const char *const kind_names[] = {
	"silent",
	"closed",
	"unreachable",
	"service",
	"no-tls",
	"accept-silent",
	"accept-deaf",
	"zero-window",
	"reset-on-data",
	"garbage",
	"hang-up",
};
static_assert(sizeof(kind_names) / sizeof(kind_names[0]) == LAB_N_KIND, "every kind has a name");

static const char *const population_names[] = {"mixed", "sparse", "answering"};
static_assert(sizeof(population_names) / sizeof(population_names[0]) == LAB_N_POPULATION,
	"every population has a name");

#define SPARSE_SHARE 100 /* one address in so many accepts connections */

/* Draw a number below n from the low end of the hash, which is used up by each draw. */
static uint32_t draw(uint64_t *hash, uint32_t n)
{
	uint32_t value = (uint32_t)(*hash % n);

	*hash /= n;
	return value;
}

static enum lab_kind draw_kind(enum lab_population population, uint64_t *hash)
{
	enum lab_kind kind = 0;
	uint32_t at;

	if (population == LAB_ANSWERING)
		return LAB_HANG_UP;
	if (population == LAB_SPARSE)
		return draw(hash, SPARSE_SHARE) == 0 ? LAB_HANG_UP : LAB_SILENT;
	at = draw(hash, 1000);
	while (at >= shares[kind])
		at -= shares[kind++];
	return kind;
}

static bool has_ports(enum lab_kind kind)
{
	return kind == LAB_SERVICE || kind == LAB_NO_TLS || kind == LAB_HANG_UP;
}

struct lab_host lab_truth(const struct lab_world *world, const struct ts_addr *addr, uint16_t port)
{
	static const uint8_t first_ttl[] = {64, 64, 128, 255};
	static const uint16_t mss[] = {1460, 1460, 1400, 1220};
	/* Most answer whatever is asked for, as Linux does; some have no timestamps, as Windows. */
	static const uint8_t opts[] = {TS_OPT_ALL, TS_OPT_ALL, TS_OPT_ALL, TS_OPT_ALL, TS_OPT_ALL,
		TS_OPT_SACK_OK | TS_OPT_WSCALE, TS_OPT_TS, 0};
	struct ts_cookie_key key = {world->seed, 0x6c61622d74727574};
	uint64_t hash = ts_siphash(&key, addr->b, sizeof(addr->b));
	struct lab_host host = {.kind = draw_kind(world->population, &hash)};

	/* Most addresses of a sparse population end here, so that a scan of it is fast. */
	if (world->population == LAB_SPARSE && host.kind == LAB_SILENT)
		return host;
	host.cert = (enum lab_cert)draw(&hash, LAB_N_CERT);
	host.rsa = draw(&hash, 2) == 0;
	host.tls13 = draw(&hash, 2) == 0;
	host.advertises = draw(&hash, 8) != 0;
	host.picky = draw(&hash, 4) == 0;
	host.ttl = (uint8_t)(first_ttl[draw(&hash, 4)] - 4 - draw(&hash, 16));
	host.mss = mss[draw(&hash, 4)];
	host.delay_us = world->population == LAB_MIXED ? 200 + draw(&hash, 30000) : 0;
	if (world->delay_us != 0)
		host.delay_us = world->delay_us;
	host.opts = opts[draw(&hash, 8)];
	if (!ts_addr_is_v4(addr))
		host.mss -= 20; /* the longer header */
	if (host.kind == LAB_ZERO_WINDOW)
		host.mss = host.opts = 0;
	if (has_ports(host.kind) && lab_port_find(port) == NULL)
		host.kind = LAB_CLOSED;
	return host;
}

const char *lab_kind_name(enum lab_kind kind)
{
	return kind_names[kind];
}

const char *lab_population_name(enum lab_population population)
{
	return population_names[population];
}

void lab_host_name(const struct ts_addr *addr, char name[LAB_NAME_LEN])
{
	char text[TS_ADDR_STRLEN];

	ts_addr_format(addr, text);
	for (char *p = text; *p != '\0'; p++) {
		if (*p == '.' || *p == ':')
			*p = '-';
	}
	snprintf(name, LAB_NAME_LEN, "h%s.lab.test", text);
}
