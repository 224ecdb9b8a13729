/* SPDX-License-Identifier: BSD-3-Clause */
/* The essentials of one X.509 certificate, read from DER that may be wrong or hostile. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CT_DN_MAX      512
#define CT_SERIAL_MAX  40 /* bytes; RFC 5280 allows 20 */
#define CT_NAMES_MAX   64 /* SAN entries kept */
#define CT_NAMES_BYTES 4096
#define CT_TIME_MAX    24
/* A larger RSA exponent only makes other people work: it is reported, not used. */
#define CT_EXPONENT_BITS_MAX 64

struct ct_name {
	enum ct_name_kind { CT_NAME_DNS, CT_NAME_IP, CT_NAME_EMAIL, CT_NAME_URI } kind;
	uint16_t off, len; /* text in names_text, IP addresses already as text */
};

struct ct_facts {
	uint8_t sha256[32], sha1[20];
	bool parsed; /* false: everything below is unset and error says why */
	char error[64];
	uint8_t version;				  /* 1..3 */
	char subject_dn[CT_DN_MAX], issuer_dn[CT_DN_MAX]; /* "C=.., O=.., CN=.." as ZGrab2 prints,
							     valid UTF-8, cut to size */
	char subject_cn[128], issuer_cn[128];
	uint8_t serial[CT_SERIAL_MAX]; /* big endian magnitude */
	uint8_t serial_len;
	bool serial_negative;
	char not_before[CT_TIME_MAX], not_after[CT_TIME_MAX]; /* RFC 3339 UTC, "" when unreadable */
	int64_t not_before_unix, not_after_unix;
	char key_algorithm[16]; /* "RSA", "ECDSA", "Ed25519", "Ed448", "DSA", "unknown" */
	uint16_t key_bits;
	uint16_t exponent_bits;	      /* RSA, else 0 */
	uint64_t exponent;	      /* RSA, if it fits; else 0 */
	char curve[24];		      /* EC keys: "P-256" ..., else "" */
	char signature_algorithm[32]; /* "SHA256-RSA", "ECDSA-SHA256", ... as ZGrab2; else the
					 dotted OID */
	char signature_oid[32];
	uint8_t spki_sha256[32];
	bool is_ca, has_basic_constraints;
	bool self_issued; /* subject equals issuer, byte for byte */
	/* Self-issued, and the signature verifies under its own key. */
	enum ct_self_signed {
		CT_SELF_SIGNED_NO,
		CT_SELF_SIGNED_YES,
		CT_SELF_SIGNED_UNKNOWN, /* self-issued, not verified: see ct_facts_verify() */
	} self_signed;
	uint16_t n_names;
	bool names_truncated;
	struct ct_name names[CT_NAMES_MAX];
	uint16_t names_len;
	char names_text[CT_NAMES_BYTES];
};

/**
 * Read a certificate (RFC 5280 4.1).
 * @param der      in: borrowed for the call
 * @param der_len  in: bytes; more than 1 MB are refused, and the hashes stay unset
 * @param facts    out: sha256 and sha1 always; the rest if facts->parsed is set
 * @return true if it was parsed
 * Any thread. The work depends on der_len alone: there is no public-key operation.
 */
bool ct_facts_read(const uint8_t *der, size_t der_len, struct ct_facts *facts);

/**
 * Find out whether a self-issued certificate is signed by its own key: one public-key operation.
 * @param der      in: the certificate that facts were read from; borrowed for the call
 * @param der_len  in: bytes
 * @param facts    in/out: self_signed is set if it is CT_SELF_SIGNED_UNKNOWN
 * @return true if an operation was made. false: there is nothing to find out, or the key's exponent
 *         is larger than CT_EXPONENT_BITS_MAX
 * Any thread; may take milliseconds.
 */
bool ct_facts_verify(const uint8_t *der, size_t der_len, struct ct_facts *facts);
