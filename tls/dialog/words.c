/* SPDX-License-Identifier: BSD-3-Clause */
#include "words.h"

#include <string.h>

char dl_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool dl_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool dl_is_alpha(char c)
{
	return dl_upper(c) >= 'A' && dl_upper(c) <= 'Z';
}

bool dl_word_begins(struct dl_word word, const char *text)
{
	size_t len = strlen(text);

	if (word.len < len)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (dl_upper(word.at[i]) != dl_upper(text[i]))
			return false;
	}
	return true;
}

bool dl_word_is(struct dl_word word, const char *text)
{
	return word.len == strlen(text) && dl_word_begins(word, text);
}

bool dl_word_has(struct dl_word word, const char *text)
{
	for (; word.len > 0; word = dl_word_skip(word, 1)) {
		if (dl_word_begins(word, text))
			return true;
	}
	return false;
}

struct dl_word dl_word_skip(struct dl_word word, size_t n)
{
	if (n > word.len)
		n = word.len;
	return (struct dl_word){word.at + n, word.len - n};
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct dl_word dl_word_trim(struct dl_word word)
{
	while (word.len > 0 && is_space(word.at[0]))
		word = dl_word_skip(word, 1);
	while (word.len > 0 && is_space(word.at[word.len - 1]))
		word.len--;
	return word;
}

static bool is_in(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

struct dl_word dl_word_next(struct dl_word *line, const char *stop)
{
	struct dl_word token;

	while (line->len > 0 && is_in(line->at[0], stop))
		*line = dl_word_skip(*line, 1);
	token = (struct dl_word){line->at, 0};
	while (token.len < line->len && !is_in(line->at[token.len], stop))
		token.len++;
	*line = dl_word_skip(*line, token.len);
	return token;
}

struct dl_word dl_word_between(struct dl_word word, char open, char close)
{
	const char *first = word.len > 0 ? memchr(word.at, open, word.len) : NULL;
	const char *last;

	if (first == NULL)
		return (struct dl_word){word.at, 0};
	word = dl_word_skip(word, (size_t)(first + 1 - word.at));
	last = word.len > 0 ? memchr(word.at, close, word.len) : NULL;
	return (struct dl_word){word.at, last == NULL ? 0 : (size_t)(last - word.at)};
}

int dl_word_code(struct dl_word word)
{
	if (word.len < 3 || !dl_is_digit(word.at[0]) || !dl_is_digit(word.at[1]) ||
		!dl_is_digit(word.at[2]))
		return -1;
	return (word.at[0] - '0') * 100 + (word.at[1] - '0') * 10 + (word.at[2] - '0');
}

bool dl_word_is_host(struct dl_word word)
{
	if (word.len == 0 || word.len > DL_HOST_MAX)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (!dl_is_alpha(word.at[i]) && !dl_is_digit(word.at[i]) &&
			!is_in(word.at[i], "-._:"))
			return false;
	}
	return true;
}
