/* SPDX-License-Identifier: BSD-3-Clause */
/* Pieces of a line, borrowed: cut, compare, walk. Case is ignored. ASCII only, in any locale. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DL_HOST_MAX 255

struct dl_word {
	const char *at;
	size_t len;
};

/** Upper-case one ASCII letter; other bytes stay. */
char dl_upper(char c);

bool dl_is_digit(char c);
bool dl_is_alpha(char c);

/** Is the word this text? Case is ignored. */
bool dl_word_is(struct dl_word word, const char *text);

/** Does the word begin with this text? Case is ignored. */
bool dl_word_begins(struct dl_word word, const char *text);

/** Does the text occur in the word? Case is ignored. */
bool dl_word_has(struct dl_word word, const char *text);

/** The word without its first n bytes; empty if it is shorter. */
struct dl_word dl_word_skip(struct dl_word word, size_t n);

/** The word without leading and trailing spaces, tabs, CR and LF. */
struct dl_word dl_word_trim(struct dl_word word);

/**
 * Take the next token off the front of a line.
 * @param line  in/out: on return what follows the token
 * @param stop  in: bytes that end a token; runs of them count as one
 * @return the token, of length 0 at the end of the line
 */
struct dl_word dl_word_next(struct dl_word *line, const char *stop);

/** What is between the first open and the next close byte; length 0 if there is no such pair. */
struct dl_word dl_word_between(struct dl_word word, char open, char close);

/** The three digits at the front as a number, or -1 if there are none. */
int dl_word_code(struct dl_word word);

/** May the word go into an XML attribute or an HTTP header unchanged, as a host name or address? */
bool dl_word_is_host(struct dl_word word);
