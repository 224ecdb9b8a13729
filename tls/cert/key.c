/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include "tls/cert/parts.h"

struct curve {
	const char *oid;
	size_t oid_len;
	const char *name;
	uint16_t bits;
};

#define CURVE(oid, name, bits)                   \
	{                                        \
		oid, sizeof(oid) - 1, name, bits \
	}

static const struct curve curves[] = {CURVE("\x2a\x86\x48\xce\x3d\x03\x01\x01", "P-192", 192),
	CURVE("\x2b\x81\x04\x00\x21", "P-224", 224),
	CURVE("\x2a\x86\x48\xce\x3d\x03\x01\x07", "P-256", 256),
	CURVE("\x2b\x81\x04\x00\x22", "P-384", 384), CURVE("\x2b\x81\x04\x00\x23", "P-521", 521),
	CURVE("\x2b\x81\x04\x00\x0a", "secp256k1", 256),
	CURVE("\x2b\x24\x03\x03\x02\x08\x01\x01\x07", "brainpoolP256r1", 256),
	CURVE("\x2b\x24\x03\x03\x02\x08\x01\x01\x0b", "brainpoolP384r1", 384),
	CURVE("\x2b\x24\x03\x03\x02\x08\x01\x01\x0d", "brainpoolP512r1", 512),
	CURVE("\x2a\x81\x1c\xcf\x55\x01\x82\x2d", "SM2", 256)};

static void key_ec(struct ct_der parameters, struct ct_facts *facts)
{
	struct ct_tlv oid;

	snprintf(facts->key_algorithm, sizeof(facts->key_algorithm), "ECDSA");
	if (!ct_der_take(&parameters, CT_OID, &oid)) /* explicit parameters: no name */
		return;
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++) {
		if (!ct_oid_is(&oid.body, curves[i].oid, curves[i].oid_len))
			continue;
		snprintf(facts->curve, sizeof(facts->curve), "%s", curves[i].name);
		facts->key_bits = curves[i].bits;
		return;
	}
	ct_oid_text(&oid.body, facts->curve, sizeof(facts->curve));
}

/* The first INTEGER of a SEQUENCE: an RSA modulus, a DSA prime. */
static uint16_t first_integer_bits(struct ct_der der)
{
	struct ct_tlv sequence, integer;
	struct ct_der magnitude;

	if (!ct_der_take(&der, CT_SEQUENCE, &sequence) ||
		!ct_der_take(&sequence.body, CT_INTEGER, &integer))
		return 0;
	magnitude = ct_integer_magnitude(&integer.body);
	return ct_magnitude_bits(&magnitude);
}

void ct_key_read(const struct ct_der *spki, struct ct_facts *facts)
{
	struct ct_der der = *spki, key;
	struct ct_tlv algorithm, oid, bits;
	const char *name = "unknown";

	snprintf(facts->key_algorithm, sizeof(facts->key_algorithm), "%s", name);
	if (!ct_der_take(&der, CT_SEQUENCE, &algorithm) ||
		!ct_der_take(&algorithm.body, CT_OID, &oid) ||
		!ct_der_take(&der, CT_BIT_STRING, &bits) || bits.body.left < 1)
		return;
	key = (struct ct_der){
		bits.body.at + 1, bits.body.left - 1}; /* behind the count of unused bits */
	if (CT_OID_IS(&oid.body, "\x2a\x86\x48\xce\x3d\x02\x01")) {
		key_ec(algorithm.body, facts);
		return;
	}
	if (CT_OID_IS(&oid.body, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01") ||
		CT_OID_IS(&oid.body, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a")) {
		name = "RSA";
		facts->key_bits = first_integer_bits(key);
	} else if (CT_OID_IS(&oid.body, "\x2a\x86\x48\xce\x38\x04\x01")) {
		name = "DSA";
		facts->key_bits = first_integer_bits(algorithm.body);
	} else if (CT_OID_IS(&oid.body, "\x2b\x65\x70")) {
		name = "Ed25519";
		facts->key_bits = 256;
	} else if (CT_OID_IS(&oid.body, "\x2b\x65\x71")) {
		name = "Ed448";
		facts->key_bits = 456;
	}
	snprintf(facts->key_algorithm, sizeof(facts->key_algorithm), "%s", name);
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
		char last; /* arc of 2.16.840.1.101.3.4.2 */
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
