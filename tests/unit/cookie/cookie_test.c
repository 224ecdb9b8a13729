/* SPDX-License-Identifier: BSD-3-Clause */
#include "tap.h"
#include "tests/unit/packet/frames.h"
#include "tcpstack/cookie/cookie.h"

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

#define N_WORDS 100

static const struct ts_cookie_key key = {0x0706050403020100, 0x0f0e0d0c0b0a0908};

/*
 * Tags under the key 0 as CPython 3.11 computes them, whose hash of bytes is SipHash-1-3:
 *
 *     PYTHONHASHSEED=0 python3 -c 'from socket import *; from struct import pack
 *     print(hex(hash(inet_aton("198.18.5.6") + pack(">H", 25)) % 2**64))'
 */
static const struct {
	const char *addr;
	uint16_t port;
	uint64_t tag;
} by_python[] = {
	{"198.18.5.6", 25, 0xc222587c12719309},
	{"0.0.0.0", 1, 0xb765c3713a887af1},
	{"255.255.255.255", 65535, 0x4a9cf01eb04a747a},
	{"2001:db8::56", 25, 0xd25894af4af38fb7},
	{"ff02::1:ff00:1", 443, 0x876f109e2c2291f5},
};

/* A hash that ignored one bit would let an answer to another probe pass. */
static void every_bit_counts(const char *text, unsigned int first_byte)
{
	struct ts_addr a = addr(text);
	uint64_t base = ts_cookie_hash(&key, &a, 25);
	bool differs = true;

	for (unsigned int bit = first_byte * 8; bit < 128; bit++) {
		struct ts_addr other = a;

		other.b[bit / 8] ^= (uint8_t)(1 << bit % 8);
		differs &= ts_cookie_hash(&key, &other, 25) != base;
	}
	for (unsigned int bit = 0; bit < 16; bit++)
		differs &= ts_cookie_hash(&key, &a, (uint16_t)(25 ^ 1 << bit)) != base;
	for (unsigned int bit = 0; bit < 64; bit++) {
		struct ts_cookie_key k0 = key, k1 = key;

		k0.k0 ^= 1ull << bit;
		k1.k1 ^= 1ull << bit;
		differs &= ts_cookie_hash(&k0, &a, 25) != base;
		differs &= ts_cookie_hash(&k1, &a, 25) != base;
	}
	tap_ok(differs, "every bit of address, port and key changes the hash of %s", text);
}

/* Vector registers hold four or eight: every count up to several of them, and what is left over. */
static void many_at_once(void)
{
	uint64_t words[N_WORDS], hashes[N_WORDS + 1];
	bool same = true, within = true;

	for (uint32_t i = 0; i < N_WORDS; i++) {
		struct ts_addr a = ts_addr_from_v4(i * UINT32_C(0x9e3779b9));

		words[i] = ts_cookie_word_v4(&a, (uint16_t)(i * 40503));
	}
	for (uint32_t n = 0; n <= N_WORDS; n++) {
		hashes[n] = n;
		ts_cookie_hash_words(&key, words, n, hashes);
		within &= hashes[n] == n;
		for (uint32_t i = 0; i < n; i++) {
			struct ts_addr a = ts_addr_from_v4(i * UINT32_C(0x9e3779b9));

			same &= hashes[i] == ts_cookie_hash(&key, &a, (uint16_t)(i * 40503));
		}
	}
	tap_ok(same, "the hashes of up to %d words together are those of each alone", N_WORDS);
	tap_ok(within, "no more hashes are written than were asked for");
}

int main(void)
{
	static const struct ts_cookie_key zero = {0, 0};
	uint8_t message[sizeof(official) / sizeof(official[0])];

	for (uint8_t len = 0; len < sizeof(message); len++) {
		message[len] = len;
		tap_ok(ts_siphash(&key, message, len) == official[len],
			"SipHash-2-4 of %u bytes is the official vector", len);
	}
	for (size_t i = 0; i < sizeof(by_python) / sizeof(by_python[0]); i++) {
		struct ts_addr a = addr(by_python[i].addr);

		tap_ok(ts_cookie_hash(&zero, &a, by_python[i].port) == by_python[i].tag,
			"SipHash-1-3 of %s, port %u, is Python's", by_python[i].addr,
			by_python[i].port);
	}
	every_bit_counts("198.18.5.6", 12);
	every_bit_counts("2001:db8::56", 0);
	many_at_once();
	return tap_done();
}
