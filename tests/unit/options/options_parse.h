/* SPDX-License-Identifier: BSD-3-Clause */
/* A line of words into the options it stands for; for tests. */
#pragma once

#include "apps/options/options_targets.h"
#include "apps/options/parse.h"

#include "tap.h"

#define MAX_WORDS 64

static struct op_options options;
static char message[512];

/* Parse a line of words separated by spaces; '_' inside a word stands for a space. */
static inline enum op_parse parse(const char *line)
{
	static char copy[2048];
	char *words[MAX_WORDS + 1] = {(char[]){"scan"}}, *save = NULL;
	int n = 1;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *word = strtok_r(copy, " ", &save); word != NULL && n < MAX_WORDS;
		word = strtok_r(NULL, " ", &save)) {
		for (char *c = word; *c != '\0'; c++)
			*c = *c == '_' ? ' ' : *c;
		words[n++] = word;
	}
	op_options_free(&options);
	message[0] = '\0';
	return op_options_parse(n, words, &options, message, sizeof(message));
}

#define BASE "-i eth1 -p smtp 192.0.2.0/24 "

static inline void refuses(const char *line, const char *want, const char *label)
{
	enum op_parse verdict = parse(line);
	char shown[256];

	/* A label is one line, whatever is refused. */
	snprintf(shown, sizeof(shown), "%s", line);
	for (char *c = shown; *c != '\0'; c++)
		*c = *c == '\n' || *c == '\r' ? '?' : *c;
	if (!tap_ok(verdict == OP_PARSE_ERROR && strstr(message, want) != NULL,
		    "scan %s: refused with \"%s\" (%s)", shown, want, label))
		printf("# verdict %d: %s\n", verdict, message);
}
