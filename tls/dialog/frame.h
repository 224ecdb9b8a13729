/* SPDX-License-Identifier: BSD-3-Clause */
/* Cutting a byte stream into lines, IMAP lines with literals, or XML tags and texts, in talk->line.
 */
#pragma once

#include "turn.h"

/** Whether the byte ends what talk->line holds, so that it is to be delivered before the byte is
 * taken. */
bool dl_frame_ends_before(const struct dl_talk *talk, enum dl_framing framing, char byte);

/** Take one byte; true when talk->line now holds a whole line, tag or text. Beyond DL_LINE_CAP it
 * is cut. */
bool dl_frame_take(struct dl_talk *talk, enum dl_framing framing, char byte);

/** Begin the next one. */
void dl_frame_reset(struct dl_talk *talk);
