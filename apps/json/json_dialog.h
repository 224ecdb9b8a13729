/* SPDX-License-Identifier: BSD-3-Clause */
/* What a dialog found out, in the words of ZGrab2's modules. */
#pragma once

#include "json.h"
#include "tls/dialog/dialog.h"

/** The module's name, which is the key under "data": smtp, imap, pop3, irc, xmpp, http, tls. */
const char *js_dialog_module(enum dl_proto proto);

/**
 * Elements of the result of a mail, IRC or XMPP dialog: raw replies, parsed lists, what was
 * offered.
 * @param dialog  in: proto is neither DL_HTTP nor DL_TLS
 */
void js_dialog_elements(struct js_buf *js, const struct dl_dialog *dialog);

/** Class, code, times and truncations: the same for every protocol. */
void js_dialog_common(struct js_buf *js, const struct dl_dialog *dialog);
