/* SPDX-License-Identifier: BSD-3-Clause */
/* What a dialog keeps of what the server said: raw text of each phase, and parsed tokens. What does
 * not fit is cut. */
#pragma once

#include "state.h"
#include "words.h"

/**
 * Append raw text to a phase.
 * A phase's text is one span. So if text of another phase has followed, further text of this phase
 * is appended to the newest phase instead. Text beyond DL_TEXT_CAP of the phase or DL_RAW_CAP of
 * the dialog is cut, and dialog->raw_truncated is set.
 */
void dl_text_add(struct dl_dialog *dialog, enum dl_text phase, const char *bytes, size_t len);

/** Append a token as it was sent. Empty tokens are left out. If the token has more than 255 bytes
 * or the store is full, items_truncated is set. */
void dl_item_add(struct dl_dialog *dialog, enum dl_list list, struct dl_word token);

/** The same, unless the list has the token already. */
void dl_item_add_once(struct dl_dialog *dialog, enum dl_list list, struct dl_word token);

/** Append "name=value". */
void dl_item_add_pair(
	struct dl_dialog *dialog, enum dl_list list, const char *name, struct dl_word value);

/** Append a capability as it was sent to the list of the dialog's phase. */
void dl_cap_add(struct dl_dialog *dialog, struct dl_word cap);

/** The same, unless the list has it already. */
void dl_cap_add_once(struct dl_dialog *dialog, struct dl_word cap);

/** Append an authentication mechanism, upper-cased and once, to the list of the dialog's phase. */
void dl_auth_add(struct dl_dialog *dialog, struct dl_word mechanism);

/** Append all mechanisms of a line, which are separated by the stop bytes. */
void dl_auth_add_all(struct dl_dialog *dialog, struct dl_word mechanisms, const char *stop);
