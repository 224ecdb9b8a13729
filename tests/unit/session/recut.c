/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "recut.h"

#if !TLSWEEP_WOLFSSL_SYSTEM
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/aes.h>
#endif

#define STREAM_MAX 65536

enum { HANDSHAKE = 22, APPLICATION_DATA = 23, HEADER = 5, TAG = 16 };

struct stream {
	uint8_t bytes[STREAM_MAX];
	size_t len;
};

static size_t record_len(const uint8_t *at)
{
	return (size_t)at[3] << 8 | at[4];
}

static size_t header_put(uint8_t *out, uint8_t type, size_t len)
{
	const uint8_t header[HEADER] = {type, 3, 3, (uint8_t)(len >> 8), (uint8_t)len};

	memcpy(out, header, HEADER);
	return HEADER;
}

/* Bytes of the next piece; at: those already cut. */
static size_t piece(const struct stream *s, const struct recut *how, size_t at)
{
	size_t n = at == 0 ? how->first : how->rest;

	return n < s->len - at ? n : s->len - at;
}

static void gather(struct stream *s, const uint8_t *bytes, size_t len)
{
	if (len > sizeof(s->bytes) - s->len)
		abort();
	memcpy(s->bytes + s->len, bytes, len);
	s->len += len;
}

size_t recut_plain(const uint8_t *in, size_t len, const struct recut *how, uint8_t *out)
{
	static struct stream s;
	size_t at = 0, done = 0;

	s.len = 0;
	while (at < len && in[at] == HANDSHAKE) {
		gather(&s, in + at + HEADER, record_len(in + at));
		at += HEADER + record_len(in + at);
	}
	for (size_t cut = 0, n; cut < s.len; cut += n) {
		n = piece(&s, how, cut);
		done += header_put(out + done, HANDSHAKE, n);
		memcpy(out + done, s.bytes + cut, n);
		done += n;
	}
	memcpy(out + done, in + at, len - at);
	return done + len - at;
}

#if !TLSWEEP_WOLFSSL_SYSTEM
/* RFC 8446 5.3 */
static void nonce_make(uint8_t *nonce, const struct mem_keys *keys, uint64_t sequence)
{
	memcpy(nonce, keys->iv, sizeof(keys->iv));
	for (int i = 0; i < 8; i++)
		nonce[4 + i] ^= (uint8_t)(sequence >> (8 * (7 - i)));
}

/* One encrypted record into the stream, its type taken off. */
static void record_open(struct stream *s, Aes *aes, const struct mem_keys *keys, uint64_t sequence,
	const uint8_t *at)
{
	uint8_t nonce[sizeof(keys->iv)], plain[STREAM_MAX];
	size_t len = record_len(at) - TAG;

	nonce_make(nonce, keys, sequence);
	if (wc_AesGcmDecrypt(aes, plain, at + HEADER, (word32)len, nonce, sizeof(nonce),
		    at + HEADER + len, TAG, at, HEADER) != 0 ||
		plain[len - 1] != HANDSHAKE)
		abort();
	gather(s, plain, len - 1);
}

static size_t record_seal(uint8_t *out, Aes *aes, const struct mem_keys *keys, uint64_t sequence,
	const uint8_t *bytes, size_t len)
{
	uint8_t nonce[sizeof(keys->iv)], plain[STREAM_MAX];

	memcpy(plain, bytes, len);
	plain[len++] = HANDSHAKE;
	nonce_make(nonce, keys, sequence);
	header_put(out, APPLICATION_DATA, len + TAG);
	if (wc_AesGcmEncrypt(aes, out + HEADER, plain, (word32)len, nonce, sizeof(nonce),
		    out + HEADER + len, TAG, out, HEADER) != 0)
		abort();
	return HEADER + len + TAG;
}

size_t recut_encrypted(struct mem_server *server, const struct mem_keys *keys,
	const struct recut *how, uint8_t *out)
{
	struct mem_buffer *from = mem_server_out(server);
	static struct stream s;
	uint64_t opened = 0, sealed = 0;
	size_t done = 0;
	Aes aes;

	s.len = 0;
	if (wc_AesInit(&aes, NULL, INVALID_DEVID) != 0 ||
		wc_AesGcmSetKey(&aes, keys->key, sizeof(keys->key)) != 0)
		abort();
	while (from->off < from->len) {
		const uint8_t *at = from->bytes + from->off;
		size_t len = HEADER + record_len(at);

		if (at[0] == APPLICATION_DATA) {
			record_open(&s, &aes, keys, opened++, at);
		} else {
			memcpy(out + done, at, len);
			done += len;
		}
		from->off += len;
	}
	for (size_t cut = 0, n; cut < s.len; cut += n) {
		n = piece(&s, how, cut);
		done += record_seal(out + done, &aes, keys, sealed++, s.bytes + cut, n);
	}
	wc_AesFree(&aes);
	return done;
}
#endif
