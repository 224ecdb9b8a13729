/* SPDX-License-Identifier: BSD-3-Clause */
/* The HTTP exchange of a dialog, as ZGrab2's http module writes it. Any thread. */
#pragma once

#include "json_tls.h"
#include "tls/dialog/dialog.h"
#include "tls/session/session.h"

/**
 * Write the "response" object. The TLS log is its element request.tls_log.
 * @param js      out: an object is open
 * @param dialog  in: NULL: the dialog never began
 * @param tls     in: NULL: no session was started
 * @param addr    in: the target's name or address, for the URL if the dialog has no host name
 * @param form    in: what was asked, and where certificates go
 */
void js_http_response(struct js_buf *js, const struct dl_dialog *dialog,
	const struct tl_result *tls, const char *addr, const struct js_tls_form *form);
