/* SPDX-License-Identifier: BSD-3-Clause */
/* Certificate facts as ZGrab2's "parsed" object. */
#pragma once

#include "json.h"
#include "tls/cert/facts.h"

/** False for DER too large to be hashed; the caller has zeroed facts->sha256 before
 * ct_facts_read(). */
bool jc_has_sha256(const struct ct_facts *facts);

/**
 * Elements of a certificate object: "raw", then "parsed", or "fingerprint_sha256" and "parse_error"
 * when the DER could not be read (the error alone when it could not even be hashed).
 * @param der  in: the bytes the facts were read from
 * @param facts in
 */
void jc_elements(
	struct js_buf *js, const uint8_t *der, size_t der_len, const struct ct_facts *facts);

/** The "parsed" object alone; facts->parsed must be true. */
void jc_parsed(struct js_buf *js, const char *key, const struct ct_facts *facts);
