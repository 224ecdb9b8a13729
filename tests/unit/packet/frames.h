/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames for tests: from hex, in exact-size heap blocks, with checksums mended by plain code. */
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tcpstack/packet/pkt.h"

#define FRAME_MAX 2048

struct frame {
	uint8_t b[FRAME_MAX];
	uint32_t len;
};

/* splitmix64: small, seeded, the same everywhere. */
static inline uint64_t rnd(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static inline uint8_t hex_digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Write lower-case hex over the frame at an offset; returns the bytes written. */
static inline uint32_t frame_write(struct frame *f, uint32_t at, const char *hex)
{
	uint32_t n = (uint32_t)strlen(hex) / 2;

	for (uint32_t i = 0; i < n; i++)
		f->b[at + i] = (uint8_t)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
	return n;
}

static inline struct frame frame_from(const char *hex)
{
	struct frame f = {.len = 0};

	f.len = frame_write(&f, 0, hex);
	return f;
}

/* The Internet checksum as RFC 1071 words it, 16 bits at a time, in host order. */
static inline uint16_t naive_csum(uint32_t sum, const uint8_t *p, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		sum += i % 2 == 0 ? (uint32_t)p[i] << 8 : p[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static inline void naive_store(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline uint32_t naive_pseudo(const uint8_t *addrs, uint32_t n, uint8_t proto, uint32_t len)
{
	return (uint16_t)~naive_csum(proto + len, addrs, n);
}

/* Make the IP and transport checksums right again, as far as the frame's lengths make sense. */
static inline void frame_mend(struct frame *f)
{
	uint32_t l3 = f->b[12] == 0x81 ? 18 : 14;
	uint8_t *ip = f->b + l3, *l4;
	bool v6 = f->b[l3 - 2] == 0x86;
	uint32_t hlen = v6 ? 40 : (ip[0] & 15u) * 4;
	uint32_t len = v6 ? ip[4] * 256u + ip[5] : ip[2] * 256u + ip[3] - hlen;
	uint8_t proto = v6 ? ip[6] : ip[9];
	uint32_t sum, at = proto == 6 ? 16 : 2;

	if (hlen < 20 || l3 + hlen > f->len)
		return;
	if (!v6) {
		naive_store(ip + 10, 0);
		naive_store(ip + 10, naive_csum(0, ip, hlen));
	}
	if (len > f->len - l3 - hlen || len < at + 2)
		return;
	l4 = ip + hlen;
	sum = proto == 1 ? 0 : naive_pseudo(v6 ? ip + 8 : ip + 12, v6 ? 32 : 8, proto, len);
	naive_store(l4 + at, 0);
	naive_store(l4 + at, naive_csum(sum, l4, len));
}

/* Parsed out of a heap block that ends with the frame and starts up to 7 bytes before it. */
struct parsed {
	uint8_t *block;
	const uint8_t *frame;
	enum ts_drop drop;
	struct ts_pkt pkt;
};

static inline struct parsed frame_parse(
	const uint8_t *b, uint32_t len, uint32_t flags, uint64_t *seed)
{
	uint32_t misaligned = rnd(seed) % 8;
	struct parsed p = {.block = malloc(misaligned + len + (misaligned + len == 0))};
	uint8_t *frame = p.block + misaligned;

	if (p.block == NULL)
		abort();
	memcpy(frame, b, len);
	memset(&p.pkt, 0xa5, sizeof(p.pkt));
	p.frame = frame;
	p.drop = ts_pkt_parse(frame, len, flags, &p.pkt);
	return p;
}

static inline void parsed_free(struct parsed *p)
{
	free(p->block);
}

static inline struct ts_addr addr(const char *text)
{
	struct ts_addr a;

	if (ts_addr_parse(text, &a) != 0)
		abort();
	return a;
}
