/* SPDX-License-Identifier: BSD-3-Clause */
#include "xmltag.h"

#include <string.h>

#define SPACE " \t\r\n"

struct dl_tag dl_tag_read(struct dl_word piece)
{
	struct dl_tag tag = {.kind = DL_TAG_TEXT, .attrs = piece};
	const char *colon;

	if (piece.len == 0 || piece.at[0] != '<')
		return tag;
	piece = dl_word_skip(piece, 1);
	tag.kind = DL_TAG_OPEN;
	if (piece.len > 0 && piece.at[piece.len - 1] == '>')
		piece.len--;
	if (piece.len > 0 && (piece.at[0] == '?' || piece.at[0] == '!')) {
		tag.kind = DL_TAG_OTHER;
	} else if (piece.len > 0 && piece.at[0] == '/') {
		tag.kind = DL_TAG_CLOSE;
		piece = dl_word_skip(piece, 1);
	} else if (piece.len > 0 && piece.at[piece.len - 1] == '/') {
		tag.kind = DL_TAG_EMPTY;
		piece.len--;
	}
	tag.name = dl_word_next(&piece, SPACE);
	tag.attrs = piece;
	colon = tag.name.len > 0 ? memchr(tag.name.at, ':', tag.name.len) : NULL;
	if (colon != NULL)
		tag.name = dl_word_skip(tag.name, (size_t)(colon + 1 - tag.name.at));
	return tag;
}

/* Take name="value" off the front; false when what is left is no attribute. */
static bool next_attr(struct dl_word *attrs, struct dl_word *name, struct dl_word *value)
{
	const char *end;
	char quote;

	*name = dl_word_next(attrs, SPACE "=");
	while (attrs->len > 0 && strchr(SPACE "=", attrs->at[0]) != NULL && attrs->at[0] != '\0')
		*attrs = dl_word_skip(*attrs, 1);
	if (name->len == 0 || attrs->len == 0)
		return false;
	quote = attrs->at[0];
	if (quote != '\'' && quote != '"')
		return false;
	*attrs = dl_word_skip(*attrs, 1);
	end = attrs->len > 0 ? memchr(attrs->at, quote, attrs->len) : NULL;
	if (end == NULL)
		return false;
	*value = (struct dl_word){attrs->at, (size_t)(end - attrs->at)};
	*attrs = dl_word_skip(*attrs, value->len + 1);
	return true;
}

bool dl_tag_attr(const struct dl_tag *tag, const char *name, struct dl_word *value)
{
	struct dl_word attrs = tag->attrs, its_name;

	*value = (struct dl_word){tag->attrs.at, 0};
	while (next_attr(&attrs, &its_name, value)) {
		if (its_name.len == strlen(name) && memcmp(its_name.at, name, its_name.len) == 0)
			return true;
	}
	*value = (struct dl_word){tag->attrs.at, 0};
	return false;
}
