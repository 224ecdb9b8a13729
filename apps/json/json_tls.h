/* SPDX-License-Identifier: BSD-3-Clause */
/* What a TLS session found out, as ZGrab2's TLS log with added keys. */
#pragma once

#include "json_cert.h"
#include "tls/session/session.h"

/* What a scan asks of every target, as its records say it. The texts outlive the records. */
struct js_asked {
	const char *http_method, *http_path, *user_agent;
	bool full_client_hello; /* write the lists of the ClientHello that was sent, too */
};

/* What the JSON of a TLS log needs besides the log. */
struct js_tls_form {
	const struct js_asked *asked;
	const struct js_cert_sink *certs; /* where certificates go */
	uint64_t seen_us;		  /* wall clock, for certificates met the first time */
};

/**
 * Write the elements of a TLS log: "handshake_log", "ja3s", "handshake_completed_successfully", and
 * those that ZGrab2 does not have.
 * @param js    out: an object is open
 * @param tls   in: borrowed for the call
 * @param form  in: what was asked, and where certificates go; borrowed for the call
 */
void js_tls_elements(
	struct js_buf *js, const struct tl_result *tls, const struct js_tls_form *form);

/** Write the same as an object of its own, under key. */
void js_tls_log(struct js_buf *js, const char *key, const struct tl_result *tls,
	const struct js_tls_form *form);
