/* SPDX-License-Identifier: BSD-3-Clause */
/* Text in lines that fit a terminal. Pure but for the stream; any thread. */
#pragma once

#include <stdio.h>

#define UT_WRAP_WIDTH 80 /* columns of a terminal */

/**
 * Print a text, broken at spaces so that no line is wider than UT_WRAP_WIDTH columns. A sequence
 * without spaces that fits on no line is broken after its commas. '\n' in the text ends a line.
 * @param out     where it is printed
 * @param text    in: without tabs
 * @param column  in: where the first line begins: that much is printed already
 * @param indent  in: where all further lines begin
 */
void ut_wrap(FILE *out, const char *text, int column, int indent);
