/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "text.h"
#include "utf8.h"

#define REPLACEMENT 0xfffd

void ct_text_init(struct ct_text *text, char *out, size_t cap)
{
	*text = (struct ct_text){.out = out, .cap = cap};
	out[0] = '\0';
}

/* Append all of it or nothing, so that a cut never splits a character. */
static void add_bytes(struct ct_text *text, const char *bytes, size_t n)
{
	if (text->cut || n >= text->cap - text->len) {
		text->cut = true;
		return;
	}
	memcpy(text->out + text->len, bytes, n);
	text->len += n;
	text->out[text->len] = '\0';
}

void ct_text_add(struct ct_text *text, const char *ascii)
{
	add_bytes(text, ascii, strlen(ascii));
}

static void add_point(struct ct_text *text, uint32_t c, const char *escape)
{
	char utf8[4];

	if (c == 0 || (c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff)
		c = REPLACEMENT;
	if (c < 0x80) {
		utf8[0] = '\\';
		utf8[1] = (char)c;
		if (strchr(escape, (int)c) != NULL)
			add_bytes(text, utf8, 2);
		else
			add_bytes(text, utf8 + 1, 1);
	} else if (c < 0x800) {
		utf8[0] = (char)(0xc0 | c >> 6);
		utf8[1] = (char)(0x80 | (c & 0x3f));
		add_bytes(text, utf8, 2);
	} else if (c < 0x10000) {
		utf8[0] = (char)(0xe0 | c >> 12);
		utf8[1] = (char)(0x80 | (c >> 6 & 0x3f));
		utf8[2] = (char)(0x80 | (c & 0x3f));
		add_bytes(text, utf8, 3);
	} else {
		utf8[0] = (char)(0xf0 | c >> 18);
		utf8[1] = (char)(0x80 | (c >> 12 & 0x3f));
		utf8[2] = (char)(0x80 | (c >> 6 & 0x3f));
		utf8[3] = (char)(0x80 | (c & 0x3f));
		add_bytes(text, utf8, 4);
	}
}

static bool utf8_valid(const struct ct_der *value)
{
	size_t at = 0;
	uint32_t c;

	while (at < value->left) {
		size_t n = ct_utf8_next(value->at + at, value->left - at, &c);

		if (n == 0)
			return false;
		at += n;
	}
	return true;
}

void ct_text_add_string(
	struct ct_text *text, uint8_t tag, const struct ct_der *value, const char *escape)
{
	size_t at = 0;
	uint32_t c;

	if (tag == CT_BMP_STRING) {
		for (; at + 2 <= value->left && !text->cut; at += 2)
			add_point(text, (uint32_t)value->at[at] << 8 | value->at[at + 1], escape);
		return;
	}
	if (tag == CT_T61_STRING || !utf8_valid(value)) {
		for (; at < value->left && !text->cut; at++)
			add_point(text, value->at[at], escape);
		return;
	}
	while (at < value->left && !text->cut) {
		at += ct_utf8_next(value->at + at, value->left - at, &c);
		add_point(text, c, escape);
	}
}
