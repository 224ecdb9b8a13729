/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is generated from the tables of commands and options: the man page, the completions of
 * shells, the tables in docs/. A program of the build; no part of tlsweep.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

/** Write tlsweep(1). */
void pages_man(FILE *out);

/** Write the completion for bash, for its folder completions/. */
void pages_bash(FILE *out);

/** Write the completion for zsh, for a folder of fpath. */
void pages_zsh(FILE *out);

/**
 * Copy a page of docs/ with its tables made anew. A table stands between the lines
 * `<!-- generated: NAME -->` and `<!-- end -->`.
 * @param in, out  the page as it is, and as it shall be
 * @param name     in: the page's, for messages on standard error
 * @return false: a table is unknown or has no end
 */
bool pages_markdown(FILE *in, FILE *out, const char *name);
