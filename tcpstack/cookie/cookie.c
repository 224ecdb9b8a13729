/* SPDX-License-Identifier: BSD-3-Clause */
#include <endian.h>

#include "cookie.h"

static inline uint64_t load64(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return le64toh(word);
}

uint64_t ts_siphash(const struct ts_cookie_key *key, const void *data, size_t len)
{
	struct ts_sip s = ts_sip_init(key);
	const uint8_t *p = data;
	uint8_t tail[8] = {0};

	for (size_t left = len; left >= 8; left -= 8, p += 8)
		ts_sip_absorb(&s, load64(p), 2);
	/* The last word: the rest of the message and, in the top byte, the length of all of it. */
	memcpy(tail, p, len % 8);
	ts_sip_absorb(&s, load64(tail) | (uint64_t)len << 56, 2);
	return ts_sip_finish(&s, 4);
}

uint64_t ts_cookie_hash_v6(
	const struct ts_cookie_key *key, const struct ts_addr *addr, uint16_t port)
{
	struct ts_sip s = ts_sip_init(key);

	ts_sip_absorb(&s, load64(addr->b), 1);
	ts_sip_absorb(&s, load64(addr->b + 8), 1);
	ts_sip_absorb(&s, le16toh(htobe16(port)) | UINT64_C(18) << 56, 1);
	return ts_sip_finish(&s, 3);
}

static inline void hash_words(const struct ts_cookie_key *key, const uint64_t *restrict words,
	size_t n, uint64_t *restrict hashes)
{
	for (size_t i = 0; i < n; i++)
		hashes[i] = ts_sip_1_3(key, words[i]);
}

#ifdef __x86_64__
/* The same loop, for which the compiler puts four or eight words into a register. The choice is
 * made below and not by target_clones, which chooses so early that ThreadSanitizer fails. */
__attribute__((target("avx2"))) static void hash_words_avx2(
	const struct ts_cookie_key *key, const uint64_t *words, size_t n, uint64_t *hashes)
{
	hash_words(key, words, n, hashes);
}

__attribute__((target("avx512f"))) static void hash_words_avx512(
	const struct ts_cookie_key *key, const uint64_t *words, size_t n, uint64_t *hashes)
{
	hash_words(key, words, n, hashes);
}
#endif

void ts_cookie_hash_words(
	const struct ts_cookie_key *key, const uint64_t *words, size_t n, uint64_t *hashes)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx512f")) {
		hash_words_avx512(key, words, n, hashes);
		return;
	}
	if (__builtin_cpu_supports("avx2")) {
		hash_words_avx2(key, words, n, hashes);
		return;
	}
#endif
	hash_words(key, words, n, hashes);
}
