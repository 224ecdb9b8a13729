/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib.h"

#include <string.h>

#include <wolfssl/wolfcrypt/hash.h>

#include "tls/hello/client_hello.h"
#include "tls/hello/signature.h"
#include "kex_digest.h"

/* What is signed, in this order. */
enum { CLIENT_RANDOM, SERVER_RANDOM, PARAMS, N_PARTS };

static size_t hash(
	enum wc_HashType type, const struct hl_cursor parts[N_PARTS], uint8_t *digest, size_t cap)
{
	int len = wc_HashGetDigestSize(type);
	wc_HashAlg alg;
	bool ok;

	if (len <= 0 || (size_t)len > cap || wc_HashInit(&alg, type) != 0)
		return 0;
	ok = true;
	for (unsigned int i = 0; i < N_PARTS; i++)
		ok = ok && wc_HashUpdate(&alg, type, parts[i].at, (word32)parts[i].left) == 0;
	ok = ok && wc_HashFinal(&alg, type, digest) == 0;
	wc_HashFree(&alg, type);
	return ok ? (size_t)len : 0;
}

static size_t join(const struct hl_cursor parts[N_PARTS], uint8_t *out, size_t cap)
{
	size_t len = 0;

	for (unsigned int i = 0; i < N_PARTS; i++) {
		if (parts[i].left > cap - len)
			return 0;
		memcpy(out + len, parts[i].at, parts[i].left);
		len += parts[i].left;
	}
	return len;
}

static size_t md5_sha1(const struct hl_cursor parts[N_PARTS], uint8_t *digest)
{
	size_t first = hash(WC_HASH_TYPE_MD5, parts, digest, TL_KEX_DIGEST_MAX), second;

	if (first == 0)
		return 0;
	second = hash(WC_HASH_TYPE_SHA, parts, digest + first, TL_KEX_DIGEST_MAX - first);
	return second == 0 ? 0 : first + second;
}

size_t tl_kex_digest(const struct tl_result *tls, uint8_t digest[TL_KEX_DIGEST_MAX])
{
	static const enum wc_HashType types[] = {
		[HL_HASH_MD5] = WC_HASH_TYPE_MD5,
		[HL_HASH_SHA1] = WC_HASH_TYPE_SHA,
		[HL_HASH_SHA224] = WC_HASH_TYPE_SHA224,
		[HL_HASH_SHA256] = WC_HASH_TYPE_SHA256,
		[HL_HASH_SHA384] = WC_HASH_TYPE_SHA384,
		[HL_HASH_SHA512] = WC_HASH_TYPE_SHA512,
	};
	enum hl_hash kind = hl_signature_hash(&tls->kex, &tls->hello);
	struct hl_client_hello sent;
	struct hl_cursor parts[N_PARTS];

	if (tls->kex.params.left == 0 || tls->kex.signature.left == 0 || tls->kept == NULL ||
		!hl_client_hello_read(tls->kept->hello, tls->kept->hello_len, &sent))
		return 0;
	parts[CLIENT_RANDOM] = (struct hl_cursor){sent.random, HL_RANDOM_LEN};
	parts[SERVER_RANDOM] = (struct hl_cursor){tls->hello.random, sizeof(tls->hello.random)};
	parts[PARAMS] = tls->kex.params;
	switch (kind) {
	case HL_HASH_UNKNOWN:
		return 0;
	case HL_HASH_NONE:
		return join(parts, digest, TL_KEX_DIGEST_MAX);
	case HL_HASH_MD5_SHA1:
		return md5_sha1(parts, digest);
	default:
		return hash(types[kind], parts, digest, TL_KEX_DIGEST_MAX);
	}
}
