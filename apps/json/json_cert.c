/* SPDX-License-Identifier: BSD-3-Clause */
#include "json_cert.h"

#include <stdlib.h>
#include <string.h>

/* Not every reader of JSON keeps larger integers exact. */
#define EXPONENT_NUMBER_BITS 53

struct slice {
	const char *text;
	size_t len;
};

static void put_common_name(struct js_buf *js, const char *key, const char *common_name)
{
	js_object(js, key);
	if (common_name[0] != '\0') {
		js_array(js, "common_name");
		js_str(js, NULL, common_name);
		js_end_array(js);
	}
	js_end_object(js);
}

static void put_signature_algorithm(struct js_buf *js, const struct ct_facts *facts)
{
	js_object(js, "signature_algorithm");
	js_str(js, "name", facts->signature_algorithm);
	if (facts->signature_oid[0] != '\0')
		js_str(js, "oid", facts->signature_oid);
	js_end_object(js);
}

static void put_validity(struct js_buf *js, const struct ct_facts *facts)
{
	bool whole = facts->not_before[0] != '\0' && facts->not_after[0] != '\0';

	js_object(js, "validity");
	if (facts->not_before[0] != '\0')
		js_str(js, "start", facts->not_before);
	if (facts->not_after[0] != '\0')
		js_str(js, "end", facts->not_after);
	if (whole)
		js_i64(js, "length", facts->not_after_unix - facts->not_before_unix);
	js_end_object(js);
}

static void put_key(struct js_buf *js, const struct ct_facts *facts)
{
	js_object(js, "subject_key_info");
	js_object(js, "key_algorithm");
	js_str(js, "name", facts->key_algorithm);
	js_end_object(js);
	if (strcmp(facts->key_algorithm, "RSA") == 0) {
		js_object(js, "rsa_public_key");
		if (facts->exponent_bits > 0 && facts->exponent_bits <= EXPONENT_NUMBER_BITS)
			js_u64(js, "exponent", facts->exponent);
		js_u64(js, "exponent_length", facts->exponent_bits);
		js_u64(js, "length", facts->key_bits);
		js_end_object(js);
	} else if (strcmp(facts->key_algorithm, "ECDSA") == 0) {
		js_object(js, "ecdsa_public_key");
		if (facts->curve[0] != '\0')
			js_str(js, "curve", facts->curve);
		js_u64(js, "length", facts->key_bits);
		js_end_object(js);
	} else if (facts->key_bits != 0) {
		js_u64(js, "length", facts->key_bits);
	}
	js_hex(js, "fingerprint_sha256", facts->spki_sha256, sizeof(facts->spki_sha256));
	js_end_object(js);
}

static void put_alt_names(struct js_buf *js, const struct ct_facts *facts)
{
	static const char *const keys[] = {
		[CT_NAME_DNS] = "dns_names",
		[CT_NAME_IP] = "ip_addresses",
		[CT_NAME_EMAIL] = "email_addresses",
		[CT_NAME_URI] = "uniform_resource_identifiers",
	};

	js_object(js, "subject_alt_name");
	for (size_t kind = 0; kind < sizeof(keys) / sizeof(keys[0]); kind++) {
		bool begun = false;

		for (size_t i = 0; i < facts->n_names; i++) {
			const struct ct_name *name = &facts->names[i];

			if ((size_t)name->kind != kind)
				continue;
			if (!begun)
				js_array(js, keys[kind]);
			begun = true;
			js_text(js, NULL, facts->names_text + name->off, name->len);
		}
		if (begun)
			js_end_array(js);
	}
	if (facts->names_truncated)
		js_bool(js, "truncated", true);
	js_end_object(js);
}

static void put_extensions(struct js_buf *js, const struct ct_facts *facts)
{
	bool has_alt_names = facts->n_names > 0 || facts->names_truncated;

	if (!facts->has_basic_constraints && !has_alt_names)
		return;
	js_object(js, "extensions");
	if (facts->has_basic_constraints) {
		js_object(js, "basic_constraints");
		js_bool(js, "is_ca", facts->is_ca);
		js_end_object(js);
	}
	if (has_alt_names)
		put_alt_names(js, facts);
	js_end_object(js);
}

static int compare_slices(const void *left, const void *right)
{
	const struct slice *a = left, *b = right;
	int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

	return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

/* The hosts that a certificate names, as ZGrab2's "names": common name, DNS names and addresses,
 * sorted, each once. */
static void put_names(struct js_buf *js, const struct ct_facts *facts)
{
	struct slice names[CT_NAMES_MAX + 1];
	size_t n = 0;

	/* A common name with a dot and without a space is a host name: "mx.example.org", not
	 * "Example CA". */
	if (strchr(facts->subject_cn, '.') != NULL && strchr(facts->subject_cn, ' ') == NULL)
		names[n++] = (struct slice){facts->subject_cn, strlen(facts->subject_cn)};
	for (size_t i = 0; i < facts->n_names; i++) {
		const struct ct_name *name = &facts->names[i];

		if (name->kind == CT_NAME_DNS || name->kind == CT_NAME_IP)
			names[n++] = (struct slice){facts->names_text + name->off, name->len};
	}
	if (n == 0)
		return;
	qsort(names, n, sizeof(names[0]), compare_slices);
	js_array(js, "names");
	for (size_t i = 0; i < n; i++)
		if (i == 0 || compare_slices(&names[i - 1], &names[i]) != 0)
			js_text(js, NULL, names[i].text, names[i].len);
	js_end_array(js);
}

void js_cert_parsed(struct js_buf *js, const char *key, const struct ct_facts *facts)
{
	js_object(js, key);
	js_u64(js, "version", facts->version);
	js_decimal(js, "serial_number", facts->serial, facts->serial_len, facts->serial_negative);
	put_signature_algorithm(js, facts);
	put_common_name(js, "issuer", facts->issuer_cn);
	js_str(js, "issuer_dn", facts->issuer_dn);
	put_validity(js, facts);
	put_common_name(js, "subject", facts->subject_cn);
	js_str(js, "subject_dn", facts->subject_dn);
	put_key(js, facts);
	put_extensions(js, facts);
	js_object(js, "signature");
	put_signature_algorithm(js, facts);
	if (facts->self_signed == CT_SELF_SIGNED_UNKNOWN)
		js_raw(js, "self_signed", "null", 4);
	else
		js_bool(js, "self_signed", facts->self_signed == CT_SELF_SIGNED_YES);
	js_end_object(js);
	js_bool(js, "self_issued", facts->self_issued);
	js_hex(js, "fingerprint_sha1", facts->sha1, sizeof(facts->sha1));
	js_hex(js, "fingerprint_sha256", facts->sha256, sizeof(facts->sha256));
	put_names(js, facts);
	js_end_object(js);
}

bool js_cert_has_sha256(const struct ct_facts *facts)
{
	static const uint8_t none[sizeof(facts->sha256)];

	return memcmp(facts->sha256, none, sizeof(none)) != 0;
}

void js_cert_elements(
	struct js_buf *js, const uint8_t *der, size_t der_len, const struct ct_facts *facts)
{
	js_base64(js, "raw", der, der_len);
	if (facts->parsed) {
		js_cert_parsed(js, "parsed", facts);
		return;
	}
	if (js_cert_has_sha256(facts))
		js_hex(js, "fingerprint_sha256", facts->sha256, sizeof(facts->sha256));
	js_str(js, "parse_error", facts->error);
}
