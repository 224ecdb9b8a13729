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
	struct dl_word attrs; /* what follows the name; of text: all of it */
};

/** Read what the XML framing delivered. It never fails: what is not a tag is text. */
struct dl_tag dl_tag_read(struct dl_word piece);

/**
 * The value of an attribute as it stands between the quotes; entities are not decoded.
 * @param tag    in: of dl_tag_read()
 * @param name   in: full name, with its prefix if it has one ("xml:lang")
 * @param value  out: borrowed from the tag; length 0 if the attribute is empty
 * @return false if the tag has no such attribute
 */
bool dl_tag_attr(const struct dl_tag *tag, const char *name, struct dl_word *value);
