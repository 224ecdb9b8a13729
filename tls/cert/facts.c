/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Our own bounded walk reads a certificate, not wolfCrypt's parser. wolfCrypt's gives up on what a
 * measurement wants to see (unknown keys, odd dates, negative serials). It only hashes and
 * verifies.
 */
#ifndef WOLFSSL_USER_SETTINGS
#include <wolfssl/options.h>
#endif
#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/hash.h>

#include <stdio.h>
#include <string.h>

#include "parts.h"

/* The largest certificate that is read: the largest that a session may bring. */
#define DER_MAX	       (1024 * 1024)
#define EXTENSIONS_MAX 128

struct cert_parts {
	struct ct_tlv tbs, signature_algorithm, signature;
	struct ct_tlv serial, issuer, validity, subject, spki;
	struct ct_der extensions; /* left 0: none */
};

static bool fail(struct ct_facts *facts, const char *why)
{
	snprintf(facts->error, sizeof(facts->error), "%s", why);
	return false;
}

static void version_read(struct ct_der *tbs, struct ct_facts *facts)
{
	struct ct_tlv tagged, number;

	facts->version = 1;
	if (ct_der_take(tbs, CT_CONTEXT_CONSTRUCTED | 0, &tagged) &&
		ct_der_take(&tagged.body, CT_INTEGER, &number) && number.body.left == 1 &&
		number.body.at[0] < 3)
		facts->version = (uint8_t)(number.body.at[0] + 1);
}

/* RFC 5280 4.1: the elements of TBSCertificate in their order. */
static bool parts_read(
	const uint8_t *der, size_t len, struct cert_parts *parts, struct ct_facts *facts)
{
	struct ct_der outer = {der, len}, tbs;
	struct ct_tlv cert, skipped, tagged, list;

	if (!ct_der_take(&outer, CT_SEQUENCE, &cert))
		return fail(facts, "not a DER sequence");
	if (!ct_der_take(&cert.body, CT_SEQUENCE, &parts->tbs) ||
		!ct_der_take(&cert.body, CT_SEQUENCE, &parts->signature_algorithm) ||
		!ct_der_take(&cert.body, CT_BIT_STRING, &parts->signature))
		return fail(facts, "not three parts: certificate, algorithm, signature");
	tbs = parts->tbs.body;
	version_read(&tbs, facts);
	if (!ct_der_take(&tbs, CT_INTEGER, &parts->serial))
		return fail(facts, "no serial number");
	if (!ct_der_take(&tbs, CT_SEQUENCE, &skipped))
		return fail(facts, "no signature algorithm");
	if (!ct_der_take(&tbs, CT_SEQUENCE, &parts->issuer))
		return fail(facts, "no issuer");
	if (!ct_der_take(&tbs, CT_SEQUENCE, &parts->validity))
		return fail(facts, "no validity");
	if (!ct_der_take(&tbs, CT_SEQUENCE, &parts->subject))
		return fail(facts, "no subject");
	if (!ct_der_take(&tbs, CT_SEQUENCE, &parts->spki))
		return fail(facts, "no public key");
	(void)ct_der_take(&tbs, CT_CONTEXT | 1, &skipped);
	(void)ct_der_take(&tbs, CT_CONTEXT | 2, &skipped);
	if (ct_der_take(&tbs, CT_CONTEXT_CONSTRUCTED | 3, &tagged) &&
		ct_der_take(&tagged.body, CT_SEQUENCE, &list))
		parts->extensions = list.body;
	return true;
}

/* The magnitude; for a negative number the two's complement. */
static bool serial_read(const struct ct_der *body, struct ct_facts *facts)
{
	struct ct_der magnitude = ct_integer_magnitude(body);
	unsigned int carry = 1;

	facts->serial_negative = body->left > 0 && (body->at[0] & 0x80) != 0;
	if (magnitude.left > sizeof(facts->serial))
		return fail(facts, "serial number too long");
	memcpy(facts->serial, magnitude.at, magnitude.left);
	facts->serial_len = (uint8_t)magnitude.left;
	for (size_t i = magnitude.left; facts->serial_negative && i > 0; i--) {
		unsigned int flipped = (facts->serial[i - 1] ^ 0xffu) + carry;

		facts->serial[i - 1] = (uint8_t)flipped;
		carry = flipped >> 8;
	}
	while (facts->serial_len > 0 && facts->serial[0] == 0) {
		facts->serial_len--;
		memmove(facts->serial, facts->serial + 1, facts->serial_len);
	}
	return true;
}

static void validity_read(struct ct_der validity, struct ct_facts *facts)
{
	struct ct_tlv time;

	if (ct_der_next(&validity, &time))
		ct_time_read(&time, facts->not_before, &facts->not_before_unix);
	if (ct_der_next(&validity, &time))
		ct_time_read(&time, facts->not_after, &facts->not_after_unix);
}

/* RFC 5280 4.2.1.9. */
static void basic_constraints_read(struct ct_der value, struct ct_facts *facts)
{
	struct ct_tlv sequence, ca;

	facts->has_basic_constraints = true;
	if (ct_der_take(&value, CT_SEQUENCE, &sequence) &&
		ct_der_take(&sequence.body, CT_BOOLEAN, &ca))
		facts->is_ca = ca.body.left == 1 && ca.body.at[0] != 0;
}

static void extensions_read(struct ct_der list, struct ct_facts *facts)
{
	struct ct_tlv extension, oid, critical, value;

	for (unsigned int n = 0; n < EXTENSIONS_MAX && ct_der_take(&list, CT_SEQUENCE, &extension);
		n++) {
		if (!ct_der_take(&extension.body, CT_OID, &oid))
			continue;
		(void)ct_der_take(&extension.body, CT_BOOLEAN, &critical);
		if (!ct_der_take(&extension.body, CT_OCTET_STRING, &value))
			continue;
		if (CT_OID_IS(&oid.body, "\x55\x1d\x11"))
			ct_alt_names_read(&value.body, facts);
		else if (CT_OID_IS(&oid.body, "\x55\x1d\x13"))
			basic_constraints_read(value.body, facts);
	}
}

static bool same_bytes(const struct ct_der *a, const struct ct_der *b)
{
	return a->left == b->left && memcmp(a->at, b->at, a->left) == 0;
}

bool ct_facts_read(const uint8_t *der, size_t der_len, struct ct_facts *facts)
{
	struct cert_parts parts = {0};

	memset(facts, 0, sizeof(*facts));
	if (der_len == 0 || der_len > DER_MAX)
		return fail(facts, "no certificate of at most 1 MB");
	(void)wc_Sha256Hash(der, (word32)der_len, facts->sha256);
	(void)wc_ShaHash(der, (word32)der_len, facts->sha1);
	if (!parts_read(der, der_len, &parts, facts) || !serial_read(&parts.serial.body, facts))
		return false;
	ct_name_read(&parts.subject.body, facts->subject_dn, CT_DN_MAX, facts->subject_cn,
		sizeof(facts->subject_cn));
	ct_name_read(&parts.issuer.body, facts->issuer_dn, CT_DN_MAX, facts->issuer_cn,
		sizeof(facts->issuer_cn));
	validity_read(parts.validity.body, facts);
	ct_key_read(&parts.spki.body, facts);
	(void)wc_Sha256Hash(parts.spki.whole.at, (word32)parts.spki.whole.left, facts->spki_sha256);
	(void)ct_signature_read(&parts.signature_algorithm.body, facts);
	extensions_read(parts.extensions, facts);
	facts->self_issued = same_bytes(&parts.issuer.whole, &parts.subject.whole);
	facts->self_signed = facts->self_issued ? CT_SELF_SIGNED_UNKNOWN : CT_SELF_SIGNED_NO;
	facts->parsed = true;
	return true;
}

bool ct_facts_verify(const uint8_t *der, size_t der_len, struct ct_facts *facts)
{
	struct cert_parts parts = {0};
	struct ct_facts unused;
	struct ct_signature how;
	struct ct_der signature;

	if (!facts->parsed || facts->self_signed != CT_SELF_SIGNED_UNKNOWN ||
		facts->exponent_bits > CT_EXPONENT_BITS_MAX ||
		!parts_read(der, der_len, &parts, &unused))
		return false;
	signature = parts.signature.body;
	facts->self_signed = CT_SELF_SIGNED_NO;
	if (signature.left < 2)
		return false;
	signature.at++; /* the count of unused bits */
	signature.left--;
	how = ct_signature_read(&parts.signature_algorithm.body, &unused);
	if (ct_signature_verify(&how, &parts.tbs.whole, &signature, &parts.spki.whole))
		facts->self_signed = CT_SELF_SIGNED_YES;
	return true;
}
