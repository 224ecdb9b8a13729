/* SPDX-License-Identifier: BSD-3-Clause */
/* What a TLS session found out, as ZGrab2's TLS log with added keys. */
#pragma once

#include "json_cert.h"
#include "tls/session/session.h"

/**
 * Elements of the TLS log: "handshake_log", "ja3s", "handshake_completed_successfully" and ours.
 * @param tls    in
 * @param certs  in: where certificates go
 * @param seen_us in: wall clock, for certificates met the first time
 */
void js_tls_elements(struct js_buf *js, const struct tl_result *tls,
	const struct js_cert_sink *certs, uint64_t seen_us);

/** The same as an object of its own. */
void js_tls_log(struct js_buf *js, const char *key, const struct tl_result *tls,
	const struct js_cert_sink *certs, uint64_t seen_us);
