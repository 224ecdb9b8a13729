/* SPDX-License-Identifier: BSD-3-Clause */
#include "signature.h"

#include <string.h>

#define TLS12 0x0303

/* RFC 8446 4.2.3: schemes that are not a pair of hash and signature. */
static const struct {
	uint16_t scheme;
	uint8_t hash; /* enum hl_hash */
	const char *signature;
} schemes[] = {
	{0x0804, HL_HASH_SHA256, "rsapss"},
	{0x0805, HL_HASH_SHA384, "rsapss"},
	{0x0806, HL_HASH_SHA512, "rsapss"},
	{0x0807, HL_HASH_NONE, "ed25519"},
	{0x0808, HL_HASH_NONE, "ed448"},
	{0x0809, HL_HASH_SHA256, "rsapss"},
	{0x080a, HL_HASH_SHA384, "rsapss"},
	{0x080b, HL_HASH_SHA512, "rsapss"},
	{0x081a, HL_HASH_SHA256, "ecdsa"}, /* brainpool curves in TLS 1.3, RFC 8734 */
	{0x081b, HL_HASH_SHA384, "ecdsa"},
	{0x081c, HL_HASH_SHA512, "ecdsa"},
};

#define N_SCHEMES (sizeof(schemes) / sizeof(schemes[0]))

static size_t scheme_index(uint16_t scheme)
{
	size_t i = 0;

	while (i < N_SCHEMES && schemes[i].scheme != scheme)
		i++;
	return i;
}

const char *hl_scheme_signature(uint16_t scheme)
{
	static const char *const names[] = {"anonymous", "rsa", "dsa", "ecdsa"};
	size_t i = scheme_index(scheme);

	if (i < N_SCHEMES)
		return schemes[i].signature;
	if (scheme >> 8 > HL_HASH_SHA512 || (scheme & 0xff) >= sizeof(names) / sizeof(names[0]))
		return "unknown";
	return names[scheme & 0xff];
}

enum hl_hash hl_scheme_hash(uint16_t scheme)
{
	size_t i = scheme_index(scheme);

	if (i < N_SCHEMES)
		return (enum hl_hash)schemes[i].hash;
	/* RFC 5246 7.4.1.4.1: the numbers of HashAlgorithm are those of the enum. */
	return scheme >> 8 <= HL_HASH_SHA512 ? (enum hl_hash)(scheme >> 8) : HL_HASH_UNKNOWN;
}

const char *hl_hash_name(enum hl_hash hash)
{
	static const char *const names[] = {
		[HL_HASH_NONE] = "none",
		[HL_HASH_MD5] = "md5",
		[HL_HASH_SHA1] = "sha1",
		[HL_HASH_SHA224] = "sha224",
		[HL_HASH_SHA256] = "sha256",
		[HL_HASH_SHA384] = "sha384",
		[HL_HASH_SHA512] = "sha512",
	};

	return (size_t)hash < sizeof(names) / sizeof(names[0]) ? names[hash] : "unknown";
}

/* IANA's names have the kind of the certificate's key behind that of the key exchange. */
static const char *suite_signature(uint16_t suite)
{
	const char *name = hl_suite_name(suite);

	if (strstr(name, "_ECDSA_") != NULL)
		return "ecdsa";
	if (strstr(name, "_DSS_") != NULL)
		return "dsa";
	return strstr(name, "_RSA_") != NULL ? "rsa" : "unknown";
}

const char *hl_signature_type(
	const struct hl_key_exchange *kex, const struct hl_server_hello *hello)
{
	const char *name = hello->legacy_version >= TLS12 ? hl_scheme_signature(kex->sig_alg)
							  : suite_signature(hello->cipher_suite);

	return strcmp(name, "rsa") == 0 && kex->group != 0 ? "pkcs1v15" : name;
}

enum hl_hash hl_signature_hash(
	const struct hl_key_exchange *kex, const struct hl_server_hello *hello)
{
	const char *name;

	if (hello->legacy_version >= TLS12)
		return hl_scheme_hash(kex->sig_alg);
	name = suite_signature(hello->cipher_suite);
	if (strcmp(name, "unknown") == 0)
		return HL_HASH_UNKNOWN;
	return strcmp(name, "rsa") == 0 ? HL_HASH_MD5_SHA1 : HL_HASH_SHA1;
}
