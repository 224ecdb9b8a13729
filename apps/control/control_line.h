/* SPDX-License-Identifier: BSD-3-Clause */
/* What a line on the control socket asks for. Pure; any thread. */
#pragma once

#include <stddef.h>
#include <stdio.h>

/* Most bytes of a line without its newline. */
#define CTL_LINE_MAX 4096

enum ctl_verb {
	CTL_HELP,
	CTL_STATUS,
	CTL_RATE,
	CTL_BANDWIDTH,
	CTL_EXCLUDE,
	CTL_EXCLUDE_FILE,
	CTL_STOP,
	CTL_ABORT,
	CTL_CHECKPOINT,
	CTL_N_VERB
};

struct ctl_line {
	enum ctl_verb verb;
	double number;	      /* of rate: packets/s, of bandwidth: bits/s; 0: no limit */
	const char *argument; /* of exclude and exclude-file: points into the text */
};

/**
 * Parse one line strictly.
 * @param text          in/out: NUL-terminated; white space at its end is cut off. It must outlive
 *                      line.
 * @param line          out: complete on success
 * @param err, err_len  out: on failure a sentence, which does not begin with "error"
 * @return 0; -EINVAL: an unknown command, a wrong argument, or a control character
 */
int ctl_line_parse(char *text, struct ctl_line *line, char *err, size_t err_len);

/* A command as the user writes it. */
struct ctl_command {
	const char *name;
	const char *argument; /* what its argument is called; NULL: it takes none */
	const char *help;     /* what it does, for the list of commands */
	const char *doc;      /* the same in Markdown, for docs/ and the man page */
};

/** Command number i, from 0, in the order of enum ctl_verb; constant. NULL behind the last one. */
const struct ctl_command *ctl_command_at(size_t i);

/** Print a line for each command: what to write, and what it does. */
void ctl_line_help(FILE *out);
