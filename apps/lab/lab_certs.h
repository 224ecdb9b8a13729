/* SPDX-License-Identifier: BSD-3-Clause */
/* The lab's certificates and keys, as gen-certs.sh made them for this build. */
#pragma once

#include "lab_world.h"

struct lab_blob {
	const uint8_t *bytes; /* DER */
	size_t len;
};

struct lab_identity {
	struct lab_blob leaf, key; /* key: PKCS #8 */
	bool has_issuer;	   /* lab_issuer is sent with the leaf */
};

/* The intermediate certificate. */
extern const struct lab_blob lab_issuer;

/**
 * The certificate and key of a host. Constant data; any thread.
 * @param cert  in: below LAB_N_CERT
 * @param rsa   in: RSA-2048, else P-256
 */
const struct lab_identity *lab_identity_of(enum lab_cert cert, bool rsa);

/**
 * The certificate of the lab's CA, for tests that verify. Constant data; any thread.
 * @param len  out: bytes
 * @return DER
 */
const uint8_t *lab_ca_der(size_t *len);

/**
 * The certificate that a host sends first. Constant data, made anew for each build; any thread.
 * @param cert  in: below LAB_N_CERT
 * @param rsa   in: RSA-2048, else P-256
 * @param len   out: bytes
 * @return DER
 */
const uint8_t *lab_leaf_der(enum lab_cert cert, bool rsa, size_t *len);
