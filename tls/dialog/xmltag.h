/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading one XML tag as XMPP streams have them: names without prefix, attributes, either quote. */
#pragma once

#include "words.h"

enum dl_tag_kind {
	DL_TAG_TEXT,  /* not a tag: character data */
	DL_TAG_OPEN,  /* <name ...> */
	DL_TAG_CLOSE, /* </name> */
	DL_TAG_EMPTY, /* <name .../> */
	DL_TAG_OTHER, /* declaration, comment, processing instruction */
};

struct dl_tag {
	enum dl_tag_kind kind;
	struct dl_word name;  /* local name, without prefix */
	struct dl_word attrs; /* what is behind the name; text: all of it */
};

/** Read what the XML framing delivered. Never fails: what is no tag is text. */
struct dl_tag dl_tag_read(struct dl_word piece);

/**
 * Value of an attribute as it stands between the quotes, entities left alone.
 * @param name   in: full name, with its prefix if it has one ("xml:lang")
 * @param value  out: length 0 when the attribute is empty
 * @return false when the tag has no such attribute
 */
bool dl_tag_attr(const struct dl_tag *tag, const char *name, struct dl_word *value);
