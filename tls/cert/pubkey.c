/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include "pubkey.h"

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

static void key_ec(struct ct_der parameters, struct ct_key *key)
{
	struct ct_tlv oid;

	key->kind = CT_KEY_EC;
	if (!ct_der_take(&parameters, CT_OID, &oid)) /* explicit parameters: no name */
		return;
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++) {
		if (!ct_oid_is(&oid.body, curves[i].oid, curves[i].oid_len))
			continue;
		snprintf(key->curve, sizeof(key->curve), "%s", curves[i].name);
		key->bits = curves[i].bits;
		return;
	}
	ct_oid_text(&oid.body, key->curve, sizeof(key->curve));
}

/* The first INTEGER of a SEQUENCE: an RSA modulus, a DSA prime. @param rest  out: what follows */
static uint16_t first_integer_bits(struct ct_der der, struct ct_der *rest)
{
	struct ct_tlv sequence, integer;
	struct ct_der magnitude;

	*rest = (struct ct_der){0};
	if (!ct_der_take(&der, CT_SEQUENCE, &sequence) ||
		!ct_der_take(&sequence.body, CT_INTEGER, &integer))
		return 0;
	*rest = sequence.body;
	magnitude = ct_integer_magnitude(&integer.body);
	return ct_magnitude_bits(&magnitude);
}

/* RFC 8017 A.1.1. */
static void key_rsa(struct ct_der der, struct ct_key *key)
{
	struct ct_tlv exponent;
	struct ct_der rest, magnitude;

	key->kind = CT_KEY_RSA;
	key->bits = first_integer_bits(der, &rest);
	if (!ct_der_take(&rest, CT_INTEGER, &exponent))
		return;
	magnitude = ct_integer_magnitude(&exponent.body);
	key->exponent_bits = ct_magnitude_bits(&magnitude);
	for (size_t i = 0; magnitude.left <= sizeof(key->exponent) && i < magnitude.left; i++)
		key->exponent = key->exponent << 8 | magnitude.at[i];
}

void ct_key_parse(const struct ct_der *spki, struct ct_key *key)
{
	struct ct_der der = *spki, value, rest;
	struct ct_tlv algorithm, oid, bits;

	memset(key, 0, sizeof(*key));
	if (!ct_der_take(&der, CT_SEQUENCE, &algorithm) ||
		!ct_der_take(&algorithm.body, CT_OID, &oid) ||
		!ct_der_take(&der, CT_BIT_STRING, &bits) || bits.body.left < 1)
		return;
	value = (struct ct_der){
		bits.body.at + 1, bits.body.left - 1}; /* after the count of unused bits */
	if (CT_OID_IS(&oid.body, "\x2a\x86\x48\xce\x3d\x02\x01")) {
		key_ec(algorithm.body, key);
	} else if (CT_OID_IS(&oid.body, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01") ||
		   CT_OID_IS(&oid.body, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a")) {
		key_rsa(value, key);
	} else if (CT_OID_IS(&oid.body, "\x2a\x86\x48\xce\x38\x04\x01")) {
		key->kind = CT_KEY_DSA;
		key->bits = first_integer_bits(algorithm.body, &rest);
	} else if (CT_OID_IS(&oid.body, "\x2b\x65\x70")) {
		key->kind = CT_KEY_ED25519;
		key->bits = 256;
	} else if (CT_OID_IS(&oid.body, "\x2b\x65\x71")) {
		key->kind = CT_KEY_ED448;
		key->bits = 456;
	}
}

bool ct_key_of_cert(const uint8_t *der, size_t der_len, struct ct_key *key)
{
	struct ct_der outer = {der, der_len};
	struct ct_tlv cert, tbs, skipped, spki;

	memset(key, 0, sizeof(*key));
	if (!ct_der_take(&outer, CT_SEQUENCE, &cert) || !ct_der_take(&cert.body, CT_SEQUENCE, &tbs))
		return false;
	(void)ct_der_take(&tbs.body, CT_CONTEXT_CONSTRUCTED | 0, &skipped); /* version */
	if (!ct_der_take(&tbs.body, CT_INTEGER, &skipped))
		return false;
	/* Signature algorithm, issuer, validity, subject. */
	for (unsigned int i = 0; i < 4; i++) {
		if (!ct_der_take(&tbs.body, CT_SEQUENCE, &skipped))
			return false;
	}
	if (!ct_der_take(&tbs.body, CT_SEQUENCE, &spki))
		return false;
	ct_key_parse(&spki.body, key);
	return key->kind != CT_KEY_UNKNOWN;
}
