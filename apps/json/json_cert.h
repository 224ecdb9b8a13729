/* SPDX-License-Identifier: BSD-3-Clause */
/* Certificate facts as ZGrab2's "parsed" object. */
#pragma once

#include "json.h"
#include "tls/cert/facts.h"

/* One certificate of a record, on its way into the JSON. */
struct js_cert {
	const uint8_t *der; /* borrowed; may be NULL if der_len is 0 */
	size_t der_len;	    /* bytes */
	bool is_leaf;	    /* the server's own, not one of its issuers */
	uint64_t seen_us;   /* wall clock, microseconds since 1970, for "first_seen" */
};

/*
 * Where the certificates of a record go. The JSON of a record does not know who keeps them: it asks
 * the sink for one object for each certificate. output/cert_store.h is the sink of a scan.
 */
struct js_cert_sink {
	/* Write the object for one certificate. key: NULL inside an array. cert: borrowed for the
	 * call. When memory runs out, js->failed is set. */
	void (*put)(void *ctx, struct js_buf *js, const char *key, const struct js_cert *cert);
	void *ctx; /* handed to put() as it is; outlives the sink */
};

/** False for DER too large to be hashed; the caller has zeroed facts->sha256 before
 * ct_facts_read(). */
bool js_cert_has_sha256(const struct ct_facts *facts);

/**
 * Elements of a certificate object: "raw", then "parsed", or "fingerprint_sha256" and "parse_error"
 * when the DER could not be read (the error alone when it could not even be hashed).
 * @param der  in: the bytes the facts were read from
 * @param facts in
 */
void js_cert_elements(
	struct js_buf *js, const uint8_t *der, size_t der_len, const struct ct_facts *facts);

/** The "parsed" object alone; facts->parsed must be true. */
void js_cert_parsed(struct js_buf *js, const char *key, const struct ct_facts *facts);
