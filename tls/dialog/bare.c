/* SPDX-License-Identifier: BSD-3-Clause */
/* TLS and nothing more. */
#include "turn.h"

static void bare_begin(struct dl_turn *turn)
{
	dl_succeed(turn);
}

static void bare_line(struct dl_turn *turn, struct dl_word line)
{
}

const struct dl_ops dl_bare_ops = {
	.framing = DL_FRAME_LINES,
	.first_bytes = "",
	.begin = bare_begin,
	.line = bare_line,
};
