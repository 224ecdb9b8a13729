/* SPDX-License-Identifier: BSD-3-Clause */
#include "tap.h"
#include "frames.h"
#include "tcpstack/cookie.h"

/*
 * Tags of the messages 00, 00 01, 00 01 02, ... (lengths 0 to 15) under the key 00 01 ... 0f, from
 * the reference implementation's vectors; the last is the example of the paper's appendix A.
 */
static const uint64_t official[] = {
	0x726fdb47dd0e0e31,
	0x74f839c593dc67fd,
	0x0d6c8009d9a94f5a,
	0x85676696d7fb7e2d,
	0xcf2794e0277187b7,
	0x18765564cd99a68d,
	0xcbc9466e58fee3ce,
	0xab0200f58b01d137,
	0x93f5f5799a932462,
	0x9e0082df0ba9e4b0,
	0x7a5dbbc594ddb9f3,
	0xf4b32f46226bada7,
	0x751e8fbc860ee5fb,
	0x14ea5627c0843d90,
	0xf723ca908e7af2ee,
	0xa129ca6149be45e5,
};

static const struct ts_cookie_key key = {0x0706050403020100, 0x0f0e0d0c0b0a0908};

/* A cookie that ignored one bit would let an answer to another probe pass. */
static void every_bit_counts(const char *laddr, const char *raddr, unsigned int first_byte)
{
	struct ts_addr l = addr(laddr), r = addr(raddr);
	uint32_t base = ts_cookie_iss(&key, &l, &r, 40000, 25);
	bool differs = true;

	for (unsigned int bit = first_byte * 8; bit < 128; bit++) {
		struct ts_addr l2 = l, r2 = r;

		l2.b[bit / 8] ^= (uint8_t)(1 << bit % 8);
		r2.b[bit / 8] ^= (uint8_t)(1 << bit % 8);
		differs &= ts_cookie_iss(&key, &l2, &r, 40000, 25) != base;
		differs &= ts_cookie_iss(&key, &l, &r2, 40000, 25) != base;
	}
	for (unsigned int bit = 0; bit < 16; bit++) {
		differs &= ts_cookie_iss(&key, &l, &r, (uint16_t)(40000 ^ 1 << bit), 25) != base;
		differs &= ts_cookie_iss(&key, &l, &r, 40000, (uint16_t)(25 ^ 1 << bit)) != base;
	}
	for (unsigned int bit = 0; bit < 64; bit++) {
		struct ts_cookie_key k0 = key, k1 = key;

		k0.k0 ^= 1ull << bit;
		k1.k1 ^= 1ull << bit;
		differs &= ts_cookie_iss(&k0, &l, &r, 40000, 25) != base;
		differs &= ts_cookie_iss(&k1, &l, &r, 40000, 25) != base;
	}
	tap_ok(differs, "every bit of addresses, ports and key changes the cookie of %s", raddr);
	tap_ok(ts_cookie_iss(&key, &r, &l, 25, 40000) != base, "direction changes it too");
}

int main(void)
{
	uint8_t message[sizeof(official) / sizeof(official[0])], tuple6[36];
	struct ts_addr l = addr("198.18.0.1"), r = addr("198.18.5.6");
	static const uint8_t tuple[] = {198, 18, 0, 1, 198, 18, 5, 6, 0x9c, 0x40, 0, 25};

	for (uint8_t len = 0; len < sizeof(message); len++) {
		message[len] = len;
		tap_ok(ts_siphash(&key, message, len) == official[len],
			"SipHash-2-4 of %u bytes is the official vector", len);
	}
	tap_eq(ts_cookie_iss(&key, &l, &r, 40000, 25),
		(uint32_t)ts_siphash(&key, tuple, sizeof(tuple)),
		"an IPv4 cookie is the hash of the 12 bytes as they stand on the wire");
	l = addr("2001:db8::1");
	r = addr("2001:db8::56");
	memcpy(tuple6, l.b, 16);
	memcpy(tuple6 + 16, r.b, 16);
	memcpy(tuple6 + 32, tuple + 8, 4);
	tap_eq(ts_cookie_iss(&key, &l, &r, 40000, 25),
		(uint32_t)ts_siphash(&key, tuple6, sizeof(tuple6)),
		"an IPv6 cookie is the hash of the 36 bytes as they stand on the wire");
	every_bit_counts("198.18.0.1", "198.18.5.6", 12);
	every_bit_counts("2001:db8::1", "2001:db8::56", 0);
	return tap_done();
}
