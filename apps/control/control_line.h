/* SPDX-License-Identifier: BSD-3-Clause */
/* What a line on the control socket asks for. Pure text; any thread. */
#pragma once

#include <stddef.h>
#include <stdio.h>

/* Longest line, its newline left out. */
#define CONTROL_LINE_MAX 4096

enum control_verb {
	CONTROL_HELP,
	CONTROL_STATUS,
	CONTROL_RATE,
	CONTROL_BANDWIDTH,
	CONTROL_EXCLUDE,
	CONTROL_EXCLUDE_FILE,
	CONTROL_STOP,
	CONTROL_ABORT,
	CONTROL_CHECKPOINT,
	CONTROL_N_VERB
};

struct control_line {
	enum control_verb verb;
	double number;	      /* of rate and bandwidth */
	const char *argument; /* of exclude and exclude-file: points into the text */
};

/**
 * Parse one line strictly.
 * @param text  in/out: NUL-terminated; white space at its end is cut off
 * @param line  out: written on success
 * @param err, err_len  out: on failure a sentence without "error"
 * @return 0 or -EINVAL
 */
int control_line_parse(char *text, struct control_line *line, char *err, size_t err_len);

/* A command as the user writes it. */
struct control_command {
	const char *name;
	const char *argument; /* what follows it; NULL: it takes none */
	const char *help;     /* what it does, for the list of commands */
	const char *doc;      /* the same in Markdown, for docs/ and the man page */
};

/** The i-th command; NULL behind the last. Constant. */
const struct control_command *control_command_at(size_t i);

/** One line for each command: what to write, and what it does. */
void control_line_help(FILE *out);
