/* SPDX-License-Identifier: BSD-3-Clause */
#include <endian.h>

#include "cookie.h"

struct sip {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotl(uint64_t x, unsigned int n)
{
	return x << n | x >> (64 - n);
}

static inline void sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = rotl(s->v1, 13) ^ s->v0;
	s->v3 = rotl(s->v3, 16) ^ s->v2;
	s->v0 = rotl(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = rotl(s->v1, 17) ^ s->v2;
	s->v3 = rotl(s->v3, 21) ^ s->v0;
	s->v2 = rotl(s->v2, 32);
}

static inline void sip_absorb(struct sip *s, uint64_t word)
{
	s->v3 ^= word;
	sip_round(s);
	sip_round(s);
	s->v0 ^= word;
}

static inline struct sip sip_init(const struct ts_cookie_key *key)
{
	return (struct sip){
		.v0 = key->k0 ^ 0x736f6d6570736575,
		.v1 = key->k1 ^ 0x646f72616e646f6d,
		.v2 = key->k0 ^ 0x6c7967656e657261,
		.v3 = key->k1 ^ 0x7465646279746573,
	};
}

/* The last word holds what is left of the message and, in its top byte, the length of the whole. */
static inline uint64_t sip_finish(struct sip *s, uint64_t tail, size_t len)
{
	sip_absorb(s, tail | (uint64_t)len << 56);
	s->v2 ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

static inline uint64_t load64(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return le64toh(word);
}

static inline uint64_t load32(const uint8_t *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	return le32toh(word);
}

uint64_t ts_siphash(const struct ts_cookie_key *key, const void *data, size_t len)
{
	struct sip s = sip_init(key);
	const uint8_t *p = data;
	uint8_t tail[8] = {0};

	for (size_t left = len; left >= 8; left -= 8, p += 8)
		sip_absorb(&s, load64(p));
	memcpy(tail, p, len % 8);
	return sip_finish(&s, load64(tail), len);
}

/*
 * The message is both addresses and both ports as they stand on the wire: 12 bytes for IPv4, 36 for
 * IPv6. Neither can be taken for the other, since SipHash mixes the length in. The words are put
 * together in registers: bytes stored and at once loaded as a wider word would stall.
 */
uint32_t ts_cookie_iss(const struct ts_cookie_key *key, const struct ts_addr *laddr,
	const struct ts_addr *raddr, uint16_t lport, uint16_t rport)
{
	uint64_t ports = le32toh(htobe32((uint32_t)lport << 16 | rport));
	struct sip s = sip_init(key);

	if (ts_addr_is_v4(raddr)) {
		sip_absorb(&s, load32(&laddr->b[12]) | load32(&raddr->b[12]) << 32);
		return (uint32_t)sip_finish(&s, ports, 12);
	}
	sip_absorb(&s, load64(laddr->b));
	sip_absorb(&s, load64(laddr->b + 8));
	sip_absorb(&s, load64(raddr->b));
	sip_absorb(&s, load64(raddr->b + 8));
	return (uint32_t)sip_finish(&s, ports, 36);
}
