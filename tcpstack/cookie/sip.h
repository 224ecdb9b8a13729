/* SPDX-License-Identifier: BSD-3-Clause */
/* SipHash's state and rounds (Aumasson, Bernstein 2012), for cookie.[ch] alone. */
#pragma once

#include <stdint.h>

struct ts_cookie_key {
	uint64_t k0, k1;
};

struct ts_sip {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t ts_sip_rotl(uint64_t x, unsigned int n)
{
	return x << n | x >> (64 - n);
}

static inline void ts_sip_round(struct ts_sip *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = ts_sip_rotl(s->v1, 13) ^ s->v0;
	s->v3 = ts_sip_rotl(s->v3, 16) ^ s->v2;
	s->v0 = ts_sip_rotl(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = ts_sip_rotl(s->v1, 17) ^ s->v2;
	s->v3 = ts_sip_rotl(s->v3, 21) ^ s->v0;
	s->v2 = ts_sip_rotl(s->v2, 32);
}

static inline struct ts_sip ts_sip_init(const struct ts_cookie_key *key)
{
	return (struct ts_sip){
		.v0 = key->k0 ^ 0x736f6d6570736575,
		.v1 = key->k1 ^ 0x646f72616e646f6d,
		.v2 = key->k0 ^ 0x6c7967656e657261,
		.v3 = key->k1 ^ 0x7465646279746573,
	};
}

static inline void ts_sip_absorb(struct ts_sip *s, uint64_t word, int n_rounds)
{
	s->v3 ^= word;
	for (int i = 0; i < n_rounds; i++)
		ts_sip_round(s);
	s->v0 ^= word;
}

static inline uint64_t ts_sip_finish(struct ts_sip *s, int n_rounds)
{
	s->v2 ^= 0xff;
	for (int i = 0; i < n_rounds; i++)
		ts_sip_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* SipHash-1-3 of a single word, the length in its top byte. */
static inline uint64_t ts_sip_1_3(const struct ts_cookie_key *key, uint64_t word)
{
	struct ts_sip s = ts_sip_init(key);

	ts_sip_absorb(&s, word, 1);
	return ts_sip_finish(&s, 3);
}
