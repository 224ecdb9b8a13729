/* SPDX-License-Identifier: BSD-3-Clause */
/* The HTTP exchange of a dialog, as ZGrab2's http module writes it. Any thread. */
#pragma once

#include "json_cert.h"
#include "tls/dialog/dialog.h"
#include "tls/session/session.h"

/**
 * Write the "response" object. The TLS log is its element request.tls_log.
 * @param js       out: an object is open
 * @param dialog   in: NULL: the dialog never began
 * @param tls      in: NULL: no session was started
 * @param addr     in: the target's name or address, for the URL if the dialog has no host name
 * @param certs    in: where certificates go
 * @param seen_us  in: wall clock, µs since 1970, for certificates that are met the first time
 */
void js_http_response(struct js_buf *js, const struct dl_dialog *dialog,
	const struct tl_result *tls, const char *addr, const struct js_cert_sink *certs,
	uint64_t seen_us);
