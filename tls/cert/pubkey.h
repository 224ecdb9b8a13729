/* SPDX-License-Identifier: BSD-3-Clause */
/* The kind and size of a certificate's public key: enough to know what using it would cost. */
#pragma once

#include "der.h"

#define CT_CURVE_MAX 24

enum ct_key_kind {
	CT_KEY_UNKNOWN,
	CT_KEY_RSA,
	CT_KEY_EC,
	CT_KEY_DSA,
	CT_KEY_ED25519,
	CT_KEY_ED448,
};

struct ct_key {
	enum ct_key_kind kind;
	uint16_t bits;		  /* of modulus, prime or field; 0: not known */
	uint16_t exponent_bits;	  /* RSA, else 0 */
	uint64_t exponent;	  /* RSA, if it fits; else 0 */
	char curve[CT_CURVE_MAX]; /* EC: "P-256" ..., a dotted OID, "" for explicit parameters */
};

/**
 * Read a SubjectPublicKeyInfo (RFC 5280 4.1.2.7).
 * @param spki  in: its body, borrowed for the call
 * @param key   out: kind CT_KEY_UNKNOWN if it cannot be read
 * Any thread.
 */
void ct_key_parse(const struct ct_der *spki, struct ct_key *key);

/**
 * Find and read the public key of a certificate (RFC 5280 4.1), whatever else is wrong with it.
 * @param der      in: borrowed for the call
 * @param der_len  in: bytes
 * @param key      out: kind CT_KEY_UNKNOWN if there is none
 * @return true if one was found
 * Any thread. About twelve elements are looked at.
 */
bool ct_key_of_cert(const uint8_t *der, size_t der_len, struct ct_key *key);
