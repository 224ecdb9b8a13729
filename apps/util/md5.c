/* SPDX-License-Identifier: BSD-3-Clause */
#include "md5.h"

#include <string.h>

#define BLOCK_LEN 64

/* RFC 1321 3.4: floor(2^32 * |sin(i + 1)|). */
static const uint32_t sines[64] = {
	0xd76aa478,
	0xe8c7b756,
	0x242070db,
	0xc1bdceee,
	0xf57c0faf,
	0x4787c62a,
	0xa8304613,
	0xfd469501,
	0x698098d8,
	0x8b44f7af,
	0xffff5bb1,
	0x895cd7be,
	0x6b901122,
	0xfd987193,
	0xa679438e,
	0x49b40821,
	0xf61e2562,
	0xc040b340,
	0x265e5a51,
	0xe9b6c7aa,
	0xd62f105d,
	0x02441453,
	0xd8a1e681,
	0xe7d3fbc8,
	0x21e1cde6,
	0xc33707d6,
	0xf4d50d87,
	0x455a14ed,
	0xa9e3e905,
	0xfcefa3f8,
	0x676f02d9,
	0x8d2a4c8a,
	0xfffa3942,
	0x8771f681,
	0x6d9d6122,
	0xfde5380c,
	0xa4beea44,
	0x4bdecfa9,
	0xf6bb4b60,
	0xbebfbc70,
	0x289b7ec6,
	0xeaa127fa,
	0xd4ef3085,
	0x04881d05,
	0xd9d4d039,
	0xe6db99e5,
	0x1fa27cf8,
	0xc4ac5665,
	0xf4292244,
	0x432aff97,
	0xab9423a7,
	0xfc93a039,
	0x655b59c3,
	0x8f0ccc92,
	0xffeff47d,
	0x85845dd1,
	0x6fa87e4f,
	0xfe2ce6e0,
	0xa3014314,
	0x4e0811a1,
	0xf7537e82,
	0xbd3af235,
	0x2ad7d2bb,
	0xeb86d391,
};

static uint32_t rotate(uint32_t word, unsigned int bits)
{
	return word << bits | word >> (32 - bits);
}

static void mix(uint32_t state[4], const uint8_t block[BLOCK_LEN])
{
	static const uint8_t shifts[4][4] = {
		{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3], words[16];

	for (unsigned int i = 0; i < 16; i++)
		words[i] = (uint32_t)block[4 * i] | (uint32_t)block[4 * i + 1] << 8 |
			   (uint32_t)block[4 * i + 2] << 16 | (uint32_t)block[4 * i + 3] << 24;
	for (unsigned int i = 0; i < 64; i++) {
		uint32_t f, next;
		unsigned int k;

		if (i < 16) {
			f = (b & c) | (~b & d);
			k = i;
		} else if (i < 32) {
			f = (d & b) | (~d & c);
			k = (5 * i + 1) % 16;
		} else if (i < 48) {
			f = b ^ c ^ d;
			k = (3 * i + 5) % 16;
		} else {
			f = c ^ (b | ~d);
			k = (7 * i) % 16;
		}
		next = b + rotate(a + f + sines[i] + words[k], shifts[i / 16][i % 4]);
		a = d;
		d = c;
		c = b;
		b = next;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
}

void md5_digest(const void *bytes, size_t len, uint8_t out[MD5_LEN])
{
	uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
	const uint8_t *from = bytes;
	uint8_t tail[2 * BLOCK_LEN] = {0};
	size_t left = len, tail_len;
	uint64_t n_bits = (uint64_t)len * 8;

	for (; left >= BLOCK_LEN; from += BLOCK_LEN, left -= BLOCK_LEN)
		mix(state, from);
	if (left > 0)
		memcpy(tail, from, left);
	tail[left] = 0x80;
	tail_len = left + 9 > BLOCK_LEN ? 2 * BLOCK_LEN : BLOCK_LEN;
	for (unsigned int i = 0; i < 8; i++)
		tail[tail_len - 8 + i] = (uint8_t)(n_bits >> (8 * i));
	for (size_t at = 0; at < tail_len; at += BLOCK_LEN)
		mix(state, tail + at);
	for (unsigned int i = 0; i < MD5_LEN; i++)
		out[i] = (uint8_t)(state[i / 4] >> (8 * (i % 4)));
}
