/* SPDX-License-Identifier: BSD-3-Clause */
/* Internet addresses of either family in one 16-byte value. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Longest text form with its NUL: "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255". */
#define TS_ADDR_STRLEN 46

/* Network order; IPv4 is held as ::ffff:a.b.c.d (RFC 4291 2.5.5.2), so one key serves both
 * families. */
struct ts_addr {
	uint8_t b[16];
};

static inline bool ts_addr_is_v4(const struct ts_addr *a)
{
	static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};

	return memcmp(a->b, prefix, sizeof(prefix)) == 0;
}

static inline struct ts_addr ts_addr_from_v4(uint32_t v4_be)
{
	struct ts_addr a = {.b = {[10] = 0xff, [11] = 0xff}};

	memcpy(&a.b[12], &v4_be, sizeof(v4_be));
	return a;
}

static inline uint32_t ts_addr_v4_be(const struct ts_addr *a)
{
	uint32_t v4_be;

	memcpy(&v4_be, &a->b[12], sizeof(v4_be));
	return v4_be;
}

static inline bool ts_addr_equal(const struct ts_addr *a, const struct ts_addr *b)
{
	return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

/**
 * Write an address as text: dotted quad for IPv4, RFC 5952 form for IPv6.
 * @param a    in: the address
 * @param out  out: at least TS_ADDR_STRLEN bytes, NUL-terminated on return
 * Any thread.
 */
void ts_addr_format(const struct ts_addr *a, char out[TS_ADDR_STRLEN]);

/**
 * Parse a dotted quad or an IPv6 address; nothing may follow it.
 * @param text  in: NUL-terminated
 * @param out   out: written on success only
 * @return 0, or -EINVAL when the text is not exactly one address
 * Any thread.
 */
int ts_addr_parse(const char *text, struct ts_addr *out);
