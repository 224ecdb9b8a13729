/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is generated from the tables of commands and options: the man page, the completions of
 * shells, the tables in docs/. A program of the build; it is no part of tlsweep. Main thread;
 * errors of a stream are the caller's.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

/** Write tlsweep(1). */
void pages_man(FILE *out);

/** Write the completion for bash, for its folder completions/. */
void pages_bash(FILE *out);

/** Write the completion for zsh, for a folder that fpath names. */
void pages_zsh(FILE *out);

/**
 * Copy a page of docs/ and replace its tables. A table stands between the lines
 * `<!-- generated: NAME -->` and `<!-- end -->`.
 * @param in    in: the old page
 * @param out   in: the stream that the new page is written to
 * @param name  in: the page's name, for messages on standard error
 * @return false: a table is unknown or has no end
 */
bool pages_markdown(FILE *in, FILE *out, const char *name);
