/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef WOLFSSL_USER_SETTINGS
#include <wolfssl/options.h>
#endif
#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/ed25519.h>
#include <wolfssl/wolfcrypt/ed448.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/rsa.h>

#include <string.h>

#include "parts.h"

/* The largest RSA signature taken: 16384 bits. */
#define RSA_SIGNATURE_MAX 2048

/* wolfCrypt counts in 32 bits; no certificate is that long. */
struct verify_input {
	const byte *tbs, *sig, *spki;
	word32 tbs_len, sig_len, spki_len;
	byte digest[WC_MAX_DIGEST_SIZE]; /* of tbs, where the scheme hashes first */
	word32 digest_len;
};

static enum wc_HashType hash_type(enum ct_hash hash)
{
	switch (hash) {
	case CT_HASH_MD5:
		return WC_HASH_TYPE_MD5;
	case CT_HASH_SHA1:
		return WC_HASH_TYPE_SHA;
	case CT_HASH_SHA256:
		return WC_HASH_TYPE_SHA256;
	case CT_HASH_SHA384:
		return WC_HASH_TYPE_SHA384;
	case CT_HASH_SHA512:
		return WC_HASH_TYPE_SHA512;
	case CT_HASH_NONE:
		break;
	}
	return WC_HASH_TYPE_NONE;
}

/* Not wc_SignatureVerify(): newer releases refuse MD5 and SHA-1 there, and old roots are signed
 * with them. */
static bool digest_make(struct verify_input *in, enum wc_HashType hash)
{
	int len = wc_HashGetDigestSize(hash);

	if (len <= 0 || len > (int)sizeof(in->digest))
		return false;
	in->digest_len = (word32)len;
	return wc_Hash(hash, in->tbs, in->tbs_len, in->digest, in->digest_len) == 0;
}

/* PSS uses one hash for the message and for its mask (RFC 8017 8.1 recommends it, RFC 5756 requires
 * it). */
static bool verify_pss(const struct verify_input *in, enum wc_HashType hash, RsaKey *key)
{
	int mgf = hash == WC_HASH_TYPE_SHA256	? WC_MGF1SHA256
		  : hash == WC_HASH_TYPE_SHA384 ? WC_MGF1SHA384
						: WC_MGF1SHA512;
	byte out[RSA_SIGNATURE_MAX], sig[RSA_SIGNATURE_MAX];

	if (in->sig_len > sizeof(sig))
		return false;
	memcpy(sig, in->sig, in->sig_len); /* the interface takes it writable */
	return wc_RsaPSS_VerifyCheck(sig, in->sig_len, out, sizeof(out), in->digest, in->digest_len,
		       hash, mgf, key) > 0;
}

/* RFC 8017 8.2.2: encode the digest as the signer must have, and compare. */
static bool verify_pkcs1(const struct verify_input *in, enum wc_HashType hash, RsaKey *key)
{
	byte want[WC_MAX_DIGEST_SIZE + 32], got[RSA_SIGNATURE_MAX];
	word32 want_len = wc_EncodeSignature(want, in->digest, in->digest_len, wc_HashGetOID(hash));
	int got_len = wc_RsaSSL_Verify(in->sig, in->sig_len, got, sizeof(got), key);

	return got_len > 0 && (word32)got_len == want_len && memcmp(got, want, want_len) == 0;
}

static bool verify_rsa(struct verify_input *in, const struct ct_signature *how)
{
	enum wc_HashType hash = hash_type(how->hash);
	word32 idx = 0;
	RsaKey key;
	bool ok;

	if (wc_InitRsaKey(&key, NULL) != 0)
		return false;
	ok = digest_make(in, hash) &&
	     wc_RsaPublicKeyDecode(in->spki, &idx, &key, in->spki_len) == 0 &&
	     (how->kind == CT_SIG_RSA_PSS ? verify_pss(in, hash, &key)
					  : verify_pkcs1(in, hash, &key));
	wc_FreeRsaKey(&key);
	return ok;
}

static bool verify_ecdsa(struct verify_input *in, const struct ct_signature *how)
{
	word32 idx = 0;
	int valid = 0;
	ecc_key key;

	if (wc_ecc_init(&key) != 0)
		return false;
	if (!digest_make(in, hash_type(how->hash)) ||
		wc_EccPublicKeyDecode(in->spki, &idx, &key, in->spki_len) != 0 ||
		wc_ecc_verify_hash(
			in->sig, in->sig_len, in->digest, in->digest_len, &valid, &key) != 0)
		valid = 0;
	wc_ecc_free(&key);
	return valid == 1;
}

static bool verify_ed25519(const struct verify_input *in)
{
	word32 idx = 0;
	ed25519_key key;
	int valid = 0;

	if (wc_ed25519_init(&key) != 0)
		return false;
	if (wc_Ed25519PublicKeyDecode(in->spki, &idx, &key, in->spki_len) != 0 ||
		wc_ed25519_verify_msg(in->sig, in->sig_len, in->tbs, in->tbs_len, &valid, &key) !=
			0)
		valid = 0;
	wc_ed25519_free(&key);
	return valid == 1;
}

#ifdef HAVE_ED448
static bool verify_ed448(const struct verify_input *in)
{
	word32 idx = 0;
	ed448_key key;
	int valid = 0;

	if (wc_ed448_init(&key) != 0)
		return false;
	if (wc_Ed448PublicKeyDecode(in->spki, &idx, &key, in->spki_len) != 0 ||
		wc_ed448_verify_msg(
			in->sig, in->sig_len, in->tbs, in->tbs_len, &valid, &key, NULL, 0) != 0)
		valid = 0;
	wc_ed448_free(&key);
	return valid == 1;
}
#endif

bool ct_signature_verify(const struct ct_signature *how, const struct ct_der *tbs,
	const struct ct_der *signature, const struct ct_der *spki)
{
	struct verify_input in = {.tbs = tbs->at,
		.tbs_len = (word32)tbs->left,
		.sig = signature->at,
		.sig_len = (word32)signature->left,
		.spki = spki->at,
		.spki_len = (word32)spki->left};

	switch (how->kind) {
	case CT_SIG_RSA:
	case CT_SIG_RSA_PSS:
		return verify_rsa(&in, how);
	case CT_SIG_ECDSA:
		return verify_ecdsa(&in, how);
	case CT_SIG_ED25519:
		return verify_ed25519(&in);
	case CT_SIG_ED448:
#ifdef HAVE_ED448
		return verify_ed448(&in);
#endif
	case CT_SIG_UNKNOWN:
		break;
	}
	return false;
}
