/* SPDX-License-Identifier: BSD-3-Clause */
/* What a talk keeps of what it heard: raw text by phase, and parsed tokens. Both are cut, never
 * overrun. */
#pragma once

#include "dialog.h"
#include "words.h"

/**
 * Append raw text to a phase.
 * A phase's text is one span, so text of a phase that others have followed joins the newest phase
 * instead. Beyond DL_TEXT_CAP of the phase or DL_RAW_CAP of the talk it is cut and
 * talk->raw_truncated set.
 */
void dl_text_add(struct dl_talk *talk, enum dl_text phase, const char *bytes, size_t len);

/** Append a token as sent. Empty tokens are left out; more than 255 bytes or a full store set
 * items_truncated. */
void dl_item_add(struct dl_talk *talk, enum dl_list list, struct dl_word token);

/** The same unless the list has the token already. */
void dl_item_add_once(struct dl_talk *talk, enum dl_list list, struct dl_word token);

/** Append "name=value". */
void dl_item_add_pair(
	struct dl_talk *talk, enum dl_list list, const char *name, struct dl_word value);

/** A capability as sent, into the list of the phase the talk is in. */
void dl_cap_add(struct dl_talk *talk, struct dl_word cap);

/** The same unless the list has it already. */
void dl_cap_add_once(struct dl_talk *talk, struct dl_word cap);

/** An authentication mechanism, upper-cased, once, into the list of the phase the talk is in. */
void dl_auth_add(struct dl_talk *talk, struct dl_word mechanism);

/** All mechanisms of a line, separated by the stop bytes. */
void dl_auth_add_all(struct dl_talk *talk, struct dl_word mechanisms, const char *stop);
