/* SPDX-License-Identifier: BSD-3-Clause */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "parts.h"
#include "pubkey.h"

void ct_key_read(const struct ct_der *spki, struct ct_facts *facts)
{
	static const char *const algorithms[] = {
		[CT_KEY_UNKNOWN] = "unknown",
		[CT_KEY_RSA] = "RSA",
		[CT_KEY_EC] = "ECDSA",
		[CT_KEY_DSA] = "DSA",
		[CT_KEY_ED25519] = "Ed25519",
		[CT_KEY_ED448] = "Ed448",
	};
	struct ct_key key;

	static_assert(sizeof(key.curve) == sizeof(facts->curve), "a name that fits, fits there");
	ct_key_parse(spki, &key);
	snprintf(facts->key_algorithm, sizeof(facts->key_algorithm), "%s", algorithms[key.kind]);
	memcpy(facts->curve, key.curve, sizeof(facts->curve));
	facts->key_bits = key.bits;
	facts->exponent_bits = key.exponent_bits;
	facts->exponent = key.exponent;
}

struct signature_name {
	const char *oid;
	size_t oid_len;
	const char *name;
	struct ct_signature how;
};

#define SIGNATURE(oid, name, kind, hash)              \
	{                                             \
		oid, sizeof(oid) - 1, name,           \
		{                                     \
			CT_SIG_##kind, CT_HASH_##hash \
		}                                     \
	}
#define PKCS1	   "\x2a\x86\x48\x86\xf7\x0d\x01\x01"
#define ANSI_ECDSA "\x2a\x86\x48\xce\x3d\x04"

static const struct signature_name signatures[] = {
	SIGNATURE(PKCS1 "\x02", "MD2-RSA", UNKNOWN, NONE),
	SIGNATURE(PKCS1 "\x04", "MD5-RSA", RSA, MD5),
	SIGNATURE(PKCS1 "\x05", "SHA1-RSA", RSA, SHA1),
	SIGNATURE("\x2b\x0e\x03\x02\x1d", "SHA1-RSA", RSA, SHA1),
	SIGNATURE(PKCS1 "\x0b", "SHA256-RSA", RSA, SHA256),
	SIGNATURE(PKCS1 "\x0c", "SHA384-RSA", RSA, SHA384),
	SIGNATURE(PKCS1 "\x0d", "SHA512-RSA", RSA, SHA512),
	SIGNATURE(ANSI_ECDSA "\x01", "ECDSA-SHA1", ECDSA, SHA1),
	SIGNATURE(ANSI_ECDSA "\x03\x02", "ECDSA-SHA256", ECDSA, SHA256),
	SIGNATURE(ANSI_ECDSA "\x03\x03", "ECDSA-SHA384", ECDSA, SHA384),
	SIGNATURE(ANSI_ECDSA "\x03\x04", "ECDSA-SHA512", ECDSA, SHA512),
	SIGNATURE("\x2a\x86\x48\xce\x38\x04\x03", "DSA-SHA1", UNKNOWN, NONE),
	SIGNATURE("\x60\x86\x48\x01\x65\x03\x04\x03\x02", "DSA-SHA256", UNKNOWN, NONE),
	SIGNATURE("\x2b\x65\x70", "Ed25519", ED25519, NONE),
	SIGNATURE("\x2b\x65\x71", "Ed448", ED448, NONE)};

/* RFC 4055 3.1: the hash stands in [0]; its default is SHA-1. */
static struct ct_signature signature_pss(struct ct_der algorithm, struct ct_facts *facts)
{
	static const struct {
		uint8_t last; /* arc of 2.16.840.1.101.3.4.2 */
		const char *name;
		enum ct_hash hash;
	} hashes[] = {{1, "SHA256-RSAPSS", CT_HASH_SHA256}, {2, "SHA384-RSAPSS", CT_HASH_SHA384},
		{3, "SHA512-RSAPSS", CT_HASH_SHA512}};
	static const char prefix[] = "\x60\x86\x48\x01\x65\x03\x04\x02";
	const size_t prefix_len = sizeof(prefix) - 1;
	struct ct_tlv params, tagged, hash, oid;

	if (!ct_der_take(&algorithm, CT_SEQUENCE, &params) ||
		!ct_der_take(&params.body, CT_CONTEXT_CONSTRUCTED | 0, &tagged) ||
		!ct_der_take(&tagged.body, CT_SEQUENCE, &hash) ||
		!ct_der_take(&hash.body, CT_OID, &oid) || oid.body.left != prefix_len + 1 ||
		memcmp(oid.body.at, prefix, prefix_len) != 0)
		return (struct ct_signature){CT_SIG_UNKNOWN, CT_HASH_NONE};
	for (size_t i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++) {
		if (oid.body.at[prefix_len] != hashes[i].last)
			continue;
		snprintf(facts->signature_algorithm, sizeof(facts->signature_algorithm), "%s",
			hashes[i].name);
		return (struct ct_signature){CT_SIG_RSA_PSS, hashes[i].hash};
	}
	return (struct ct_signature){CT_SIG_UNKNOWN, CT_HASH_NONE};
}

struct ct_signature ct_signature_read(const struct ct_der *algorithm, struct ct_facts *facts)
{
	struct ct_der der = *algorithm;
	struct ct_tlv oid;

	if (!ct_der_take(&der, CT_OID, &oid))
		return (struct ct_signature){CT_SIG_UNKNOWN, CT_HASH_NONE};
	ct_oid_text(&oid.body, facts->signature_oid, sizeof(facts->signature_oid));
	memcpy(facts->signature_algorithm, facts->signature_oid,
		sizeof(facts->signature_algorithm));
	if (CT_OID_IS(&oid.body, PKCS1 "\x0a"))
		return signature_pss(der, facts);
	for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
		if (!ct_oid_is(&oid.body, signatures[i].oid, signatures[i].oid_len))
			continue;
		snprintf(facts->signature_algorithm, sizeof(facts->signature_algorithm), "%s",
			signatures[i].name);
		return signatures[i].how;
	}
	return (struct ct_signature){CT_SIG_UNKNOWN, CT_HASH_NONE};
}
