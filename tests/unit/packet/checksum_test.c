/* SPDX-License-Identifier: BSD-3-Clause */
#include <endian.h>

#include "tap.h"
#include "frames.h"
#include "tcpstack/packet/checksum.h"

#define N_ROUNDS 20000

static void fill_random(uint8_t *p, size_t len, uint64_t *seed)
{
	for (size_t i = 0; i < len; i++)
		p[i] = (uint8_t)(rnd(seed) % 4 == 0 ? 0xff : rnd(seed));
}

static void equals_naive(void)
{
	uint64_t seed = 2;
	bool same = true, split = true;

	for (int i = 0; i < N_ROUNDS; i++) {
		uint32_t len = rnd(&seed) % 100, cut = rnd(&seed) % (len + 1) & ~1u;
		uint8_t *p = malloc(len + 1), *at = p + 1;
		uint16_t want;

		fill_random(p, len + 1, &seed);
		want = htobe16(naive_csum(0, at, len));
		same &= ts_csum_finish_be(ts_csum_add(0, at, len)) == want;
		split &= ts_csum_finish_be(
				 ts_csum_add(ts_csum_add(0, at, cut), at + cut, len - cut)) == want;
		free(p);
	}
	tap_ok(same, "sums of 0 to 99 odd-aligned bytes equal RFC 1071 word by word");
	tap_ok(split, "a sum may be continued at any even offset");
}

static void carries_fit(void)
{
	size_t len = 1 << 20;
	uint8_t *p = malloc(len);

	memset(p, 0xff, len);
	tap_eq(ts_csum_finish_be(ts_csum_add(UINT32_MAX, p, len)), 0,
		"a megabyte of ones does not overflow");
	free(p);
}

/* The equality that the template relies on, for every kind of word, changes to and from 0 and
 * 0xffff included. */
static void update_equals_full(void)
{
	static const uint16_t corners[] = {0, 1, 0xff, 0xff00, 0x7fff, 0x8000, 0xfffe, 0xffff};
	uint64_t seed = 3;
	bool same16 = true, same32 = true;

	for (int i = 0; i < N_ROUNDS; i++) {
		uint8_t p[24];
		uint16_t was, old, new = corners[rnd(&seed) % 8];
		uint32_t old32, new32 = (uint32_t) new << 16 | corners[rnd(&seed) % 8];

		fill_random(p, sizeof(p), &seed);
		p[0] = 0x45; /* never all zero, like every real header */
		if (i % 2)
			memset(p + 8, i % 4 == 1 ? 0xff : 0, 4);
		was = ts_csum_finish_be(ts_csum_add(0, p, sizeof(p)));
		memcpy(&old, p + 8, 2);
		memcpy(&old32, p + 8, 4);
		memcpy(p + 8, &new, 2);
		same16 &= ts_csum_update16(was, old, new) ==
			  ts_csum_finish_be(ts_csum_add(0, p, sizeof(p)));
		memcpy(p + 8, &new32, 4);
		same32 &= ts_csum_update32(was, old32, new32) ==
			  ts_csum_finish_be(ts_csum_add(0, p, sizeof(p)));
	}
	tap_ok(same16, "a 16-bit update equals the full computation");
	tap_ok(same32, "a 32-bit update equals the full computation");
}

int main(void)
{
	static const uint8_t rfc1071[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};

	tap_eq(be16toh(ts_csum_finish_be(ts_csum_add(0, rfc1071, sizeof(rfc1071)))),
		(uint16_t)~0xddf2,
		"the checksum of the example in RFC 1071 section 3 is that of the RFC");
	equals_naive();
	carries_fit();
	update_equals_full();
	tap_eq(ts_csum_update16(htobe16(0xf7ff), htobe16(0x0800), 0), 0,
		"known limit: an update that leaves nothing but zeros gives 0, not 0xffff");
	return tap_done();
}
