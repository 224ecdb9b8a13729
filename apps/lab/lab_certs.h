/* SPDX-License-Identifier: BSD-3-Clause */
/* The lab's certificates and keys, as gen-certs.sh made them for this build. */
#pragma once

#include "lab.h"

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
const struct lab_identity *lab_identity(enum lab_cert cert, bool rsa);
