/* SPDX-License-Identifier: BSD-3-Clause */
/* Telling a plaintext TLS alert from text: RFC 5246 sections 6.2.1, 7.2; RFC 8446 section 6. */
#pragma once

#include "dialog.h"
#include "words.h"

#define DL_ALERT_LEN 7 /* five bytes of record header, level, description */

/** Whether the bytes begin like a record of type alert or handshake; two bytes tell. */
bool dl_tls_record_begins(struct dl_word bytes);

/** Whether the bytes are the beginning of a plaintext alert, or one with anything behind it. */
bool dl_alert_begins(struct dl_word bytes);

/**
 * Note the alert that the bytes begin with in the talk.
 * @return false, and nothing noted, when they do not begin with a whole one
 */
bool dl_alert_note(struct dl_talk *talk, struct dl_word bytes);
