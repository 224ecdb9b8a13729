/* SPDX-License-Identifier: BSD-3-Clause */
/* What a TLS session found out, as ZGrab2's TLS log with added keys. */
#pragma once

#include "json_cert.h"
#include "tls/session/session.h"

/**
 * Write the elements of a TLS log: "handshake_log", "ja3s", "handshake_completed_successfully", and
 * those that ZGrab2 does not have.
 * @param js       out: an object is open
 * @param tls      in: borrowed for the call
 * @param certs    in: where certificates go
 * @param seen_us  in: wall clock, µs since 1970, for certificates that are met the first time
 */
void js_tls_elements(struct js_buf *js, const struct tl_result *tls,
	const struct js_cert_sink *certs, uint64_t seen_us);

/** Write the same as an object of its own, under key. */
void js_tls_log(struct js_buf *js, const char *key, const struct tl_result *tls,
	const struct js_cert_sink *certs, uint64_t seen_us);
