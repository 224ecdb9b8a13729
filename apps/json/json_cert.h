/* SPDX-License-Identifier: BSD-3-Clause */
/* Certificate facts as ZGrab2's "parsed" object. */
#pragma once

#include "json.h"
#include "tls/cert/facts.h"

/* One certificate of a record that is being written. */
struct js_cert {
	const uint8_t *der; /* DER, borrowed; may be NULL if der_len is 0 */
	size_t der_len;	    /* bytes */
	bool is_leaf;	    /* the server's own, not one of its issuers */
	uint64_t seen_us;   /* wall clock, microseconds since 1970, for "first_seen" */
};

/*
 * Where the certificates of a record go. The JSON of a record does not know who keeps them: it asks
 * the sink for one object for each certificate. output/cert_store.h is the sink of a scan.
 */
struct js_cert_sink {
	/* Write the object for one certificate under key, NULL inside an array. cert is borrowed
	 * for the call. If memory runs out, js->failed is set. */
	void (*put)(void *ctx, struct js_buf *js, const char *key, const struct js_cert *cert);
	void *ctx; /* the first argument of put(); outlives the sink */
};

/**
 * Does a certificate have its SHA-256? One whose DER is too large is not hashed.
 * @param facts  in: the caller has zeroed its sha256 before ct_facts_read()
 */
bool js_cert_has_sha256(const struct ct_facts *facts);

/**
 * Write the elements of a certificate object: "raw", then "parsed". If the DER could not be parsed,
 * "fingerprint_sha256" (if there is one) and "parse_error" stand in place of "parsed".
 * @param js            out: an object is open
 * @param der, der_len  in: the bytes that the facts were read from
 * @param facts         in: what ct_facts_read() has found out
 */
void js_cert_elements(
	struct js_buf *js, const uint8_t *der, size_t der_len, const struct ct_facts *facts);

/**
 * Write the "parsed" object alone.
 * @param js     out: the object is added to it
 * @param key    in: its name, or NULL
 * @param facts  in: parsed is true
 */
void js_cert_parsed(struct js_buf *js, const char *key, const struct ct_facts *facts);
