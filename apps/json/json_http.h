/* SPDX-License-Identifier: BSD-3-Clause */
/* The HTTP exchange of a dialog, as ZGrab2's http module writes it. Any thread. */
#pragma once

#include "json_tls.h"
#include "tls/dialog/dialog.h"
#include "tls/session/session.h"

/**
 * The "response" object; the TLS log hangs at response.request.tls_log.
 * @param dialog  in: NULL when the dialog never began
 * @param tls   in: NULL when no session was started
 * @param addr  in: the target as text, for the URL when no name is known
 * @param form  in: what was asked, and where certificates go
 */
void js_http_response(struct js_buf *js, const struct dl_dialog *dialog,
	const struct tl_result *tls, const char *addr, const struct js_tls_form *form);
