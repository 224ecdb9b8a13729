/* SPDX-License-Identifier: BSD-3-Clause */
/* Telling a plaintext TLS alert from text: RFC 5246 sections 6.2.1, 7.2; RFC 8446 section 6. */
#pragma once

#include "state.h"
#include "words.h"

#define DL_ALERT_LEN 7 /* five bytes of record header, level, description */

/** Do the bytes begin like a record of type alert or handshake? The first two bytes decide. */
bool dl_tls_record_begins(struct dl_word bytes);

/** Are the bytes the beginning of a plaintext alert, or a whole one, whatever follows it? */
bool dl_alert_begins(struct dl_word bytes);

/**
 * Note an alert in the dialog's findings.
 * @param dialog   in/out: alert_level and alert_code are set
 * @param bytes  in: borrowed; they begin with the alert
 * @return false if they do not begin with a whole alert; nothing is noted then
 */
bool dl_alert_note(struct dl_dialog *dialog, struct dl_word bytes);
