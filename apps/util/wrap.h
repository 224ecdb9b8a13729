/* SPDX-License-Identifier: BSD-3-Clause */
/* Text in lines that fit a terminal. Pure but for the stream; any thread. */
#pragma once

#include <stdio.h>

#define UT_WRAP_WIDTH 80 /* columns of a terminal */

/**
 * Print a text, broken at spaces so that no line is wider than UT_WRAP_WIDTH columns. A sequence
 * without spaces that fits on no line is broken after its commas. '\n' in the text ends a line.
 * @param out     in: the stream that it is printed to
 * @param text    in: NUL-terminated, without tabs
 * @param column  in: the column at which the first line begins; the caller has printed that much
 * @param indent  in: the column at which all further lines begin
 */
void ut_wrap(FILE *out, const char *text, int column, int indent);
