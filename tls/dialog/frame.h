/* SPDX-License-Identifier: BSD-3-Clause */
/* Cutting a byte stream into lines, IMAP lines with literals, or XML tags and texts, in dialog->line.
 */
#pragma once

#include "turn.h"

/** Does the byte end what dialog->line holds? Then deliver the line before you take the byte. */
bool dl_frame_ends_before(const struct dl_dialog *dialog, enum dl_framing framing, char byte);

/** Take one byte. @return true if dialog->line now holds a whole line, tag or text. What exceeds
 * DL_LINE_CAP is cut. */
bool dl_frame_take(struct dl_dialog *dialog, enum dl_framing framing, char byte);

/** Begin the next line, tag or text. */
void dl_frame_reset(struct dl_dialog *dialog);
