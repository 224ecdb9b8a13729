/* SPDX-License-Identifier: BSD-3-Clause */
/* The lab's certificates and keys, as gen-certs.sh made them for this build. */
#pragma once

#include "lab_world.h"

struct lab_blob {
	const uint8_t *bytes; /* DER */
	size_t len;
};

struct lab_identity {
	struct lab_blob leaf, key; /* the key as PKCS #8 */
	bool has_issuer;	   /* lab_issuer is sent along */
};

extern const struct lab_blob lab_issuer;

/** Constant data. */
const struct lab_identity *lab_identity_of(enum lab_cert cert, bool rsa);

/** The lab CA's certificate, DER, for verifying tests. Constant data. */
const uint8_t *lab_ca_der(size_t *len);

/** The certificate a host presents first, DER. Constant data, made anew with each build. */
const uint8_t *lab_leaf_der(enum lab_cert cert, bool rsa, size_t *len);
