/* SPDX-License-Identifier: BSD-3-Clause */
/* What a dialog found out, with the keys of ZGrab2's modules. Any thread. */
#pragma once

#include "json.h"
#include "tls/dialog/dialog.h"

/**
 * The name of a protocol's module, which is the key under "data": smtp, imap, pop3, irc, xmpp, http
 * or tls.
 * @param proto  in: below DL_N_PROTO
 * @return a constant
 */
const char *js_dialog_module(enum dl_proto proto);

/**
 * Write the elements of a mail, IRC or XMPP dialog: raw replies, parsed lists, and what the server
 * offered.
 * @param js      out: an object is open
 * @param dialog  in: proto is neither DL_HTTP nor DL_TLS
 */
void js_dialog_elements(struct js_buf *js, const struct dl_dialog *dialog);

/**
 * Write the elements that are the same for every protocol: class, code, times, truncations.
 * @param js      out: an object is open
 * @param dialog  in: of any protocol
 */
void js_dialog_common(struct js_buf *js, const struct dl_dialog *dialog);
